"""S3: somebody who looks at every page they can reach, source and all, finds nothing of others.

A host, a supporter, a texter, a coach, somebody who only reads, a regional organiser of another
country and an outsider follow every link from where they begin. Words that belong to somebody else
must be nowhere: not in the text, not in a hidden field, not in a header.
"""

from __future__ import annotations

import html
import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.accounts import operations as accounts_ops
from groundswell.events.models import Event, Rsvp
from groundswell.events.operations import messages, proving, rsvps
from groundswell.kernel import clock, scopes
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.kernel.scopes import EVERYWHERE, Scope, ScopeKind
from groundswell.ledger import worker
from groundswell.outreach.operations import conversations
from tests.factories import campaigns, events
from tests.factories import links as link_makers
from tests.running import signing_in

pytestmark = pytest.mark.django_db

BACKEND = "groundswell.accounts.backend.AccountBackend"
MOST_PAGES = 120
# Of supporters and the host: addresses, numbers and family names; each is found in any spelling.
SECRETS = ("amina.canary@", "host.canary@", "7911123456", "7911 123456", "Kestrelova", "Falconeri")
PLACE = "14 Hidden Lane"

_LINK = re.compile(r"""(?:href|action|src)=["']([^"'#]+)""")


class World:
    """An event in somebody's home in Britain, with a supporter who gave everything."""

    def __init__(self) -> None:
        self.campaign = campaigns.live_campaign()
        self.event = events.listed_event(
            self.campaign,
            host="host.canary@example.org",
            place=events.leeds(venue=PLACE, publicity=Event.Publicity.GOING),
        )
        self._name_host()
        self.rsvp = self._guest("amina.canary@example.org", "Kestrelova")
        other = self._guest("bea@example.org", "Jones")
        self.other = other
        messages.message_people(
            event_id=self.event.id, body="Bring a drum.", by=events.host_of(self.event)
        )
        conversations.write_to_host(
            rsvp_id=self.rsvp.id,
            body="Call me: 07911 123456, amina.canary@example.org, Amina Kestrelova",
            by=events.supporter_of(self.rsvp),
        )
        self.far = events.listed_event(self.campaign, host="far@example.org", title="Otra")
        Event.objects.filter(id=self.far.id).update(country="CL")
        worker.run_until_idle()

    def _name_host(self) -> None:
        from groundswell.people.operations import persons

        assert self.event.host is not None
        persons.write_name(self.event.host, "Dolores", "Falconeri")
        persons.attach_phone(person=self.event.host, phone="+447911123457", by=SYSTEM)

    def _guest(self, email: str, family: str) -> Rsvp:
        made = events.signed_up(self.event, email=email, given="Amina", family=family)
        rsvps_of = events.supporter_of(made)
        proving.prove_rsvps(person_id=made.person_id or 0, by=rsvps_of)
        proving.give_phone(rsvp_id=made.id, phone="+447911123456", by=rsvps_of, came_by_link=True)
        made.refresh_from_db()
        assert made.state == rsvps.Rsvp.State.GOING
        return made


@pytest.fixture
def world(db: None, settings: object) -> World:
    return World()


def seat(role: Role, scope: Scope = EVERYWHERE) -> Client:
    account = signing_in.make(f"{role.value}.{scope.id or 'all'}@team.example.org")
    accounts_ops.grant_role(account_id=account.id, role=role, scope=scope, by=SYSTEM)
    client = Client()
    client.force_login(account, backend=BACKEND)
    session = client.session
    now = clock.now().isoformat()
    session["signed_in_at"] = session["mfa_at"] = session["proven_at"] = now
    session.save()
    return client


def crawl(client: Client, starts: list[str]) -> dict[str, str]:
    """Every page that can be reached by links and forms that read, with its headers."""
    todo, seen, pages = deque(starts), set(starts), {}
    while todo and len(pages) < MOST_PAGES:
        path = todo.popleft()
        answer = client.get(path)
        if answer.status_code in {301, 302} and answer["Location"] not in seen:
            seen.add(answer["Location"])
            todo.append(answer["Location"])
        kind = answer.headers.get("Content-Type", "")
        body = b"".join(answer) if answer.streaming else answer.content
        if not kind.startswith(("text/", "application/json")):
            continue
        text = html.unescape(body.decode("utf-8", "replace"))
        pages[path] = f"{dict(answer.headers)}\n{text}"
        for link in _LINK.findall(text):
            target = urlsplit(urljoin(f"http://testserver{path}", link))
            full = target.path + (f"?{target.query}" if target.query else "")
            is_page = target.netloc == "testserver" and not target.path.startswith("/static/")
            # One language and the first pages of a map are enough.
            if is_page and full not in seen and target.path.startswith(("/en/", "/e/", "/c/")):
                if target.query or "sign-out" in full:  # other views of the same pages
                    continue
                seen.add(full)
                todo.append(full)
    return pages


