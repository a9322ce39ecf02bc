"""What outreach does when something happened below: it writes messages and posts, nothing else.

Each reaction runs in its job's transaction and takes its dedupe keys from the ledger entry, so
one that runs twice writes one message.
"""

from groundswell.outreach.reactions.accounts import (
    account_invited,
    owners_told,
    panic_lock,
    sign_in_code_asked,
    way_in_changed,
)
from groundswell.outreach.reactions.events import (
    concerns_settled,
    event_cancelled,
    event_changed,
    event_declined,
    event_hosted,
    event_lapsed,
    event_let_in,
    event_listed,
    host_asked,
    host_messaged,
)
from groundswell.outreach.reactions.exports import (
    export_agreed,
    export_asked,
    export_fetched,
    export_leaked,
)
from groundswell.outreach.reactions.hooks import programs_told
from groundswell.outreach.reactions.people import (
    data_asked,
    forgetting_near,
    form_filled,
    host_cut_off,
    new_address_asked,
    people_cut_off,
)
from groundswell.outreach.reactions.sign_ups import (
    email_proved,
    rsvp_cancelled,
    rsvp_held,
    rsvp_made,
    rsvp_repeated,
    seat_promoted,
)

__all__ = [
    "account_invited",
    "concerns_settled",
    "data_asked",
    "email_proved",
    "event_cancelled",
    "event_changed",
    "event_declined",
    "event_hosted",
    "event_lapsed",
    "event_let_in",
    "event_listed",
    "export_agreed",
    "export_asked",
    "export_fetched",
    "export_leaked",
    "forgetting_near",
    "form_filled",
    "host_asked",
    "host_cut_off",
    "host_messaged",
    "new_address_asked",
    "owners_told",
    "panic_lock",
    "people_cut_off",
    "programs_told",
    "rsvp_cancelled",
    "rsvp_held",
    "rsvp_made",
    "rsvp_repeated",
    "seat_promoted",
    "sign_in_code_asked",
    "way_in_changed",
]
