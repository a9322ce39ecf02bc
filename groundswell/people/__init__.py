"""People: persons, how to reach them, what they agreed to. Sealed from the first table on.

Not here: what people did (events, training, pathways) and what is sent to them (outreach).
"""
