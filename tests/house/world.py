"""A small world for the authorisation matrix: who asks, and what they may ask for.

A new address needs nothing here unless its path has a part that nobody supplies yet; the matrix
then says which one.
"""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from PIL import Image

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.models import Account, Session
from groundswell.accounts.operations import links
from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign, Picture
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import drafts, reviewing
from groundswell.kernel import actor, clock, scopes
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.kernel.ids import new_id, new_slug
from groundswell.kernel.scopes import EVERYWHERE, ScopeKind
from groundswell.outreach import stopping
from groundswell.outreach.models import ShownMail
from groundswell.outreach.operations import aliases, conversations, hooks
from groundswell.people.exports.wishes import Wish
from groundswell.people.models import Consent, Export, Form, NewAddress
from groundswell.people.operations import new_address, segments
from groundswell.people.segments import reading
from groundswell.places import operations as place_ops
from groundswell.site import operations as site_ops
from groundswell.site import vault
from tests.factories import events as make
from tests.factories import forms, profiles
from tests.factories.campaigns import live_campaign
from tests.factories.imports import a_list
from tests.house.routes import Route
from tests.running import signing_in
from tests.running.passkey import SoftwarePasskey

ABSENT_NUMBER, HUGE_NUMBER, HUGE_WORD = 2**40 + 7, 10**30, "x" * 3000
NEAR, FAR = "GB", "NZ"  # the country of our event, and of somebody else's
BACKEND = "groundswell.accounts.backend.AccountBackend"


class Whose(StrEnum):
    """Which object a part of the path names."""

    OWN = "own"  # what this address is for
    FOREIGN = "foreign"  # somebody else's, or not meant to be seen here
    ABSENT = "absent"  # there is no such thing
    HUGE = "huge"  # longer than any database can hold


class Token(StrEnum):
    """What the link in the path is."""

    OWN = "own link"
    ANOTHERS = "another's link"
    EXPIRED = "expired link"
    TAMPERED = "tampered link"
    OTHER_PURPOSE = "link for something else"
    NONSENSE = "no link at all"

    @property
    def is_open(self) -> bool:
        return self in {Token.OWN, Token.ANOTHERS}


class Where(StrEnum):
    """Over what somebody holds a role."""

    EVERYTHING = "everywhere"
    CAMPAIGN = "our campaign"
    HERE = "the country of our event"
    ELSEWHERE = "another country"
    EVENT = "our event"


@dataclass
class Asker:
    """Somebody who asks: a browser, and what the house should know about it."""

    name: str
    client: Client
    is_signed_in: bool = False
    roles: frozenset[Role] = frozenset()
    has_second_step: bool = False
    account: Account | None = None
    where: Where = Where.EVERYTHING
    is_fresh: bool = True
    is_one_of_many: bool = False  # of the table of all roles and what they are held over

    @property
    def is_scoped(self) -> bool:
        return self.where is not Where.EVERYTHING


@dataclass
class World:
    """Two of each noun; the first is our own."""

    askers: list[Asker]
    campaigns: tuple[Campaign, Campaign]
    events: tuple[Event, Event]
    event_elsewhere: Event  # of another campaign
    rsvps: tuple[Rsvp, Rsvp]
    picture: Picture
    tokens: dict[tuple[str, Token], str]
    passkey_ids: tuple[int, int]
    session_ids: tuple[int, int]
    stops: tuple[str, str]
    mail_ids: tuple[int, int]
    member_ids: tuple[int, int]  # a texter of our country, and of another
    person_ids: tuple[int, int]  # signed up for our event, and for one in another country
    region_ids: tuple[int, int]
    import_slugs: tuple[str, str]  # a file that waits, and none
    export_slugs: tuple[str, str]  # somebody's that waits, and none
    segment_ids: tuple[int, int]  # a shared one, and one that only its maker sees
    hook_slugs: tuple[str, str]  # a program that hears us, and none
    form_slugs: tuple[str, str]  # one that is open, and none
    lead_keys: tuple[str, str]  # a service whose leads come into it, and none
    conversation_ids: tuple[int, int]  # ours was reported; nothing happened in the other
    known: profiles.Known  # what stands on the profile of who signed up for our event

    def parts(self, route: Route, changed: Mapping[str, Whose], token: Token) -> dict[str, Any]:
        """The parts of a path: our own things, except where ``changed`` says otherwise."""
        return {
            name: _supplier(route, name)(self, route, changed.get(name, Whose.OWN), token)
            for name in route.parts
        }


