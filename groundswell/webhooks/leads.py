"""Leads that ad services post: signed, stored under their own id, answered at once.

Three ways to sign with the secret of the lead source: ``X-Hub-Signature-256`` over the raw body
(Meta), the three headers of Standard Webhooks (anything that we are told to trust), and
``google_key`` inside of the body (Google's lead forms sign nothing else).
"""

from __future__ import annotations

import hmac
import json
import re
from hashlib import sha256
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from groundswell.kernel import clock, signed_posts
from groundswell.people import lead_files, lead_queries
from groundswell.people.operations import leads
from groundswell.web import guards

WHAT_IT_IS = "This address takes leads from an ad service, by a signed POST.\n"
MOST_BYTES = 1024 * 1024
_BROKEN = (RequestDataTooBig, RawPostDataException, UnreadablePostError)
_CHALLENGE = re.compile(r"[A-Za-z0-9._-]{1,128}")


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


@csrf_exempt  # another machine posts; the signature over the raw bytes is the proof
@guards.anyone(post=True)
def post(request: HttpRequest, lead_key: str) -> HttpResponse:
    """One answer for every fault, also for a key that nobody has."""
    secret = lead_queries.secret_of(lead_key)
    if request.method != "POST":
        return _greeting(request, secret)
    try:
        body = request.body
    except _BROKEN:
        return _plain("This post is too large.\n", 400)
    if len(body) > MOST_BYTES:
        return _plain("This post is too large.\n", 400)
    told = _json(body)
    if not secret or not _is_signed(request, secret, body, told):
        return _plain("The signature does not match.\n", 400)
    found = lead_queries.living(lead_key)
    if found is not None:
        leads.store(lead_source=found, leads=lead_files.of_post(told))
    return HttpResponse(status=204)


def _greeting(request: HttpRequest, secret: str) -> HttpResponse:
    """Meta asks once whether the address is ours, and wants its own word back."""
    token = request.GET.get("hub.verify_token", "")
    word = request.GET.get("hub.challenge", "")
    wanted = lead_queries.verify_token(secret)
    is_ours = bool(secret) and hmac.compare_digest(token.encode("utf-8", "replace"), wanted)
    if is_ours and _CHALLENGE.fullmatch(word):
        return _plain(word)
    return _plain(WHAT_IT_IS)


def _is_signed(request: HttpRequest, secret: str, body: bytes, told: Any) -> bool:
    headers = request.headers
    given = headers.get("X-Hub-Signature-256", "").encode("utf-8", "replace")
    wanted = f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}".encode()
    is_good = hmac.compare_digest(given, wanted)
    is_good |= signed_posts.is_signed(
        secrets=[secret],
        post_id=headers.get("Webhook-Id", ""),
        timestamp=headers.get("Webhook-Timestamp", ""),
        signature=headers.get("Webhook-Signature", ""),
        body=body,
        now=clock.now(),
    )
    key = told.get("google_key", "") if isinstance(told, dict) else ""
    is_good |= hmac.compare_digest(str(key).encode("utf-8", "replace"), secret.encode())
    return is_good


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return {}


urlpatterns = [path("leads/<slug:lead_key>/", post, name="leads")]
