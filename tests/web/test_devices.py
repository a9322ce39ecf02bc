"""A device's coarse name: enough for its owner, nothing that tells two phones apart."""

from __future__ import annotations

import pytest
from django.utils import translation

from groundswell.web.devices import device_name, in_words

APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko Firefox/140.0", "Firefox on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Version/19 Safari/605.1", "Safari on Mac"),
        (f"{APPLE} Version/19.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{APPLE} CriOS/140.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Lynx/2.9 (Linux)", "Linux"),
        ("Opera OPR/1", "Opera"),
        ("curl/8", ""),
        ("", ""),
        ("\x00<script>" * 1000, ""),
    ],
)
def test_device_name_is_coarse(agent: str, name: str) -> None:
    assert device_name(agent) == name


@pytest.mark.parametrize(
    ("stored", "words"),
    [("Firefox on Android", "Firefox on Android"), ("Linux", "Linux"), ("", "A device")],
)
def test_in_words_says_something_for_every_device(stored: str, words: str) -> None:
    with translation.override("en"):
        assert in_words(stored) == words
