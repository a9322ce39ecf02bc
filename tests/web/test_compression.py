"""Pages are compressed where the browser asks for it, and never those of one reader."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from groundswell.web import compression

WORDS = "One Saturday. A hundred bus stops. " * 100


def _answer(response: Any, accepted: str = "gzip, deflate, br") -> Any:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepted
    return compression.compressed(lambda _request: response)(request)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=nonsense", ""),
        ("br;level=4", "br"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_the_encoding_follows_what_the_browser_accepts(accepted: str, encoding: str) -> None:
    assert compression.chosen(accepted) == encoding


def test_a_public_page_travels_as_brotli() -> None:
    answer = _answer(HttpResponse(WORDS, headers={"ETag": '"one"'}))

    assert brotli.decompress(answer.content).decode() == WORDS
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == 'W/"one"'


def test_a_public_page_travels_as_gzip() -> None:
    answer = _answer(HttpResponse(WORDS), "gzip")

    assert gzip.decompress(answer.content).decode() == WORDS
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_browser_without_compression_gets_the_page_and_caches_hear_of_it() -> None:
    answer = _answer(HttpResponse(WORDS), "")

    assert answer.content.decode() == WORDS
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not answer.has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Cache-Control": "no-store"}, WORDS),  # one reader's own page
        ({"Content-Encoding": "gzip"}, WORDS),
        ({"Content-Type": "image/webp"}, WORDS),
        ({}, "short"),
    ],
)
def test_some_answers_are_left_alone(headers: dict[str, str], words: str) -> None:
    before = dict(HttpResponse(words, headers=headers).headers)

    answer = _answer(HttpResponse(words, headers=headers))

    assert answer.content.decode() == words
    assert dict(answer.headers) == before


def test_a_stream_is_left_alone() -> None:
    answer = _answer(StreamingHttpResponse(iter([WORDS.encode()])))

    assert b"".join(answer.streaming_content).decode() == WORDS


@pytest.mark.django_db
def test_only_the_page_of_everybody_is_compressed(client: Any) -> None:
    from tests.factories import events, links

    event = events.listed_event()
    token = links.host_token(event)

    public = client.get(f"/en/e/{event.slug}", headers={"Accept-Encoding": "br"})
    private = client.get(f"/en/my/event/{token}", headers={"Accept-Encoding": "br"})

    assert public.headers["Content-Encoding"] == "br"
    assert not private.has_header("Content-Encoding")
    assert private.status_code == 200
