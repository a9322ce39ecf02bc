"""Hall: what every door needs. Guards, the actor of a request, forms, components, maps, charts.

Not here: pages (doors) and nouns (rooms).
"""
