"""Finding people inside of what somebody sees: by a whole address, a whole number, a name."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import fold
from groundswell.people import contacts, search_names, sight
from groundswell.people.models import Contact, Person
from groundswell.people.sockets import Depth
from groundswell.site import vault


def find(text: str, *, by: Actor, country: str = "") -> QuerySet[Person]:
    """People whom ``by`` sees by name, the latest active first.

    ``text`` is an e-mail address, a phone number (read as of ``country`` without a prefix), or
    the beginning of the words of a name; in a high-risk installation the whole name. An address
    finds only somebody whose address the actor may open: who may not see it cannot ask whether
    it is known.
    """
    named = sight.listed(sight.visible_to(by, at_least=Depth.NAME))
    folded = fold(text)
    if not folded:
        return named.order_by("-last_active_on", "-id")
    blind = _blind(text, country)
    if blind is not None:
        reached = sight.visible_to(by, at_least=Depth.CONTACT)
        owners = Contact.objects.filter(blind=blind).values("person_id")
        return reached.filter(id__in=owners).order_by("-id")
    if settings.GROUNDSWELL_HIGH_RISK:  # only the whole name, as it was written
        return named.filter(nameblind__blind=vault.blind("name", folded[:200])).order_by("-id")
    return search_names.having(named, folded).order_by("-last_active_on", "-id")


def _blind(text: str, country: str) -> bytes | None:
    """The blind index of a whole address or number; None: it is neither."""
    try:
        if "@" in text:
            return contacts.blind_email(contacts.normalised_email(text))
        if sum(letter.isdigit() for letter in text) >= 6:
            return vault.blind("phone", contacts.normalised_phone(text, country=country))
    except Refusal:
        return None
    return None
