"""Door for organisers: what needs a person today, events, review, campaigns, numbers.

The office is the admin; there is no other.
"""
