"""Pages travel compressed: brotli, or gzip, where the browser asks for one (RFC 9110, 12.5.3).

Compression can tell an eavesdropper who makes somebody's browser ask for a page, again and again
with changing words in its address, what else stands on that page (BREACH, CVE-2013-3587). So a
page that only its reader may see is never compressed: those answers carry ``no-store``
(web/requests.py). What is left is the same for every visitor, but for Django's form token, which
is masked anew in each answer. Streams and files with their own encoding pass untouched.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # it comes without types; two calls are used
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponseBase]

WORTH_IT_BYTES = 700  # below, an answer fits into its first packet anyway
BROTLI_QUALITY = 5  # 1 to 2 ms for the campaign page; 11 takes a hundred times as long
GZIP_LEVEL = 6
_TYPES = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "image/svg+xml",
)


def compressed(get_response: Answer) -> Answer:
    """Middleware: the body in the best encoding that both sides know."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and _may_be_compressed(response):
            patch_vary_headers(response, ("Accept-Encoding",))
            _compress(response, chosen(request.headers.get("Accept-Encoding", "")))
        return response

    return middleware


def _may_be_compressed(response: HttpResponse) -> bool:
    return (
        not response.has_header("Content-Encoding")
        and "no-store" not in response.headers.get("Cache-Control", "")
        and response.headers.get("Content-Type", "").startswith(_TYPES)
        and len(response.content) >= WORTH_IT_BYTES
    )


def _compress(response: HttpResponse, encoding: str) -> None:
    if encoding == "br":
        response.content = brotli.compress(
            response.content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY
        )
    elif encoding == "gzip":
        response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
    else:
        return
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        response.headers["ETag"] = f"W/{etag}"  # equal in meaning, not byte for byte


def chosen(accepted: str) -> str:
    """``br``, ``gzip`` or "" from an Accept-Encoding header; what is weighed with 0 is refused."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, parameter = part.strip().partition(";")
        weights[name.strip()] = _weight(parameter.strip())
    everything = weights.get("*", 0.0)
    return next((name for name in ("br", "gzip") if weights.get(name, everything) > 0), "")


def _weight(parameter: str) -> float:
    if not parameter.startswith("q="):
        return 1.0
    try:
        return float(parameter[2:])
    except ValueError:
        return 0.0
