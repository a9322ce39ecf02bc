"""A scrubbed copy of the database, for developers: the same shape, and nobody in it.

What happens to a column follows from its privacy class; ``handling`` says how, ``copying`` does it.
"""
