"""Door for people about their own things: the host's page, a sign-up, an account.

Opened by a signed link from a mail, or by signing in.
"""
