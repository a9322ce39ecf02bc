"""The campaign editor's pictures, colours and kit: buttons that save, and refusals in words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns import queries as campaign_queries
from groundswell.campaigns.models import Campaign, Kit, KitDraft, Picture
from groundswell.kernel.actor import SYSTEM
from tests.factories import campaigns

pytestmark = pytest.mark.django_db


def at(name: str, campaign: Campaign, *parts: str) -> str:
    return reverse(f"office:{name}", args=[campaign.slug, *parts])


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", size, "#00665F").save(held, kind)
    return SimpleUploadedFile("bus.png", held.getvalue(), "image/png")


# --- pictures ------------------------------------------------------------------------------------


def test_picture_is_kept_with_its_description(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    organiser.post(
        at("pictures", campaign),
        {"kind": "logo", "picture": picture(), "description": "A bus", "language": ""},
    )
    page = organiser.get(at("pictures", campaign)).content.decode()

    kept = Picture.objects.get()
    assert (kept.kind, kept.width, kept.height, kept.language) == ("logo", 40, 30, "")
    assert 'alt="A bus"' in page


@pytest.mark.parametrize(
    ("upload", "description", "field", "sentence"),
    [
        (
            SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", "image/png"),
            "A bus",
            "picture",
            "This file is not a picture. Choose a JPEG, PNG or WebP file.",
        ),
        (
            SimpleUploadedFile("a.png", b"\x89PNG" + b"0" * (5 * 1024 * 1024), "image/png"),
            "A bus",
            "picture",
            "Choose a picture of at most 5 MB.",
        ),
        (
            SimpleUploadedFile("a.png", b"", "image/png"),
            "A bus",
            "picture",
            "The file is empty. Choose another.",
        ),
        (None, "A bus", "picture", "Choose a picture."),
        (
            "good",
            " ",
            "description",
            "Say what the picture shows, for people who cannot see it.",
        ),
    ],
    ids=["no picture", "too big", "empty", "none", "no description"],
)
def test_bad_upload_is_refused_in_words(
    organiser: Client, upload: Any, description: str, field: str, sentence: str
) -> None:
    campaign = campaigns.live_campaign()
    sent = {"kind": "picture", "description": description, "language": ""}
    if upload is not None:
        sent["picture"] = picture() if upload == "good" else upload

    page = organiser.post(at("pictures", campaign), sent)

    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert page.context["form"]["description"].value() == description
    assert Picture.objects.count() == 0


@pytest.mark.parametrize("kind", ["%C", "%s%s", "%", "<b>", "", "banner"])
def test_a_kind_of_picture_that_nobody_offers_is_refused(organiser: Client, kind: str) -> None:
    campaign = campaigns.live_campaign()

    page = organiser.post(at("pictures", campaign), {"kind": kind, "language": ""})

    assert page.status_code == 422
    assert "Press one of the buttons on this page." in page.content.decode()


def test_picture_is_taken_away(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    sent = {"kind": "logo", "picture": picture(), "description": "A bus", "language": "ar"}
    organiser.post(at("pictures", campaign), sent)

    organiser.post(at("pictures", campaign), {"kind": "logo", "language": "ar", "do": "remove"})

    assert Picture.objects.count() == 0


# --- colours -------------------------------------------------------------------------------------


def test_colours_are_saved_when_they_can_be_read(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    organiser.post(at("colours", campaign), {"poster_colour": "#4a148c", "call_colour": "#ffd54f"})

    campaign.refresh_from_db()
    assert (campaign.poster_colour, campaign.call_colour) == ("#4A148C", "#FFD54F")
    assert campaign.goal_events == 40


@pytest.mark.parametrize(
    ("poster", "call", "field"),
    [
        ("#EEEEEE", "#FFB81C", "poster_colour"),
        ("#0E3A3B", "#222222", "call_colour"),
        ("green", "#FFB81C", "poster_colour"),
        ("#0E3A3B", "url(x)", "call_colour"),
    ],
)
def test_colours_that_cannot_be_read_are_refused(
    organiser: Client, poster: str, call: str, field: str
) -> None:
    campaign = campaigns.live_campaign()

    page = organiser.post(at("colours", campaign), {"poster_colour": poster, "call_colour": call})

    campaign.refresh_from_db()
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["poster_colour"].value() == poster
    assert campaign.poster_colour == "#0E3A3B"


def test_looking_first_saves_nothing(organiser: Client) -> None:
    campaign = campaigns.live_campaign()

    page = organiser.post(
        at("colours", campaign),
        {"poster_colour": "#4A148C", "call_colour": "#FFD54F", "do": "look"},
    )

    campaign.refresh_from_db()
    assert page.context["preview"].poster == "#4A148C"
    assert campaign.poster_colour == "#0E3A3B"


def test_live_preview_judges_and_never_repeats_what_is_no_colour(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("colours_preview", campaign)

    good = organiser.get(here, {"poster_colour": "#4a148c", "call_colour": "#FFB81C"}).json()
    bad = organiser.get(here, {"poster_colour": '"/><script>', "call_colour": "#FFB81C"}).json()

    assert (good["poster"], good["is_good"]) == ("#4A148C", True)
    assert (bad["poster"], bad["is_good"]) == ("#0E3A3B", False)
    assert bad["verdict"] == "Write the colour as # and six characters, for example #0E3A3B."


# --- kit -----------------------------------------------------------------------------------------


def draft(campaign: Campaign, section: str) -> list[dict[str, Any]]:
    return list(campaign_queries.kit_draft(campaign)[section])


def typed(page: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {bound.html_name: bound.value() for bound in form}


def test_buttons_save_what_was_typed_and_then_act(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("kit_section", campaign, "moments", "en")
    held = {**typed(organiser.get(here)), "title-meet": "Come together"}

    organiser.post(here, {**held, "do": "down:meet"})
    moved = [(row["key"], row["title"]["en"]) for row in draft(campaign, "moments")]
    organiser.post(here, {**typed(organiser.get(here)), "do": "remove:talk"})
    left = [row["key"] for row in draft(campaign, "moments")]
    organiser.post(here, {**typed(organiser.get(here)), "do": "add"})

    assert moved == [("talk", "Talk"), ("meet", "Come together")]
    assert left == ["meet"]
    assert len(draft(campaign, "moments")) == 2
    assert draft(campaign, "moments")[0]["title"]["ar"] == "اللقاء"


def test_other_languages_stay_when_one_is_written(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("kit_section", campaign, "tasks", "ar")

    organiser.post(here, {**typed(organiser.get(here)), "title-invite": "ادعُ خمسة"})

    assert draft(campaign, "tasks")[0]["title"] == {
        "en": "Invite five people",
        "ar": "ادعُ خمسة",
    }


def test_bad_number_keeps_what_was_typed(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("kit_section", campaign, "tasks", "en")
    held = {**typed(organiser.get(here)), "due_days-invite": "-9999", "title-invite": "Five"}

    page = organiser.post(here, {**held, "do": "add"})

    assert page.status_code == 422
    assert page.context["form"]["title-invite"].value() == "Five"
    assert list(page.context["form"].errors) == ["due_days-invite"]
    assert KitDraft.objects.count() == 0


def test_publishing_makes_the_next_version_and_keeps_the_old_one(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("kit_section", campaign, "types", "en")
    organiser.post(here, {**typed(organiser.get(here)), "name-meeting": "Bus stop meeting"})
    before = campaign_queries.current_kit(campaign, "en").types[0].name

    organiser.post(at("kit", campaign))

    assert before == "Meeting"
    assert campaign_queries.current_kit(campaign, "en").types[0].name == "Bus stop meeting"
    assert list(Kit.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert Kit.objects.get(version=1).content["types"][0]["name"]["en"] == "Meeting"
    assert KitDraft.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"types": []}, "Add at least one event type: hosts choose from them."),
        (
            {"types": [{"key": "a", "icon": "users", "minutes": 60, "name": {}, "line": {}}]},
            "Give every line a title in the first language, English.",
        ),
    ],
)
def test_unfinished_kit_is_not_published(
    organiser: Client, content: dict[str, Any], sentence: str
) -> None:
    campaign = campaigns.live_campaign()
    campaign_ops.save_kit_draft(campaign=campaign, content=content, by=SYSTEM)

    page = organiser.post(at("kit", campaign))

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert Kit.objects.count() == 1


def test_forty_lines_are_enough(organiser: Client) -> None:
    campaign = campaigns.live_campaign()
    here = at("kit_section", campaign, "words", "en")
    for _ in range(39):
        organiser.post(here, {**typed(organiser.get(here)), "do": "add"})

    page = organiser.post(here, {**typed(organiser.get(here)), "do": "add"})

    assert page.status_code == 422
    assert len(draft(campaign, "words")) == 40


@pytest.mark.parametrize("parts", [("nonsense", "en"), ("types", "fr")])
def test_unknown_section_or_language_is_not_found(
    organiser: Client, parts: tuple[str, str]
) -> None:
    campaign = campaigns.live_campaign()

    assert organiser.get(at("kit_section", campaign, *parts)).status_code == 404
