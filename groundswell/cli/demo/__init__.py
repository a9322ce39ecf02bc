"""The demonstration: a small fictional campaign, always two weeks ahead, sent to nobody."""
