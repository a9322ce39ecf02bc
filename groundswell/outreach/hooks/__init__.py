"""Other programs that hear what is public here: what they are told, and how it is posted.

Not here: the safe way out by HTTP (kernel/outgoing), signatures (kernel/signed_posts).
"""
