"""People who agreed to news, and members of the team who may take them out."""

from __future__ import annotations

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.campaigns.models import Campaign
from groundswell.events.models import Event
from groundswell.events.operations import proving
from groundswell.kernel.actor import SYSTEM, Actor, Role
from groundswell.people.exports.wishes import USUAL, Wish
from groundswell.people.models import Person
from groundswell.people.operations import exports
from tests.factories import events as make
from tests.running.signing_in import with_app

DOMAIN = "reply.example.org"
WRITER = "news@union.example.org"


def member(email: str, *roles: Role, by: Actor = SYSTEM) -> Actor:
    """Somebody of the team with a second step, who got these roles from ``by``."""
    account = accounts_ops.create_account(
        email=email, name=email.partition("@")[0].title(), roles=roles, by=by
    )
    with_app(account)
    return accounts_queries.actor_of(account)


def agreeing(event: Event, count: int, *, prefix: str = "p") -> list[Person]:
    """So many people with a proven address who agreed to news of the event's campaign."""
    found = []
    for number in range(count):
        rsvp = make.signed_up(
            event,
            email=f"{prefix}{number}@example.net",
            given=f"Given{prefix}{number}",
            family=f"Family{number}",
            wants_campaign_mail=True,
        )
        proving.prove_rsvps(person_id=rsvp.person_id or 0, by=make.supporter_of(rsvp))
        found.append(Person.objects.get(id=rsvp.person_id))
    return found


def wanted(
    campaign: Campaign, *columns: str, reason: str = "Print badges for the day"
) -> exports.Asked:
    """What somebody types into the form."""
    return exports.Asked(
        wish=Wish(campaign_id=campaign.id),
        columns=columns or USUAL,
        reason="Print badges for the day",
        writes_from=WRITER,
    )
