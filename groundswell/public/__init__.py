"""Door for everybody: campaign pages, events, signing up, hosting, signing in.

No account is needed to take part.
"""
