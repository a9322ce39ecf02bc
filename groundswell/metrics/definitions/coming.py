"""Numbers about the people who sign up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundswell.metrics.definitions.numbers import Amount, Number, Unit, share

NUMBERS = (
    Number(
        "people_coming",
        _("People coming"),
        _("Seats taken at events on the map, with everybody that people bring."),
        Unit.PEOPLE,
        lambda all_: Amount(all_.seats_taken),
        is_public=True,
    ),
    Number(
        "sign_ups",
        _("Sign-ups"),
        _("Sign-ups for events on the map, going or on a waiting list; cancelled ones are out."),
        Unit.SIGN_UPS,
        lambda all_: Amount(all_.sign_ups),
    ),
    Number(
        "proven",
        _("Addresses proven"),
        _("Of the people who are coming, those whose e-mail address was proven by a link."),
        Unit.SHARE,
        lambda all_: share(all_.proven, all_.going),
    ),
    Number(
        "new_to_us",
        _("New to us"),
        _("Of the sign-ups, those by somebody whom we had never met before."),
        Unit.SHARE,
        lambda all_: share(all_.first_timers, all_.sign_ups),
        is_public=True,
    ),
    Number(
        "confirmed",
        _("Confirmed they’re coming"),
        _("Of the people who are coming, those who said so again when we asked the day before."),
        Unit.SHARE,
        lambda all_: share(all_.confirmed, all_.going),
    ),
    Number(
        "waiting",
        _("On waiting lists"),
        _("Sign-ups that wait for a free place at an event on the map."),
        Unit.SIGN_UPS,
        lambda all_: Amount(all_.parties_waiting),
    ),
)
