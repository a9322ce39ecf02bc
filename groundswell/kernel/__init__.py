"""Ground: the plain ideas every room stands on: actor, clock, ids, facts, refusals, sealing.

It holds no tables and no nouns of the field. It is not a drawer for leftovers.
"""
