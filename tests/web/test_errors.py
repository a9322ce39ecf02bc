"""The page of last resort works while everything else is broken."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import path
from django.utils import translation

from groundswell.web import errors


def test_the_page_about_a_broken_house_needs_no_database(rf: Any) -> None:
    """Without the mark ``django_db`` any query fails this test."""
    with translation.override("ar"):
        response = errors.broken(rf.get("/ar/"))

    assert response.status_code == 500
    assert b'<html lang="ar" dir="rtl">' in response.content


def test_other_error_pages_would_need_one(rf: Any) -> None:
    from groundswell.site import queries as site_queries

    site_queries.forget_name()
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        errors.not_found(rf.get("/en/"))


@pytest.mark.django_db
def test_a_view_that_breaks_ends_on_that_page(client: Any, settings: Any) -> None:
    from groundswell.web import guards

    @guards.anyone()
    def breaks(request: Any) -> Any:
        raise ZeroDivisionError

    class Addresses:
        urlpatterns = [path("breaks", breaks)]
        handler500 = staticmethod(errors.broken)

    settings.ROOT_URLCONF = Addresses
    client.raise_request_exception = False

    response = client.get("/breaks")

    assert response.status_code == 500
    assert b"Something broke on our side" in response.content
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
