"""NUL in what no form of ours writes into: PostgreSQL cannot hold it, and nobody may see a 500."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import campaigns

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("letter", ["\x00", "a\x00b", "\u2028"])
def test_a_letter_that_no_database_holds_breaks_no_page(owner: Client, letter: str) -> None:
    campaign = campaigns.live_campaign()
    table = reverse("office:events_csv", args=[campaign.slug])
    pictures = reverse("office:pictures", args=[campaign.slug])
    held = {"do": "again", "kind": letter, "state": letter, "error": letter}

    assert owner.get(table, {"country": letter}).status_code == 200
    assert owner.post(reverse("office:reports"), {"event": letter}).status_code in {302, 404, 422}
    assert owner.post(reverse("office:held"), held).status_code in {302, 404, 422}
    gone = {"kind": "logo", "do": "remove", "language": letter}
    assert owner.post(pictures, gone).status_code == 302
