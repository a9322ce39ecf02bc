"""Outreach: every message to a person, through one outbox with one gate.

Not here: who people are, what they agreed to (people) and what happened (events).
"""
