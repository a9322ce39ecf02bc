"""What people read when they agreed. A wording never changes; a new one gets a new number.

The consent ledger stores the key, so years later anybody can see the exact sentence.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDINGS: dict[str, Promise] = {
    "rsvp-event-1": _(
        "By pressing the button you agree that we e-mail you about this event: "
        "a confirmation, reminders and changes."
    ),
    "rsvp-campaign-1": _(
        "Yes, e-mail me now and then about this campaign. I can stop it with one tap."
    ),
    "topic-email-1": _("Yes, e-mail me about this now and then. I can stop it with one tap."),
    "topic-text-1": _("Yes, text me about this now and then. I can stop it by answering STOP."),
    "host-1": _(
        "By publishing you agree that we e-mail you about your event: "
        "your link, who is coming, and what helps you to hold it."
    ),
    "form-news-1": _("Yes, e-mail me now and then. I can stop it with one tap."),
    # Nobody here knows the words of earlier lists; these say how we came to know.
    "import-list-1": _("You signed up to an earlier list of ours, and we brought it here."),
    "import-paper-1": _("You signed a paper form of ours, and we typed it in."),
    "import-event-1": _("You told us at an event that we may write to you."),
    "import-partner-1": _("A partner passed your address on to us, with your permission."),
    "replay-1": _("Invented for a replay of a past day of action. Nothing is ever sent."),
    "demo-1": _("Invented for the demonstration. Nothing is ever sent."),
}

# Where consents of invented people come from: whatever they are said to have agreed to, they read
# this and nothing else.
INVENTED: dict[str, str] = {"replay": "replay-1", "demo": "demo-1"}
