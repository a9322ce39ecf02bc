"""Campaigns: what we do together, its words in every language, and the kit that hosts receive.

Not here: the events people hold (events) and what is mailed about them (outreach).
"""
