"""``./dev bench attack``: everything that a stranger can send, sent by the hundred thousand.

One world in a fresh installation (the one that the authorisation matrix stands in), every input
found rather than listed, and each request undone, so that all of them meet the same world and no
limit of ours stops the next. What counts is what became of an input: a page whose structure
changed, somebody else's thing that was shown, a link that opened though it was changed, a header
too many, a file kept as it was sent, a row that a form had no business to change.
"""
