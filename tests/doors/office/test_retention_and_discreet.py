"""What goes by itself, counted for owners; and the countries where mails name nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from groundswell.ledger.models import Entry
from groundswell.site import queries as site_queries
from tests.doors.public import reading
from tests.people.everything import everything_about

pytestmark = pytest.mark.django_db


def test_owners_see_every_rule_with_its_counts(owner: Client) -> None:
    everything_about("amina@example.org")

    words = reading.text(owner.get("/en/office/retention/"))

    assert "Sign-ups, cut off from their people 30 days after the event 0 " in words
    assert "Whole people 24 months after they last took part, and a month after a notice" in words


@pytest.mark.parametrize("path", ["/en/office/retention/", "/en/office/discreet/"])
def test_only_owners_find_these_pages(organiser: Client, client: Client, path: str) -> None:
    assert organiser.get(path).status_code == 404
    assert client.get(path).status_code == 302


def test_an_owner_chooses_countries_by_name_or_letters(owner: Client) -> None:
    owner.post("/en/office/discreet/", {"countries": "Türkiye, gb, GB"})

    shown = reading.text(owner.get("/en/office/more/"))
    kept = owner.get("/en/office/discreet/").content.decode()
    assert site_queries.discreet_countries() == {"TR", "GB"}
    assert "Discreet countries" in shown
    assert "United Kingdom, Türkiye" in kept
    assert Entry.objects.get(kind="site.DiscreetCountriesChosen").rest == {"count": 2}


def test_a_country_that_is_none_is_refused_with_what_was_typed(owner: Client) -> None:
    answer = owner.post("/en/office/discreet/", {"countries": "Atlantis"})

    assert answer.status_code == 422
    assert "Atlantis" in answer.content.decode()
    assert site_queries.discreet_countries() == frozenset()
