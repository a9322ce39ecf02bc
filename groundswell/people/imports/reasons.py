"""Why a row was not taken in, or not all of it: codes, and the sentence beside each in the file
to correct."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The row changed nothing.
FAILED: dict[str, str | Promise] = {
    "cut_off": _("The row breaks off in the middle."),
    "too_many_cells": _(
        "The row has more cells than there are columns. Perhaps a comma needs quotation marks."
    ),
    "too_long": _("A cell is longer than 20,000 letters."),
    "nothing": _("There is nothing in this row that can be kept."),
    "no_contact": _("There is no e-mail and no phone number in this row."),
    "no_email": _("The e-mail address is not whole, and there is no other way to reach them."),
    "no_phone": _("There is no such phone number, and no other way to reach them."),
    "another_name": _("Somebody with another name uses this address here."),
    "two_people": _("The addresses in this row belong to different people here."),
}
# The row was taken in without the cell.
LEFT_OUT: dict[str, str | Promise] = {
    "not_an_email": _("One e-mail address is not whole."),
    "not_a_phone": _("There is no such phone number. Begin it with the country code, such as +44."),
    "not_a_name": _("This is no name."),
    "not_a_day": _("This is no day. Write it like 2026-12-05."),
    "not_a_country": _("There is no country of this name."),
    "not_a_language": _("There is no language of this name."),
    "not_a_number": _("This is no number."),
    "not_a_choice": _("This is none of the answers to choose from."),
    "not_yes_or_no": _("Write yes or no."),
    "no_account": _("Nobody of the team has this e-mail address."),
    "no_recruiter": _("Nobody here has the e-mail address of whoever brought them in."),
}
REASONS = {**FAILED, **LEFT_OUT}
