"""The session rows at their edges: another key, a lost race, a new day, the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError

from groundswell.accounts.models import Session
from groundswell.accounts.sessions import SessionStore
from groundswell.kernel import clock
from groundswell.site import vault
from groundswell.site.models import DataKey

pytestmark = pytest.mark.django_db


def saved(**data: Any) -> SessionStore:
    store = SessionStore()
    for name, value in data.items():
        store[name] = value
    store.save()
    return store


def test_a_key_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = saved(a=1).session_key
    drawn = iter([taken, "b" * 32])
    monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda self: next(drawn))

    store = SessionStore()
    store.create()

    assert store.session_key == "b" * 32
    assert SessionStore(taken)["a"] == 1
    assert store.exists(taken or "")


def test_a_session_that_nobody_read_can_be_saved_and_deleted() -> None:
    key = saved(a=1).session_key

    store = SessionStore(key)
    store["b"] = 2
    store.save()
    assert dict(SessionStore(key).items()) == {"a": 1, "b": 2}
    blind = SessionStore(key)
    blind._session_cache = {"c": 3}
    blind.save()
    assert dict(SessionStore(key).items()) == {"c": 3}
    SessionStore().delete(key)

    unread = SessionStore(key)
    unread._session_cache = {"d": 4}
    with pytest.raises(UpdateError, match="ended"):
        unread.save()
    SessionStore().delete()


def test_the_day_last_seen_moves_once_a_day(
    still_clock: Any, django_assert_num_queries: Any
) -> None:
    key = saved(a=1).session_key
    Session.objects.update(expires_at=clock.now() + timedelta(days=9))
    with django_assert_num_queries(1):
        SessionStore(key).load()
    still_clock.shift(timedelta(days=1))

    with django_assert_num_queries(2):
        SessionStore(key).load()

    assert Session.objects.get().last_seen_on == clock.now().date()


def test_another_house_key_signs_everybody_out() -> None:
    key = saved(a=1).session_key
    DataKey.objects.all().delete()
    vault.forget()

    assert SessionStore(key).load() == {}


def test_clear_expired_keeps_the_living(still_clock: Any) -> None:
    short, long = saved(a=1), saved(a=2)
    Session.objects.filter(id=short.row_id).update(expires_at=clock.now())

    SessionStore.clear_expired()

    assert list(Session.objects.values_list("id", flat=True)) == [long.row_id]
