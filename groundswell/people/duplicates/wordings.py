"""Why two records look like one person, in words for whoever decides."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.people.duplicates.scoring import Reason

REASONS: Mapping[str, Promise] = {
    Reason.SAME_NAME: _("The same name"),
    Reason.NICKNAME: _("Two forms of one name"),
    Reason.NEAR_NAME: _("Nearly the same name"),
    Reason.INITIAL: _("One name is the first letter of the other"),
    Reason.SWAPPED_NAMES: _("Given and family name the other way round"),
    Reason.OTHER_LETTERS: _("The same name in other letters"),
    Reason.OTHER_NAME: _("A different name"),
    Reason.SAME_EMAIL: _("The same mailbox"),
    Reason.NEAR_EMAIL: _("Nearly the same e-mail address"),
    Reason.SAME_PHONE: _("The same phone number"),
    Reason.SAME_BIRTHDAY: _("Born on the same day"),
    Reason.SWAPPED_BIRTHDAY: _("Day and month of birth the other way round"),
    Reason.NEAR_BIRTHDAY: _("Nearly the same birth date"),
    Reason.OTHER_BIRTHDAY: _("Born on different days"),
    Reason.SAME_STREET: _("The same street and number"),
    Reason.NEAR_STREET: _("Nearly the same street"),
    Reason.SAME_TOWN: _("The same town"),
    Reason.SAME_POSTCODE: _("The same postcode"),
}
AGAINST = frozenset({Reason.OTHER_NAME.value, Reason.OTHER_BIRTHDAY.value})


def sentences(codes: list[str]) -> list[tuple[str, bool]]:
    """Each reason in words, and whether it speaks for one person; codes of other versions are
    left out."""
    return [(str(REASONS[code]), code not in AGAINST) for code in codes if code in REASONS]
