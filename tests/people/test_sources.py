"""Where people come from: the first source is kept, the last one follows, links carry both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies

from groundswell.kernel import actor
from groundswell.kernel.actor import SYSTEM, VISITOR, Actor
from groundswell.kernel.roles import Role
from groundswell.kernel.scopes import EVERYWHERE
from groundswell.people import referrals
from groundswell.people.models import Person, SourceCode, Spend, Touch
from groundswell.people.operations import erasing, persons, sources
from groundswell.people.operations.persons import Typed
from groundswell.people.operations.sources import CameBy, Cost

pytestmark = pytest.mark.django_db

NAMES = [role for role in Role if role not in {Role.OWNER, Role.ORGANISER, Role.DATA_MANAGER}]


def somebody(email: str = "amina@example.org") -> Person:
    return persons.recognise(typed=Typed(given="Amina", email=email)).person


def of_role(role: Role) -> Actor:
    return actor.account(1, frozenset({actor.Held(role, EVERYWHERE)}))


def ends(person: Person) -> tuple[str, str]:
    """The codes of the first and the last source."""
    row = Person.objects.select_related("first_source", "last_source").get(id=person.id)
    return (
        row.first_source.code if row.first_source else "",
        row.last_source.code if row.last_source else "",
    )


def touched(person: Person, code: str, **more: Any) -> Touch | None:
    came_by = CameBy(code, **more)
    return sources.touch(person_id=person.id, came_by=came_by, what=Touch.What.FORM)


# --- first and last --------------------------------------------------------------------------


def test_the_first_source_stays_and_the_last_one_follows() -> None:
    person = somebody()

    for code in ("leaflet", "radio", "friend"):
        touched(person, code)

    assert ends(person) == ("leaflet", "friend")
    assert Touch.objects.filter(person=person).count() == 3


def test_who_says_nothing_leaves_nothing() -> None:
    person = somebody()

    assert sources.touch(person_id=person.id, came_by=CameBy(), what="form") is None
    assert touched(person, "-- // --") is None
    assert not Touch.objects.exists()


def test_without_a_code_the_utm_source_is_it() -> None:
    person = somebody()

    touched(person, "", utm={"utm_source": "News Letter", "utm_campaign": "May"})

    assert ends(person) == ("news-letter", "news-letter")
    assert Touch.objects.get().utm == {"utm_source": "News Letter", "utm_campaign": "May"}


def test_only_so_many_codes_of_strangers_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FOUND_A_DAY", 3)
    person = somebody()

    for number in range(5):
        touched(person, f"code-{number}", utm={"utm_medium": "x"})
    touched(person, "code-1")

    assert SourceCode.objects.count() == 3
    assert ends(person) == ("code-0", "code-1")


@given(strategies.text(max_size=300))
def test_any_text_becomes_a_code_that_stays_itself(text: str) -> None:
    code = sources.normalised(text)

    assert len(code) <= 40
    assert set(code) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert sources.normalised(code) == code


# --- who sent them -----------------------------------------------------------------------------


def test_a_code_of_a_person_names_its_person_and_nobody_reads_it() -> None:
    person = somebody()

    code = referrals.code_of(person.id)

    assert referrals.person_id_of(code) == person.id
    assert str(person.id) not in code
    for changed in (code[:-1], code[1:] + code[0], "A" * 32, "ä" * 32, ""):
        assert referrals.person_id_of(changed) is None


def test_the_recruiter_is_kept_and_nobody_brings_in_themselves() -> None:
    recruiter, other = somebody("bo@example.org"), somebody("cy@example.org")
    person = somebody()

    touched(person, "", ref=referrals.code_of(person.id))
    assert Person.objects.get(id=person.id).recruiter_id is None
    touched(person, "", ref=referrals.code_of(recruiter.id))
    touched(person, "", ref=referrals.code_of(other.id))

    assert Person.objects.get(id=person.id).recruiter_id == recruiter.id
    assert [row.referrer_id for row in Touch.objects.order_by("id")] == [recruiter.id, other.id]


def test_a_code_of_somebody_erased_brings_nobody() -> None:
    gone = somebody("bo@example.org")
    code = referrals.code_of(gone.id)
    erasing.erase(gone.id, gone.key_id)

    touched(somebody(), "", ref=code)

    assert not Touch.objects.exists()


# --- the office ------------------------------------------------------------------------------


def test_a_found_code_is_named_and_an_own_one_is_taken() -> None:
    touched(somebody(), "Leaflet")

    row = sources.add(code="leaflet", name="Leaflets", channel="paper", by=of_role(Role.ORGANISER))

    assert (row.name, row.is_found) == ("Leaflets", False)
    with pytest.raises(sources.CodeIsTaken):
        sources.add(code="LEAFLET", name="", channel="paper", by=SYSTEM)
    with pytest.raises(sources.CodeIsMissing):
        sources.add(code="…", name="", channel="paper", by=SYSTEM)


def cost(code: str = "ads", minor: int = 500, currency: str = "GBP", days: int = 6) -> Cost:
    first = date(2026, 3, 1)
    return Cost(code, first, first + timedelta(days=days), minor, currency)


def test_the_same_days_again_put_the_new_amount_in_place_of_the_old() -> None:
    sources.note_spend(costs=[cost(), cost(currency="EUR")], by=of_role(Role.DATA_MANAGER))
    sources.note_spend(costs=[cost(minor=700)], by=SYSTEM)

    found = Spend.objects.order_by("currency").values_list("currency", "amount_minor")
    assert list(found) == [("EUR", 500), ("GBP", 700)]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (cost(minor=0), sources.AmountOutOfRange),
        (cost(minor=-5), sources.AmountOutOfRange),
        (cost(minor=10**13), sources.AmountOutOfRange),
        (cost(days=-1), sources.DaysOutOfOrder),
        (cost(code="…"), sources.CodeIsMissing),
    ],
)
def test_a_wrong_cost_is_refused_and_nothing_is_kept(wrong: Cost, refusal: type) -> None:
    with pytest.raises(refusal):
        sources.note_spend(costs=[cost(), wrong], by=SYSTEM)

    assert not Spend.objects.exists()


@pytest.mark.parametrize("by", [VISITOR, *map(of_role, NAMES)], ids=str)
def test_who_may_not_keep_sources(by: Actor) -> None:
    row = sources.add(code="ads", name="", channel="ad", by=SYSTEM)
    sources.note_spend(costs=[cost()], by=SYSTEM)
    spend_id = Spend.objects.get().id

    for forbidden in (
        lambda: sources.add(code="x", name="", channel="ad", by=by),
        lambda: sources.rename(source_id=row.id, name="y", channel="ad", by=by),
        lambda: sources.note_spend(costs=[cost(minor=1)], by=by),
        lambda: sources.remove_spend(spend_id=spend_id, by=by),
    ):
        with pytest.raises(sources.OnlyTheTeamKeepsSources):
            forbidden()

    assert list(Spend.objects.values_list("amount_minor", flat=True)) == [500]


# --- what is left when somebody goes -----------------------------------------------------------


def test_an_erasure_takes_codes_that_only_they_brought() -> None:
    gone, stays = somebody(), somebody("bo@example.org")
    touched(gone, "jane-doe-told-me")
    touched(gone, "leaflet")
    touched(stays, "leaflet")

    erasing.erase(gone.id, gone.key_id)

    assert list(SourceCode.objects.values_list("code", flat=True)) == ["leaflet"]
