"""Delivery: claims messages, passes each through the gate, hands it over, writes what came of it.

READY → CLAIMED → HANDING_OVER → SENT, READY with back-off, FAILED, UNKNOWN, CANCELLED.
``deliver_round`` is plugged into the worker (config/wiring.py).
"""

from groundswell.outreach.delivery.invented import set_aside_invented
from groundswell.outreach.delivery.rounds import deliver_round

__all__ = ["deliver_round", "set_aside_invented"]
