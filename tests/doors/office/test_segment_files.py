"""The pages that give a segment away as a file, and take one of somebody else in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.people.models import Segment, Tag
from groundswell.people.operations import segments
from tests.doors.public import reading
from tests.people import segmenting
from tests.people.segmenting import ORGANISER, START, World

pytestmark = pytest.mark.django_db
TAKE_IN = "/en/office/segments/import/"
NONE_OF_OURS = "This is not a segment of Groundswell."


@pytest.fixture
def organiser(sit: Any) -> Client:
    client: Client = sit("organiser")
    return client


@pytest.fixture
def file(organiser: Client) -> str:
    """What the page of a segment gave; the segment itself is gone again."""
    world: World = segmenting.world()
    told = {"verb": "keep", "criterion": "people.tag", "with": {"tags": [0]}}
    kept = segments.Kept(name="Tagged")
    made = segments.begin(kept=kept, rows=world.rows(START, told), by=ORGANISER)
    answer = organiser.get(f"/en/office/segments/{made.id}/file/")
    assert answer["Content-Disposition"] == f'attachment; filename="segment-{made.id}.json"'
    Segment.objects.all().delete()
    return str(answer.content.decode())


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("segment.json", data, "application/json")


def wrong(answer: Any) -> tuple[int, dict[str, list[str]]]:
    return answer.status_code, dict(answer.context["form"].errors)


def test_a_file_is_looked_at_then_saved(organiser: Client, file: str) -> None:
    looked = organiser.post(TAKE_IN, {"do": "look", "file": upload(file.encode())})
    assert Segment.objects.count() == 0
    assert "Keep only people who have the tag" in reading.text(looked)
    again = looked.context["form"].initial
    assert (again["name"], json.loads(again["text"])) == ("Tagged", json.loads(file))

    saved = organiser.post(TAKE_IN, {"do": "save", "text": again["text"], "name": "Theirs"})
    made = Segment.objects.get()
    assert (made.name, saved["Location"]) == ("Theirs", f"/en/office/segments/{made.id}/")


def test_what_is_not_here_must_be_left_out_on_purpose(organiser: Client, file: str) -> None:
    Tag.objects.all().delete()
    typed = {"do": "save", "text": file, "name": "Theirs"}

    refused = organiser.post(TAKE_IN, typed)
    assert (refused.status_code, Segment.objects.count()) == (422, 0)
    assert "The row would be left out." in reading.text(refused)
    organiser.post(TAKE_IN, {**typed, "leave_out": "on"})
    assert len(Segment.objects.get().rows) == 1


def test_what_is_wrong_stands_beside_what_was_given(organiser: Client) -> None:
    status, errors = wrong(organiser.post(TAKE_IN, {"do": "look", "text": "{"}))
    assert (status, list(errors)) == (422, ["text"])
    assert NONE_OF_OURS in errors["text"][0]

    for data in (b"{", b"\xff\xfe"):
        status, errors = wrong(organiser.post(TAKE_IN, {"do": "look", "file": upload(data)}))
        assert (status, list(errors)) == (422, ["file"])
        assert NONE_OF_OURS in errors["file"][0]
    status, errors = wrong(organiser.post(TAKE_IN, {"do": "look", "file": upload(b" " * 800_001)}))
    assert (status, errors) == (422, {"file": ["This file is too long for a segment."]})
    status, errors = wrong(organiser.post(TAKE_IN, {"do": "look"}))
    assert (status, errors) == (422, {"file": ["Choose a file, or paste its text."]})
