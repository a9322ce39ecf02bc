"""Campaigns: plans, words with fall-back, colours, pictures, kits."""

from __future__ import annotations

import dataclasses
import io
from datetime import date
from typing import Any

import pytest
from PIL import Image

from groundswell.campaigns import colours, operations, pictures, queries
from groundswell.campaigns.models import Campaign, Kit, Picture
from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, VISITOR
from tests.factories.campaigns import KIT, live_campaign

pytestmark = pytest.mark.django_db

PLAN = operations.Plan(
    organisation="Bus Users Together",
    action_on=date(2026, 3, 21),
    starts_on=date(2026, 3, 1),
    ends_on=date(2026, 3, 31),
    languages=["en", "ar"],
)


def png(size: tuple[int, int] = (40, 20), **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#FFB81C").save(out, "PNG", **save)
    return out.getvalue()


def start(**change: Any) -> Campaign:
    return operations.start_campaign(
        plan=dataclasses.replace(PLAN, **change), title="Bring back our buses", by=SYSTEM
    )


def test_starting_makes_a_draft_at_an_address_from_its_title() -> None:
    campaign = start()

    assert (campaign.slug, campaign.state) == ("bring-back-our-buses", "draft")


def test_second_campaign_with_the_same_title_gets_its_own_address() -> None:
    first, second = start(), start()

    assert first.slug != second.slug


def test_asking_for_a_taken_address_is_refused() -> None:
    start()

    with pytest.raises(operations.NameIsTaken):
        start(slug="bring-back-our-buses")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"languages": []}, operations.NeedsALanguage),
        ({"action_on": date(2026, 4, 1)}, operations.DatesDoNotFit),
        ({"poster_colour": "#FFFFFF"}, colours.PosterTooLight),
        ({"call_colour": "#333333"}, colours.CallTooDark),
        ({"poster_colour": "#666666", "call_colour": "#999999"}, colours.ColoursTooClose),
        ({"poster_colour": "red"}, colours.NotAColour),
        ({"poster_colour": "#0E3A3B;}"}, colours.NotAColour),
    ],
)
def test_bad_plan_is_refused(change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        start(**change)


@pytest.mark.parametrize("by", [VISITOR, actor.person(4), actor.account(9, frozenset())])
def test_only_the_office_writes_campaigns(by: actor.Actor) -> None:
    campaign = start()

    for act in (
        lambda: operations.start_campaign(plan=PLAN, title="x", by=by),
        lambda: operations.change_plan(campaign=campaign, plan=PLAN, by=by),
        lambda: operations.write_words(campaign=campaign, language="en", words={}, by=by),
        lambda: operations.publish_kit(campaign=campaign, content=KIT, by=by),
        lambda: operations.publish_campaign(campaign=campaign, by=by),
        lambda: operations.close_campaign(campaign=campaign, by=by),
        lambda: operations.put_picture(
            campaign=campaign, kind="logo", language="", raw=png(), description="x", by=by
        ),
    ):
        with pytest.raises(operations.OnlyOrganisers):
            act()


def test_publishing_needs_a_kit() -> None:
    with pytest.raises(operations.NeedsAKit):
        operations.publish_campaign(campaign=start(), by=SYSTEM)


def test_words_fall_back_field_by_field() -> None:
    campaign = start()
    operations.write_words(
        campaign=campaign, language="en", words={"title": "Buses", "lead": "One day."}, by=SYSTEM
    )
    operations.write_words(campaign=campaign, language="ar", words={"title": "حافلات"}, by=SYSTEM)

    words = queries.words(campaign, "ar")

    assert (words.title, words.lead) == ("حافلات", "One day.")


def test_drafts_are_invisible_outside_the_office() -> None:
    campaign = start()

    assert queries.campaign_by_slug(campaign.slug, VISITOR) is None
    assert queries.campaign_by_slug(campaign.slug, SYSTEM) == campaign


def test_campaign_is_over_once_its_last_day_has_ended_everywhere(still_clock: Any) -> None:
    campaign = live_campaign()
    seen = []
    for instant in ("2026-04-01T11:00+00:00", "2026-04-01T13:00+00:00"):
        still_clock.move_to(instant)
        seen.append(queries.is_over(campaign))

    assert seen == [False, True]


def test_kit_versions_stay(still_clock: Any) -> None:
    campaign = live_campaign()
    operations.publish_kit(campaign=campaign, content={**KIT, "words": []}, by=SYSTEM)

    assert list(Kit.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert queries.current_kit(campaign, "ar").moments[0].title == "اللقاء"
    assert queries.current_kit(campaign, "fr").words == ()


def test_picture_is_encoded_again_without_its_metadata() -> None:
    campaign = start()
    info = Image.Exif()
    info[0x010E] = "taken at home"

    kept = operations.put_picture(
        campaign=campaign,
        kind="logo",
        language="",
        raw=png(exif=info),
        description="Three waves",
        by=SYSTEM,
    )

    assert (kept.width, kept.height) == (40, 20)
    assert b"taken at home" not in bytes(Picture.objects.get().content)


@pytest.mark.parametrize("raw", [b"", b"<svg onload=alert(1)>", b"GIF89a", png()[:50]])
def test_upload_that_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(pictures.NotAPicture):
        pictures.cleaned(raw)


def test_upload_too_big_is_refused() -> None:
    with pytest.raises(pictures.PictureTooBig):
        pictures.cleaned(b"x" * (pictures.BYTES_MOST + 1))
    with pytest.raises(pictures.PictureTooBig):
        pictures.cleaned(png((7000, 7000)))


def test_picture_without_a_description_is_refused() -> None:
    with pytest.raises(operations.NeedsADescription):
        operations.put_picture(
            campaign=start(), kind="logo", language="", raw=png(), description=" ", by=SYSTEM
        )
