"""What outreach does when something happened below: it writes messages, and nothing else.

Each reaction runs in its job's transaction and takes its dedupe keys from the ledger entry, so
one that runs twice writes one message.
"""

from groundswell.outreach.reactions.accounts import (
    account_invited,
    sign_in_code_asked,
    way_in_changed,
)
from groundswell.outreach.reactions.events import (
    event_cancelled,
    event_changed,
    event_declined,
    event_hosted,
    event_lapsed,
    event_listed,
    host_asked,
    host_messaged,
)
from groundswell.outreach.reactions.sign_ups import (
    email_proved,
    rsvp_cancelled,
    rsvp_made,
    rsvp_repeated,
    seat_promoted,
)

__all__ = [
    "account_invited",
    "email_proved",
    "event_cancelled",
    "event_changed",
    "event_declined",
    "event_hosted",
    "event_lapsed",
    "event_listed",
    "host_asked",
    "host_messaged",
    "rsvp_cancelled",
    "rsvp_made",
    "rsvp_repeated",
    "seat_promoted",
    "sign_in_code_asked",
    "way_in_changed",
]
