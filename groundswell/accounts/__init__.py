"""Accounts: who may sign in, how they prove it, what role they hold, and the signed links of mails.

Not here: the life of a person (people), or what a role may do to an event (that room's policy).
"""
