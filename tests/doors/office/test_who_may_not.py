"""Nobody but the team stands in the office, and only owners see the installation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts.models import Link
from groundswell.events.operations import proving
from groundswell.kernel import actor as actors
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, Role
from groundswell.kernel.ids import new_slug
from groundswell.ledger.models import Entry
from groundswell.office import urls
from groundswell.outreach.operations import conversations, hooks
from groundswell.people.exports.wishes import Wish
from groundswell.people.models import Export
from groundswell.people.operations import segments
from groundswell.people.segments import reading
from groundswell.places import operations as place_ops
from tests.factories import campaigns, events, forms, profiles
from tests.factories.imports import a_list

pytestmark = pytest.mark.django_db

OWNERS_ONLY = {
    "health",
    "log",
    "log_csv",
    "unlock",
    "member_sign_out",
    "member_close",
    "regions",
    "region_add",
    "region",
    "retention",
    "discreet",
    "safeguards",
    "person_erase",
    "question",
    "question_add",
    "questions",
    "topic",
    "topic_add",
    "programs",
    "program_add",
    "program",
    "exports",
    "export_add",
    "export",
    "export_file",
    "imports",
    "import_add",
    "import",
    "import_columns",
    "import_errors",
}
# Their maker's, and data managers'.
SOMEBODY_ELSES = {"people_act", "people_view"}
# Pages that only take what a form of another page sends, and one that leads on.
LEADS_BACK = {
    "people_many",
    "person_tie_end",
    "role_end",
    "member_sign_out",
    "export_file",
    "segment_new",
}


def addresses(campaign: Any, event: Any) -> dict[str, str]:
    """Every address of the office, by the name of its page."""
    person_id = events.signed_up(event).person_id or 0
    known = profiles.known(person_id)
    form = forms.open_form()
    parts = {
        "slug": campaign.slug,
        "event_slug": event.slug,
        "code": "en",
        "section": "types",
        "account_id": _texter(),
        "conversation_id": _reported(event),
        "hook_slug": _hook(),
        "export_slug": _export(),
        "form_slug": form.slug,
        "question_key": "job",
        "source_code": "ads",
        "lead_key": forms.lead_source(form).key,
        "person_id": person_id,
        "contact_id": known.contact_id,
        "note_id": known.note_id,
        "field_id": known.field_id,
        "topic_id": known.topic_id,
        "view_id": known.view_id,
        "act_id": known.act_id,
        "segment_id": _segment(),
        "import_slug": a_list().slug,
        "region_id": place_ops.put_region(name="Islands", countries=["GB"], by=SYSTEM).id,
    }
    found = {}
    for pattern in urls.urlpatterns:
        wanted = pattern.pattern.converters
        found[pattern.name] = reverse(
            f"office:{pattern.name}", kwargs={name: parts[name] for name in wanted}
        )
    return found


def _segment() -> int:
    maker = actors.account(1, [Role.OWNER])
    rows = [reading.start(reading.Whom.LOOK)]
    return segments.begin(kept=segments.Kept(name="Everybody"), rows=rows, by=maker).id


def _hook() -> str:
    hook, _secret = hooks.add(
        name="Our website", address="https://hooks.example.org/", hears=["event.listed"], by=SYSTEM
    )
    return hook.slug


def _export() -> str:
    row = Export.objects.create(
        slug=new_slug(),
        account_id=1,
        columns=["given_name"],
        wish=Wish().as_json(),
        has_addresses=False,
        writes_from=b"",
        people_count=60,
        state=Export.State.ASKED,
        asked_at=clock.now(),
    )
    return row.slug


def _reported(event: Any) -> int:
    rsvp = events.signed_up(event)
    by = events.supporter_of(rsvp)
    proving.prove_rsvps(person_id=rsvp.person_id or 0, by=by)
    line = conversations.write_to_host(rsvp_id=rsvp.id, body="Is it safe?", by=by)
    conversations.report(conversation_id=line.conversation_id, by=by)
    return line.conversation_id


def _texter() -> int:
    account = accounts_ops.create_account(
        email="texter@example.org", name="Tariq", roles=[Role.TEXTER], by=SYSTEM
    )
    return account.id


@pytest.fixture
def pages(db: None) -> dict[str, str]:
    event = events.waiting_event(campaigns.live_campaign())
    return addresses(event.campaign, event)


def test_visitors_are_sent_to_sign_in(pages: dict[str, str], client: Client) -> None:
    answers = {name: client.get(address) for name, address in pages.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        pages, 302
    )
    assert {answer["Location"].split("?")[0] for answer in answers.values()} == {reverse("sign_in")}


def test_signed_in_without_a_role_finds_nothing(pages: dict[str, str], sit: Any) -> None:
    nobody = sit()

    assert {name: nobody.get(address).status_code for name, address in pages.items()} == (
        dict.fromkeys(pages, 404)
    )


def test_organiser_without_a_second_step_is_sent_to_set_one_up(
    pages: dict[str, str], sit: Any
) -> None:
    half = sit("organiser", has_second_step=False)

    answers = {name: half.get(address) for name, address in pages.items()}

    assert {
        name: answer.get("Location", answer.status_code) for name, answer in answers.items()
    } == {name: 404 if name in OWNERS_ONLY else reverse("my_second_step") for name in pages}


def test_organiser_opens_every_page_but_the_owners(pages: dict[str, str], sit: Any) -> None:
    organiser = sit("organiser")

    assert {name: organiser.get(address).status_code for name, address in pages.items()} == {
        name: 404 if name in OWNERS_ONLY | SOMEBODY_ELSES else 302 if name in LEADS_BACK else 200
        for name in pages
    }


def test_owner_opens_every_page(pages: dict[str, str], sit: Any) -> None:
    owner = sit("owner")

    assert {name: owner.get(address).status_code for name, address in pages.items()} == (
        {name: 302 if name in LEADS_BACK else 200 for name in pages}
    )


def test_links_of_hosts_and_supporters_open_nothing_here(
    pages: dict[str, str], client: Client
) -> None:
    event = events.listed_event(campaigns.live_campaign("Fair fares"))
    rsvp = events.signed_up(event)
    for purpose, person_id, object_id in (
        (Link.Purpose.HOST, event.host_id, event.id),
        (Link.Purpose.RSVP, rsvp.person_id, rsvp.id),
    ):
        token = accounts_ops.make_link(
            purpose=purpose,
            person_id=person_id,
            object_id=object_id,
            expires_at=clock.now().replace(year=2027),
        )
        assert {client.get(f"{at}?token={token}").status_code for at in pages.values()} == {302}


def test_events_of_another_campaign_are_not_found(organiser: Client) -> None:
    one = events.waiting_event(campaigns.live_campaign())
    other = campaigns.live_campaign("Fair fares")
    found = addresses(other, one)

    answers = {
        name: organiser.get(found[name]).status_code
        for name in ("event", "event_change", "event_capacity", "event_cancel", "review_one")
    }

    assert answers == dict.fromkeys(answers, 404)


def test_reading_changes_nothing(pages: dict[str, str], owner: Client) -> None:
    before = Entry.objects.count()
    for address in pages.values():
        owner.get(address)
        owner.head(address)

    assert Entry.objects.count() == before