def build() -> World:
    """The world, made by the operations that the pages call."""
    ours, other = live_campaign(), _draft_campaign()
    site_ops.set_safeguards(
        forms="auto", security_contact="safe@example.org", security_policy="", by=SYSTEM
    )
    region = place_ops.put_region(name="Islands", countries=["GB", "IE"], by=SYSTEM)
    our_event = make.listed_event(ours)
    their_event = make.waiting_event(ours, host="other.host@example.org", title="Other stop")
    reviewing.decline(event_id=their_event.id, words="Not this one.", by=SYSTEM)
    their_event.refresh_from_db()
    our_rsvp = make.signed_up(our_event, email="amina@example.org")
    elsewhere = make.listed_event(ours, host="third.host@example.org", title="Third stop")
    their_rsvp = make.signed_up(elsewhere, email="bea@example.org")
    far = make.listed_event(live_campaign("Trains"), host="fourth@example.org")
    far_rsvp = make.signed_up(far, email="carla@example.org")
    Event.objects.filter(id=far.id).update(country=FAR)
    askers = _askers() + _everybody_with_a_role(our_event)
    account = next(one.account for one in askers if one.name == "account")
    assert account is not None
    form = forms.open_form()
    return World(
        askers=askers,
        campaigns=(ours, other),
        events=(our_event, their_event),
        event_elsewhere=far,
        rsvps=(our_rsvp, their_rsvp),
        picture=_picture(ours),
        tokens=_tokens(ours, (our_event, elsewhere), (our_rsvp, their_rsvp), account, form),
        passkey_ids=_passkeys(account),
        session_ids=_sessions(account),
        stops=(_stop(our_rsvp), _stop(their_rsvp)),
        mail_ids=(_shown_mail(), _shown_mail()),
        member_ids=(_texter(NEAR), _texter(FAR)),
        person_ids=(_person(our_rsvp), _person(far_rsvp)),
        region_ids=(region.id, ABSENT_NUMBER),
        export_slugs=(_export(account), "absent22"),
        segment_ids=(_segment(is_shared=True), _segment(is_shared=False)),
        import_slugs=(a_list().slug, "absent22"),
        hook_slugs=(_hook(), "absent22"),
        form_slugs=(form.slug, "absent22"),
        lead_keys=(forms.lead_source(form).key, "absent22"),
        conversation_ids=(_reported(our_rsvp), _begun(their_rsvp)),
        known=profiles.known(_person(our_rsvp)),
    )


def _segment(*, is_shared: bool) -> int:
    maker = actor.account(ABSENT_NUMBER, [Role.OWNER])
    rows = [reading.start(reading.Whom.LOOK)]
    kept = segments.Kept(name=f"Shared: {is_shared}", is_shared=is_shared)
    return segments.begin(kept=kept, rows=rows, by=maker).id


def _person(rsvp: Rsvp) -> int:
    assert rsvp.person_id is not None
    return rsvp.person_id


def _export(account: Account) -> str:
    """Somebody wants to take people out, and it waits for a word."""
    row = Export(
        id=new_id(),
        slug=new_slug(),
        account_id=account.id,
        columns=["given_name"],
        wish=Wish().as_json(),
        has_addresses=False,
        writes_from=b"",
        people_count=60,
        state=Export.State.ASKED,
        asked_at=clock.now(),
    )
    row.reason_sealed = vault.seal(row, "reason_sealed", "Badges", key_id=vault.house_key_id())
    row.save(force_insert=True)
    return row.slug


def _hook() -> str:
    """A program that hears what is public."""
    hook, _secret = hooks.add(
        name="Our website", address="https://hooks.example.org/x", hears=["event.listed"], by=SYSTEM
    )
    return hook.slug


def _texter(country: str) -> int:
    """Somebody of the team whose role lies in one country."""
    account = signing_in.make(f"texter.{country.lower()}@example.org")
    accounts_ops.grant_role(
        account_id=account.id, role=Role.TEXTER, scope=scopes.country(country), by=SYSTEM
    )
    return account.id


