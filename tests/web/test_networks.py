"""Networks: only prefixes, only keyed, only for a day; nobody who comes by Tor is lumped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from groundswell.web import networks


def of(settings: Any, *, address: str = "203.0.113.7", proxies: int = 0, **meta: str) -> str:
    settings.GROUNDSWELL_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=address, **meta)
    return networks.network_of(request)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:5::1", "2001:db8:5:ffff::9", True),
        ("2001:db8:5::1", "2001:db8:6::1", False),
        ("::ffff:203.0.113.9", "203.0.113.7", True),
    ],
)
def test_a_network_is_its_prefix(settings: Any, one: str, other: str, is_same: bool) -> None:
    first, second = of(settings, address=one), of(settings, address=other)

    assert (len(first), len(second)) == (64, 64)
    assert (first == second) is is_same


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "", "unix:", "fe80::1%eth0", "0.0.0.0", "169.254.1.1"]
    + [".".join(map(str, parts)) for parts in ((10, 1, 2, 3), (192, 168, 0, 9), (172, 31, 0, 1))],
)
def test_an_address_of_this_machine_or_home_is_no_network(settings: Any, address: str) -> None:
    assert of(settings, address=address) == ""


def test_a_visitor_of_the_onion_service_has_no_network(settings: Any) -> None:
    onion = "a" * 56 + ".onion"

    assert of(settings, HTTP_HOST=onion) == ""
    assert of(settings, HTTP_HOST=f"{onion}:80") == ""
    assert of(settings, HTTP_HOST="act.example.org") != ""  # control


def test_a_header_is_believed_only_as_far_as_proxies_are_ours(settings: Any) -> None:
    told = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.7"}
    real = of(settings, address="203.0.113.7")

    assert of(settings, address="127.0.0.1", proxies=1, **told) == real
    assert of(settings, address="127.0.0.1", proxies=0, **told) == ""
    # What a visitor wrote there before our proxy saw it changes nothing.
    forged = {"HTTP_X_FORWARDED_FOR": "192.0.2.99, 198.51.100.77, 203.0.113.7"}
    assert of(settings, address="127.0.0.1", proxies=1, **forged) == real
    # Control: somebody who trusts one proxy too many believes the visitor.
    assert of(settings, address="127.0.0.1", proxies=2, **forged) != real
    assert of(settings, address="127.0.0.1", proxies=3, **told) == ""


def test_the_key_changes_every_day_and_cannot_go_back(settings: Any, still_clock: Any) -> None:
    today = of(settings)
    still_clock.shift(timedelta(hours=1))
    assert of(settings) == today
    still_clock.shift(timedelta(days=1))
    tomorrow, secret = of(settings), networks._secret
    still_clock.shift(timedelta(days=2))

    assert len({today, tomorrow, of(settings)}) == 3
    assert networks._secret != secret
    networks._day = None
