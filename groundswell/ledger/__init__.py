"""Ledger: what happened, and what must still be done about it. Audit log, timeline, job queue.

Not here: names, addresses, or sentences about other rooms' nouns (a fact brings its own).
"""