def _draft_campaign() -> Campaign:
    plan = campaign_ops.Plan(
        organisation="Elsewhere",
        action_on=date(2026, 3, 21),
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 3, 31),
        languages=["en"],
    )
    return campaign_ops.start_campaign(plan=plan, title="Not public yet", by=SYSTEM)


def _picture(campaign: Campaign) -> Picture:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 80, 40)).save(file, "PNG")
    return campaign_ops.put_picture(
        campaign=campaign,
        kind="logo",
        language="",
        raw=file.getvalue(),
        description="A bus",
        by=SYSTEM,
    )


# --- who asks ----------------------------------------------------------------------------------


def _askers() -> list[Asker]:
    office = frozenset({Role.ORGANISER})
    owner = frozenset({Role.OWNER})
    found = [
        Asker("visitor", Client()),
        _signed_in("account", frozenset(), second_step=False),
        _signed_in("organiser without second step", office, second_step=False),
        _signed_in("organiser", office, second_step=True),
        _signed_in("owner without second step", owner, second_step=False),
        _signed_in("owner", owner, second_step=True),
        _signed_in("owner since this morning", owner, second_step=True, is_fresh=False),
    ]
    found += [_after("closed account", _close), _after("ended session", _end_sessions)]
    found += [_after("new stamp", _sign_out_everywhere), _halfway()]
    demoted = _signed_in("former organiser", office, second_step=True)
    assert demoted.account is not None
    accounts_ops.end_grant(account_id=demoted.account.id, role=Role.ORGANISER, by=SYSTEM)
    demoted.roles = frozenset()
    return [*found, demoted]


def _everybody_with_a_role(event: Event) -> list[Asker]:
    """Every role over everything, our campaign, our event and its country, and another one."""
    over = {
        Where.EVERYTHING: EVERYWHERE,
        Where.CAMPAIGN: scopes.of(ScopeKind.CAMPAIGN, event.campaign_id),
        Where.HERE: scopes.country(NEAR),
        Where.ELSEWHERE: scopes.country(FAR),
        Where.EVENT: scopes.of(ScopeKind.EVENT, event.id),
    }
    found = []
    for role, (where, scope) in itertools.product(Role, over.items()):
        if role == Role.OWNER:  # runs everything, and is among the others
            continue
        asker = _signed_in(f"{role.value} {where.value}", frozenset(), second_step=True)
        assert asker.account is not None
        accounts_ops.grant_role(account_id=asker.account.id, role=role, scope=scope, by=SYSTEM)
        asker.roles, asker.where = frozenset({role}), where
        asker.is_one_of_many = True
        found.append(asker)
    return found


def _signed_in(
    name: str, roles: frozenset[Role], *, second_step: bool, is_fresh: bool = True
) -> Asker:
    account = signing_in.make(f"{name.replace(' ', '.')}@example.org", *roles)
    client = Client()
    client.force_login(account, backend=BACKEND)
    session = client.session
    session["signed_in_at"] = clock.now().isoformat()
    if second_step:
        session["mfa_at"] = clock.now().isoformat()
    if second_step and is_fresh:
        session["proven_at"] = clock.now().isoformat()
    session.save()
    return Asker(name, client, True, roles, second_step, account, is_fresh=is_fresh)


def _after(name: str, happened: Callable[[Account], None]) -> Asker:
    """An owner's browser whose right to anything ended a moment ago."""
    asker = _signed_in(name, frozenset({Role.OWNER}), second_step=True)
    assert asker.account is not None
    happened(asker.account)
    return Asker(name, asker.client)


def _close(account: Account) -> None:
    accounts_ops.close_account(account_id=account.id, by=SYSTEM)


def _end_sessions(account: Account) -> None:
    Session.objects.filter(account=account).delete()


def _sign_out_everywhere(account: Account) -> None:
    Account.objects.filter(id=account.id).update(stamp="another")


def _halfway() -> Asker:
    """The first step of signing in is done, the second is not: still a visitor."""
    account = signing_in.make("halfway@example.org", Role.OWNER)
    client = Client()
    session = client.session
    until = clock.now() + timedelta(minutes=10)
    session["half_signed_in"] = {"account_id": account.id, "until": until.isoformat()}
    session.save()
    client.cookies["session"] = session.session_key
    return Asker("halfway signed in", client)


