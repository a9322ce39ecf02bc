"""The shelf: mail that never leaves the house, shown on the outbox page of a demonstration."""
