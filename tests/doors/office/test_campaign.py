"""The campaign editor: errors keep what was typed, and nothing is half written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import LocalePrefixPattern, get_resolver, reverse

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign, CampaignText
from groundswell.kernel.actor import SYSTEM
from tests.factories import campaigns

pytestmark = pytest.mark.django_db

START = {
    "title": "Fair fares",
    "organisation": "Bus Users Together",
    "action_on": "2026-03-21",
    "starts_on": "2026-03-14",
    "ends_on": "2026-03-28",
    "main_language": "fr",
    "other_languages": ["en", "fr"],
    "countries": "France, GB",
    "goal_events": "40",
    "goal_people": "",
}


def at(name: str, campaign: Campaign, *parts: str) -> str:
    return reverse(f"office:{name}", args=[campaign.slug, *parts])


# --- plan ----------------------------------------------------------------------------------------


def test_start_makes_a_draft(organiser: Client) -> None:
    answer = organiser.post(reverse("office:campaign_start"), START)

    campaign = Campaign.objects.get()
    assert answer["Location"] == at("today", campaign)
    assert (campaign.slug, campaign.state) == ("fair-fares", Campaign.State.DRAFT)
    assert (campaign.languages, campaign.countries) == (["fr", "en"], ["FR", "GB"])
    assert (campaign.goal_events, campaign.goal_people) == (40, 0)
    assert campaign_queries.words(campaign, "fr").title == "Fair fares"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("action_on", "2026-04-21", "Put the action day between the first and the last day."),
        ("action_on", "soon", "Choose a day that exists, for example 2026-12-05."),
        ("title", "", "Fill this in."),
        ("title", "x" * 5000, "Make this shorter: at most 80 characters, now 5000."),
        (
            "countries",
            "France, Absurdistan",
            "We do not know the country “Absurdistan”. Write its name, or two letters.",
        ),
        ("goal_events", "99999999999999999999", "Write a number of at most 1000000."),
        ("main_language", "xx", ""),
    ],
)
def test_bad_plan_keeps_what_was_typed(
    organiser: Client, field: str, typed: str, sentence: str
) -> None:
    page = organiser.post(reverse("office:campaign_start"), {**START, field: typed})

    assert page.status_code == 422
    assert Campaign.objects.count() == 0
    assert page.context["form"][field].value() == typed
    assert page.context["form"]["organisation"].value() == "Bus Users Together"
    if sentence:
        assert page.context["form"].errors == {field: [sentence]}


def test_change_of_plan_keeps_colours_and_words(organiser: Client) -> None:
    campaign = campaigns.live_campaign(poster_colour="#123456")
    form = organiser.get(at("plan", campaign)).context["form"]
    typed = {name: value for name, value in form.initial.items() if value is not None}

    organiser.post(at("plan", campaign), {**typed, "goal_events": "77", "slug": "buses"})

    campaign.refresh_from_db()
    assert (campaign.slug, campaign.goal_events) == ("buses", 77)
    assert campaign.poster_colour == "#123456"
    assert campaign.languages == ["en", "ar"]


@pytest.mark.parametrize("slug", ["office", "Fair fares!", "fair-fares", "", "--", "A--Bc_"])
def test_address_that_does_not_fit_is_refused(organiser: Client, slug: str) -> None:
    campaigns.live_campaign("Fair fares")
    campaign = campaigns.live_campaign()
    form = organiser.get(at("plan", campaign)).context["form"]
    typed = {name: value for name, value in form.initial.items() if value is not None}

    page = organiser.post(at("plan", campaign), {**typed, "slug": slug})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["slug"]
    assert page.context["form"]["slug"].value() == slug


def first_parts(patterns: list[Any], before: str = "") -> set[str]:
    """The first part of every address, its language left out."""
    found = set()
    for each in patterns:
        prefix = "" if isinstance(each.pattern, LocalePrefixPattern) else str(each.pattern)
        whole = before + prefix
        inside = getattr(each, "url_patterns", None)
        found |= {whole.split("/")[0]} if inside is None else first_parts(inside, whole)
    return found


def test_no_campaign_can_hide_a_page_of_the_house() -> None:
    taken = {
        part for part in first_parts(get_resolver().url_patterns) if re.fullmatch(r"[a-z-]+", part)
    }

    assert "office" in taken
    assert taken - campaign_ops.RESERVED_SLUGS == set()


def test_title_like_a_page_of_the_house_gets_another_address(organiser: Client) -> None:
    organiser.post(reverse("office:campaign_start"), {**START, "title": "Host"})

    assert Campaign.objects.get().slug.startswith("host-")


# --- words ---------------------------------------------------------------------------------------


def test_words_are_kept_in_each_language(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    organiser.post(at("words_in", campaign, "ar"), {"title": "أعيدوا حافلاتنا", "lead": "معًا"})

    words = campaign_queries.words(campaign, "ar")
    assert (words.title, words.lead) == ("أعيدوا حافلاتنا", "معًا")
    assert campaign_queries.words(campaign, "en").title == "Bring back our buses"


def test_missing_words_are_counted_and_shown_where_they_fall_back(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    campaign_ops.write_words(
        campaign=campaign, language="en", words={"lead": "Ride with us."}, by=SYSTEM
    )

    page = organiser.get(at("words_in", campaign, "ar"))

    assert [(tab.code, tab.missing) for tab in page.context["tabs"]] == [("en", 0), ("ar", 2)]
    assert page.context["missing"] == 2
    assert page.context["form"].fields["lead"].help_text == (
        "Where this is empty, people read: Ride with us."
    )
    assert page.context["form"].fields["lead"].widget.attrs["dir"] == "rtl"


def test_first_language_needs_a_title(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    page = organiser.post(at("words", campaign), {"title": " ", "lead": "Ride with us."})

    assert page.status_code == 422
    assert page.context["form"]["lead"].value() == "Ride with us."
    assert CampaignText.objects.get(language="en").lead == ""


def test_language_of_another_campaign_is_not_found(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    assert organiser.get(at("words_in", campaign, "fr")).status_code == 404


# --- opening and closing -------------------------------------------------------------------------


def test_check_list_says_what_is_missing_and_then_opens(organiser: Client) -> None:
    organiser.post(reverse("office:campaign_start"), START)
    campaign = Campaign.objects.get()
    here = at("publish", campaign)

    early = organiser.get(here)
    refused = organiser.post(here, {"do": "open"})
    campaign_ops.publish_kit(campaign=campaign, content=campaigns.KIT, by=SYSTEM)
    ready = organiser.get(here)
    organiser.post(here, {"do": "open"})

    campaign.refresh_from_db()
    assert [check.is_good for check in early.context["checks"] if check.must] == [
        True,
        False,
        True,
    ]
    assert early.context["can_open"] is False
    assert refused.status_code == 422
    assert ready.context["can_open"] is True
    assert campaign.state == Campaign.State.LIVE


def test_close_and_open_again(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("publish", campaign)

    organiser.post(here, {"do": "close"})
    campaign.refresh_from_db()
    closed = campaign.state
    organiser.post(here, {"do": "open"})

    campaign.refresh_from_db()
    assert (closed, campaign.state) == (Campaign.State.CLOSED, Campaign.State.LIVE)


@pytest.mark.parametrize("page", ["publish", "pictures"])
def test_form_without_its_button_changes_nothing(organiser: Client, page: str) -> None:
    campaign = campaigns.live_campaign()

    answer = organiser.post(at(page, campaign), {"do": "x", "kind": "y"})

    campaign.refresh_from_db()
    assert answer.status_code == 422
    assert campaign.state == Campaign.State.LIVE


def test_share_lists_both_links_in_each_language(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    links = organiser.get(at("share", campaign)).context["links"]

    assert [link.code for link in links] == ["en", "ar"]
    assert links[1].page.endswith("/ar/bring-back-our-buses")