# --- links -------------------------------------------------------------------------------------


def _tokens(
    campaign: Campaign,
    events: tuple[Event, Event],
    rsvps: tuple[Rsvp, Rsvp],
    account: Account,
    form: Form,
) -> dict[tuple[str, Token], str]:
    found: dict[tuple[str, Token], str] = {}
    things: dict[str, list[tuple[int | None, int]]] = {
        "host": [(event.host_id, event.id) for event in events],
        "rsvp": [(rsvp.person_id, rsvp.id) for rsvp in rsvps],
        "sign_in": [(None, account.id), (None, account.id)],
        "data": [(rsvp.person_id, 0) for rsvp in rsvps],
        "prove": [(rsvp.person_id, _waiting_address(rsvp)) for rsvp in rsvps],
        "form": [
            (entry.person_id, entry.id)
            for entry in (forms.entry(form, f"{name}@example.org") for name in ("dara", "eli"))
        ],
    }
    for purpose, (own, anothers) in things.items():
        found[purpose, Token.OWN] = _link(purpose, *own)
        found[purpose, Token.ANOTHERS] = _link(purpose, *anothers)
        found[purpose, Token.EXPIRED] = _link(purpose, *own, days=-1)
    begin = {"kind": "meeting"}
    for which in (Token.OWN, Token.ANOTHERS):
        found["wizard", which] = drafts.begin(campaign=campaign, answers=begin, by=VISITOR)
    found["wizard", Token.EXPIRED] = _link("wizard", None, 1, days=-1)
    for purpose in (*things, "wizard"):
        good = found[purpose, Token.OWN]
        found[purpose, Token.TAMPERED] = good[:-2] + ("AA" if good[-2:] != "AA" else "BB")
        other = "rsvp" if purpose != "rsvp" else "host"
        found[purpose, Token.OTHER_PURPOSE] = _link(other, *things[other][0])
        found[purpose, Token.NONSENSE] = "x"
    return found


def _link(purpose: str, person_id: int | None, object_id: int, *, days: int = 30) -> str:
    return links.make_link(
        purpose=purpose,
        person_id=person_id,
        object_id=object_id,
        expires_at=clock.now() + timedelta(days=days),
    )


def _waiting_address(rsvp: Rsvp) -> int:
    """A new address that the person has asked for."""
    assert rsvp.person_id is not None
    new_address.ask_new_address(
        person_id=rsvp.person_id,
        email=f"new.{rsvp.person_id}@example.org",
        by=actor.person(rsvp.person_id),
    )
    return NewAddress.objects.values_list("id", flat=True).get(person_id=rsvp.person_id)


def _stop(rsvp: Rsvp) -> str:
    assert rsvp.person_id is not None
    return stopping.sign(stopping.Stop(rsvp.person_id, Consent.Purpose.EVENT, rsvp.event_id))


def _begun(rsvp: Rsvp) -> int:
    """A conversation in which nobody has said anything yet."""
    assert rsvp.person_id is not None
    talk = aliases.open_conversation(event=rsvp.event, person_id=rsvp.person_id)
    assert talk is not None
    return talk.id


def _reported(rsvp: Rsvp) -> int:
    talk_id = _begun(rsvp)
    conversations.report(conversation_id=talk_id, by=make.supporter_of(rsvp))
    return talk_id


def _shown_mail() -> int:
    """A mail of the demonstration's outbox."""
    row = ShownMail(
        provider_ref=new_slug(20), kind="rsvp_confirmed", language="en", shown_at=clock.now()
    )
    told = {"to": "a@example.org", "sender": "Us", "subject": "Hello", "text": "Hi", "html": "Hi"}
    told |= {"calendar": "", "headers": {}}
    row.mail_sealed = vault.seal(row, "mail_sealed", json.dumps(told), key_id=vault.house_key_id())
    row.save(force_insert=True)
    return row.id


def _passkeys(account: Account) -> tuple[int, int]:
    """A passkey of the account, and one of somebody else."""
    other = signing_in.make("other.account@example.org")
    for one in (account, other):
        signing_in.with_passkey(one, SoftwarePasskey(signing_in.HERE))
    found = Authenticator.objects.filter(type="webauthn")
    return found.get(user=account).pk, found.get(user=other).pk


