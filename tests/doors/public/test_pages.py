"""Home, privacy, accessibility, help, robots, sitemap, pictures, the stop link."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from PIL import Image

from groundswell.campaigns import operations as campaign_ops
from groundswell.kernel.actor import SYSTEM
from groundswell.kernel.privacy import PrivacyClass
from groundswell.outreach import stopping
from groundswell.people import queries as people_queries
from groundswell.people.models import Consent
from groundswell.public import brand, holdings
from groundswell.site.models import Installation
from tests.doors.public import reading
from tests.factories import events as make
from tests.factories.campaigns import live_campaign

pytestmark = pytest.mark.django_db

ABOUT_SOMEBODY = {PrivacyClass.PERSONAL, PrivacyClass.SENSITIVE, PrivacyClass.SECRET}


# --- home and the pages about the site ----------------------------------------------------------


def test_home_has_one_big_button_for_a_single_campaign(client: Client) -> None:
    live_campaign()

    response = client.get("/en/")

    assert "Find your place in Bring back our buses" in reading.text(response)
    assert response.content.decode().count('href="/en/bring-back-our-buses"') == 2


def test_home_lists_what_runs_and_what_is_over(client: Client, still_clock: Any) -> None:
    live_campaign("First")
    live_campaign("Second", action_on=date(2026, 5, 1), ends_on=date(2026, 5, 2))
    still_clock.move_to(datetime(2026, 4, 3, tzinfo=UTC))

    context = client.get("/en/").context

    assert [card.title for card in context["running"]] == ["Second"]
    assert [card.title for card in context["over"]] == ["First"]


def test_home_of_an_empty_installation_is_the_first_step(client: Client) -> None:
    first = reading.text(client.get("/en/"))
    Installation.objects.create(name="Bus Users", created_at=datetime(2026, 3, 1, tzinfo=UTC))
    then = reading.text(client.get("/en/"))

    assert "Run groundswell init on the server" in first
    assert "The next campaign is being prepared" in then


@pytest.mark.parametrize("path", ["privacy", "accessibility", "help"])
def test_pages_about_the_site_open_in_each_language(client: Client, path: str) -> None:
    statuses = [client.get(f"/{code}/{path}").status_code for code in ("en", "es", "fr", "ar")]

    assert statuses == [200] * 4


def test_address_without_a_language_leads_to_the_readers(client: Client) -> None:
    live_campaign()

    answer = client.get("/bring-back-our-buses", headers={"accept-language": "ar,en;q=0.5"})

    assert answer["Location"] == "/ar/bring-back-our-buses"


def test_privacy_page_speaks_of_every_table_about_people() -> None:
    held = {
        model._meta.label_lower
        for model in apps.get_models()
        for privacy in [getattr(model, "Privacy", None)]
        if privacy and ABOUT_SOMEBODY & {v for v in vars(privacy).values() if isinstance(v, str)}
    }

    told = {model for holding in holdings.ALL for model in holding.models}

    assert told | set(holdings.NOT_ABOUT_PEOPLE) == held


def test_robots_and_sitemap_name_public_pages_only(client: Client) -> None:
    campaign = live_campaign()
    shown = make.listed_event(campaign, host="a@example.org")
    hidden = make.waiting_event(campaign, host="b@example.org")

    robots = client.get("/robots.txt").content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()

    assert "Disallow: /*/host/" in robots
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
    assert f"<loc>http://127.0.0.1:8000/en/e/{shown.slug}</loc>" in sitemap
    assert hidden.slug not in sitemap


def test_unknown_page_is_polite(client: Client) -> None:
    response = client.get("/en/nothing-here")

    assert response.status_code == 404
    assert "We could not find that page" in reading.text(response)


# --- brand and pictures -------------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["red", "#12345", "#12345G", "#0E3A3B;}", "", "#0e3a3b"])
def test_style_sheet_takes_nothing_but_colours(colour: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        brand.sheet(colour, "#FFB81C")


def test_picture_is_served_by_its_digest_for_ever(client: Client) -> None:
    campaign = live_campaign()
    raw = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(raw, "PNG")
    kept = campaign_ops.put_picture(
        campaign=campaign,
        kind="logo",
        language="",
        raw=raw.getvalue(),
        description="Our wave",
        by=SYSTEM,
    )

    page = client.get("/en/bring-back-our-buses").content.decode()
    answer = client.get(f"/c/{campaign.slug}/picture/{kept.digest}.webp")

    assert f'src="/c/{campaign.slug}/picture/{kept.digest}.webp"' in page
    assert (answer["Content-Type"], answer.content) == ("image/webp", bytes(kept.content))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(f"/c/{campaign.slug}/picture/abc.webp").status_code == 404


# --- the stop link ------------------------------------------------------------------------------


def stop_link(purpose: Consent.Purpose = Consent.Purpose.CAMPAIGN) -> tuple[str, Any]:
    event = make.listed_event()
    rsvp = make.signed_up(event, wants_campaign_mail=True)
    about = event.campaign_id if purpose == Consent.Purpose.CAMPAIGN else event.id
    assert rsvp.person_id is not None
    signed = stopping.sign(stopping.Stop(rsvp.person_id, purpose, about))
    return f"/en/stop/{signed}", lambda: people_queries.has_consent(
        rsvp.person_id or 0, purpose=purpose, about_id=about
    )


def test_opening_the_stop_link_changes_nothing(client: Client) -> None:
    link, stands = stop_link()

    words = reading.text(client.get(link))

    assert "We then send you no more news about Bring back our buses ." in words
    assert stands()


def test_pressing_stop_stops_and_can_be_taken_back(client: Client) -> None:
    link, stands = stop_link()
    answer = client.post(link)
    stopped = (answer["Location"], stands(), reading.text(client.get(answer["Location"])))

    back = client.post(f"{link}/again")

    assert stopped[:2] == (f"{link}?done", False)
    assert "Done. No more of these e-mails." in stopped[2]
    assert ("You get them again." in reading.text(back), stands()) == (True, True)


def test_mail_provider_stops_with_one_click_and_no_cookie() -> None:
    client = Client(enforce_csrf_checks=True)
    link, stands = stop_link(Consent.Purpose.EVENT)

    answer = client.post(link, {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, stands()) == (204, False)


def test_control_other_forms_need_their_token() -> None:
    client = Client(enforce_csrf_checks=True)
    link, _stands = stop_link()

    assert client.post(f"{link}/again").status_code == 403


@pytest.mark.parametrize("change", ["short", "flipped", "nonsense"])
def test_stop_link_that_was_changed_stops_nothing(client: Client, change: str) -> None:
    link, stands = stop_link()
    wrong = {
        "short": link[:-1],
        "flipped": link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:],
        "nonsense": "/en/stop/" + "x" * 400,
    }[change]

    answers = [client.get(wrong), client.post(wrong), client.post(f"{wrong}/again")]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert "This link is not complete." in reading.text(answers[0])
    assert stands()
