"""Keys made ahead and never taken go after a week; keys of people stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from groundswell.kernel import clock
from groundswell.people import queries
from groundswell.people.operations import keys, persons
from groundswell.people.operations.persons import Typed
from groundswell.site import vault
from groundswell.site.models import DataKey

pytestmark = pytest.mark.django_db


def test_unused_keys_go_after_a_week_and_those_of_people_stay(still_clock: Any) -> None:
    with transaction.atomic():
        known = persons.recognise(typed=Typed(given="Amina", email="amina@example.org"))
    house = vault.house_key_id()
    vault.forget()  # the process that made them has ended

    keys.tidy_keys.call()
    young = DataKey.objects.count()
    still_clock.shift(timedelta(days=8))
    keys.tidy_keys.call()

    assert young > 2
    left = set(DataKey.objects.values_list("id", flat=True))
    assert left == {house, vault.ROOT_KEY_ID, known.person.key_id}
    assert queries.name_of(known.person).given == "Amina"


def test_process_that_runs_for_weeks_never_hands_out_a_swept_key(still_clock: Any) -> None:
    vault.take_key_id()
    still_clock.shift(timedelta(days=8))
    vault.remove_keys(list(vault._spare))  # swept by another process

    with transaction.atomic():
        later = persons.recognise(typed=Typed(given="Bea", email="bea@example.org"))
    spares = vault._spare_since
    vault.forget()

    assert queries.name_of(later.person).given == "Bea"
    assert spares == clock.now().timestamp()