def found(pages: dict[str, str], words: tuple[str, ...]) -> list[str]:
    return [
        f"{path}: {word}"
        for path, text in pages.items()
        for word in words
        if word.lower() in text.lower() and word.lower() not in path.lower()  # what was typed
    ]


def office(world: World) -> list[str]:
    at = [world.campaign.slug]
    names = ("office:events", "office:today", "office:numbers", "office:review")
    starts = [reverse("office:home"), reverse("office:people"), reverse("my_account")]
    event = [world.campaign.slug, world.event.slug]
    return [
        *starts,
        *(reverse(name, args=at) for name in names),
        reverse("office:event", args=event),
        reverse("office:person", args=[world.rsvp.person_id]),
        reverse("office:people") + "?q=amina.canary@example.org",
        reverse("office:people") + "?q=kestrelova",
        reverse("office:people") + "?q=+447911123456",
    ]


def test_an_outsider_finds_nobody(world: World) -> None:
    pages = crawl(
        Client(), [reverse("home"), reverse("campaign", args=[world.campaign.slug]), *office(world)]
    )

    assert len(pages) > 10
    assert found(pages, (*SECRETS, PLACE)) == []


def test_a_host_finds_first_names_only(world: World) -> None:
    token = link_makers.host_token(world.event)
    pages = crawl(Client(), [reverse("my_host", args=[token]), *office(world)])

    assert len(pages) > 8
    assert found(pages, tuple(word for word in SECRETS if word != "Falconeri")) == [
        page for page in found(pages, ("host.canary@",)) if "/my/event/" in page
    ]
    assert found(pages, ("Amina K.",)) != []  # they were on the right pages


def test_a_supporter_finds_nobody_else(world: World) -> None:
    token = link_makers.rsvp_token(world.other)
    pages = crawl(Client(), [reverse("my_rsvp", args=[token]), *office(world)])

    mine = ("7911123456", "7911 123456")  # they gave the same number themselves
    assert found(pages, tuple(word for word in SECRETS if word not in mine)) == []


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.TEXTER, EVERYWHERE),
        (Role.REGIONAL_ORGANISER, scopes.country("CL")),
        (Role.COACH, scopes.country("CL")),
        (Role.READ_ONLY, EVERYWHERE),
        (Role.TRAINER, EVERYWHERE),
        (Role.TEXTING_LEAD, scopes.country("CL")),
        (Role.DATA_MANAGER, scopes.country("CL")),
    ],
    ids=lambda each: str(getattr(each, "value", each)),
)
def test_a_role_finds_what_it_is_for_and_nothing_else(
    world: World, role: Role, scope: Scope
) -> None:
    pages = crawl(seat(role, scope), office(world))

    assert found(pages, (*SECRETS, PLACE)) == []


def test_a_coach_of_the_event_finds_names_and_no_address(world: World) -> None:
    over = scopes.of(ScopeKind.EVENT, world.event.id)
    pages = crawl(seat(Role.COACH, over), office(world))

    assert found(pages, tuple(w for w in SECRETS if w not in {"Kestrelova", "Falconeri"})) == []
    assert found(pages, ("Falconeri",)) != []  # whom they coach has a name


def test_an_organiser_finds_names_and_opens_addresses_one_by_one(world: World) -> None:
    """The control: on the same pages, somebody who may see names sees them."""
    client = seat(Role.ORGANISER)
    pages = crawl(client, office(world))

    assert found(pages, ("Kestrelova",)) != []
    assert found(pages, ("amina.canary@", "7911123456", "7911 123456")) == []
    opened = client.post(reverse("office:person", args=[world.rsvp.person_id]), {"reason": "event"})
    assert "amina.canary@example.org" in opened.content.decode()
