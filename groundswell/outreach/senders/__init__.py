"""Senders: one folder for each way out of the house. ``current`` is the one in use."""

from groundswell.outreach.senders.choice import current
from groundswell.outreach.senders.contract import Outcome, Result, Sender

__all__ = ["Outcome", "Result", "Sender", "current"]