def _sessions(account: Account) -> tuple[int, int]:
    own = Session.objects.filter(account=account).values_list("id", flat=True)
    other = Session.objects.exclude(account=account).exclude(account=None)
    return own[0], other.values_list("id", flat=True)[0]


# --- parts of paths ----------------------------------------------------------------------------

Supplier = Callable[[World, Route, Whose, Token], Any]


def _of_two(pick: Callable[[World], tuple[Any, Any]]) -> Supplier:
    def supply(world: World, route: Route, whose: Whose, token: Token) -> Any:
        own, foreign = pick(world)
        nowhere: dict[Whose, Any] = (
            {Whose.ABSENT: ABSENT_NUMBER, Whose.HUGE: HUGE_NUMBER}
            if isinstance(own, int)
            else {Whose.ABSENT: "no-such-thing", Whose.HUGE: HUGE_WORD}
        )
        return {Whose.OWN: own, Whose.FOREIGN: foreign, **nowhere}[whose]

    return supply


def _word(own: str) -> Supplier:
    """A part that names no row: only the right word exists."""
    return _of_two(lambda world: (own, "no-such-thing"))


def _token(world: World, route: Route, whose: Whose, token: Token) -> str:
    guard = route.guard.name if route.guard else ""
    purpose = guard if (guard, Token.OWN) in world.tokens else "sign_in"
    return world.tokens[purpose, token]


_campaign = _of_two(lambda world: (world.campaigns[0].slug, world.campaigns[1].slug))
_event = _of_two(lambda world: (world.events[0].slug, world.events[1].slug))

# By the words before the part and its name, or by its name alone.
SUPPLIERS: dict[str, Supplier] = {
    "e/slug": _event,
    "slug": _campaign,
    "event_slug": _of_two(lambda world: (world.events[0].slug, world.event_elsewhere.slug)),
    "digest": _of_two(lambda world: (world.picture.digest, "0" * 32)),
    "rsvp_id": _of_two(lambda world: (world.rsvps[0].id, world.rsvps[1].id)),
    "passkey_id": _of_two(lambda world: world.passkey_ids),
    "session_id": _of_two(lambda world: world.session_ids),
    "signed": _of_two(lambda world: world.stops),
    "token": _token,
    "code": _word("en"),
    "section": _word("types"),
    "step": _word("kind"),
    "conversation_id": _of_two(lambda world: world.conversation_ids),
    "mail_id": _of_two(lambda world: world.mail_ids),
    "account_id": _of_two(lambda world: world.member_ids),
    "person_id": _of_two(lambda world: world.person_ids),
    "hook_slug": _of_two(lambda world: world.hook_slugs),
    "form_slug": _of_two(lambda world: world.form_slugs),
    "question_key": _word("job"),
    "source_code": _word("ads"),
    "lead_key": _of_two(lambda world: world.lead_keys),
    "export_slug": _of_two(lambda world: world.export_slugs),
    "contact_id": _of_two(lambda world: (world.known.contact_id, ABSENT_NUMBER)),
    "note_id": _of_two(lambda world: (world.known.note_id, ABSENT_NUMBER)),
    "field_id": _of_two(lambda world: (world.known.field_id, ABSENT_NUMBER)),
    "view_id": _of_two(lambda world: (world.known.view_id, ABSENT_NUMBER)),
    "act_id": _of_two(lambda world: (world.known.act_id, ABSENT_NUMBER)),
    "topic_id": _of_two(lambda world: (world.known.topic_id, ABSENT_NUMBER)),
    "segment_id": _of_two(lambda world: world.segment_ids),
    "import_slug": _of_two(lambda world: world.import_slugs),
    "region_id": _of_two(lambda world: world.region_ids),
    "seat": _word("host"),
}


def _supplier(route: Route, name: str) -> Supplier:
    before = route.pattern.split(f":{name}>")[0].rpartition("<")[0].strip("/").rpartition("/")[2]
    found = SUPPLIERS.get(f"{before}/{name}") or SUPPLIERS.get(name)
    if found is None:
        raise LookupError(
            f"nothing supplies the part {name!r} of {route.pattern!r}: add it to SUPPLIERS"
        )
    return found
