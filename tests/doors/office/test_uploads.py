"""Files in requests: how large, from whom, and never on the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.people.models import Import
from tests.doors.public import reading

pytestmark = pytest.mark.django_db
ADD = "/en/office/imports/add/"
MEGABYTE = 1024 * 1024


def of(megabytes: float) -> SimpleUploadedFile:
    """A list whose rows are long and few: what counts here is its size."""
    row = b"a%d@example.org," + b"x" * 18_000 + b"\n"
    rows = int(megabytes * MEGABYTE) // len(row)
    return SimpleUploadedFile("big.csv", b"email,notes\n" + b"".join(row % n for n in range(rows)))


def test_a_list_may_be_larger_than_what_other_pages_take(sit: Callable[..., Any]) -> None:
    asha = sit("data_manager", name="Asha Rao")
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE < 8 * MEGABYTE

    taken = asha.post(ADD, {"file": of(8)})

    assert taken.status_code == 302
    assert Import.objects.get().row_count > 400


def test_too_large_a_list_is_refused_with_what_to_do(sit: Callable[..., Any]) -> None:
    asha = sit("data_manager", name="Asha Rao")

    refused = asha.post(ADD, {"file": of(51)})

    assert refused.status_code == 422
    assert "Choose a file of at most 50 MB. Cut a larger one in two." in reading.text(refused)
    assert Import.objects.count() == 0


def test_nobody_else_and_no_other_page_takes_so_much(sit: Callable[..., Any]) -> None:
    asha = sit("data_manager", name="Asha Rao")
    stranger = Client(enforce_csrf_checks=True)
    seen: list[int] = []

    def keep(request: Any) -> None:
        seen.append(len(request.FILES))

    for client, page in ((stranger, ADD), (asha, "/en/office/sources/spend/")):
        answer = client.post(page, {"file": of(8), "do": "take"})
        keep(answer.wsgi_request)

    assert seen == [0, 0]
    small = asha.post("/en/office/sources/spend/", {"file": of(0.1), "do": "take"})
    assert len(small.wsgi_request.FILES) == 1
