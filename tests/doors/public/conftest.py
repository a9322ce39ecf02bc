"""The public pages keep totals for half a minute: no test sees another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def fresh_totals() -> Iterator[None]:
    from groundswell.public import totals  # once the apps are loaded
    from groundswell.site import queries as site_queries

    totals.forget()
    site_queries.forget_name()
    yield
    totals.forget()
    site_queries.forget_name()
