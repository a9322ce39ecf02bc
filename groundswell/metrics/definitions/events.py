"""Numbers about events and their hosts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from groundswell.metrics.definitions.numbers import Amount, Number, Unit, share

NUMBERS = (
    Number(
        "events_listed",
        _("Events on the map"),
        _("Events that were approved and are neither cancelled nor declined, past ones included."),
        Unit.EVENTS,
        lambda all_: Amount(all_.events_listed),
        is_public=True,
    ),
    Number(
        "events_wanted",
        _("Events wanted"),
        _("The goal in the campaign’s plan."),
        Unit.EVENTS,
        lambda all_: Amount(all_.events_wanted) if all_.events_wanted else None,
        is_public=True,
    ),
    Number(
        "events_to_review",
        _("Events waiting for approval"),
        _("Events whose host has proven the e-mail address and that nobody has checked yet."),
        Unit.EVENTS,
        lambda all_: Amount(all_.events_to_review),
    ),
    Number(
        "hosts",
        _("Hosts"),
        _("People who hold at least one event on the map; somebody with three counts once."),
        Unit.HOSTS,
        lambda all_: Amount(all_.hosts),
    ),
    Number(
        "hosts_with_kit",
        _("Hosts who opened the kit"),
        _("Hosts of events on the map who have opened the kit of at least one of them."),
        Unit.HOSTS,
        lambda all_: share(all_.hosts_with_kit, all_.hosts),
    ),
    Number(
        "countries",
        _("Countries"),
        _("Countries with at least one event on the map."),
        Unit.COUNTRIES,
        lambda all_: Amount(all_.countries),
        is_public=True,
    ),
)
