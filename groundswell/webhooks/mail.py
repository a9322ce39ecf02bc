"""Mail that comes in by HTTP: signed raw mail from any mail server, or a provider's own form.

The signature is checked over the raw bytes, the mail is stored under its unique id, then comes the
answer. Who it is from and what becomes of it is decided by a job.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from groundswell.kernel import clock, signed_posts
from groundswell.outreach.operations import inbound
from groundswell.outreach.relay import envelopes, reading
from groundswell.web import guards
from groundswell.webhooks import providers

WHAT_IT_IS = "This address takes mail from a mail server, by a signed POST.\n"
_BROKEN = (RequestDataTooBig, RawPostDataException, UnreadablePostError)


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


def _refused() -> HttpResponse:
    """One answer for every fault, so that nobody learns how far they came."""
    return _plain("The signature does not match.\n", 400)


@csrf_exempt  # another machine posts; the signature over the raw bytes is the proof
@guards.anyone(post=True)
def raw(request: HttpRequest) -> HttpResponse:
    """A raw mail, signed as Standard Webhooks say (``groundswell receive-mail`` does)."""
    if request.method != "POST":
        return _plain(WHAT_IT_IS)
    try:
        body = request.body
    except _BROKEN:
        return _plain("This mail is too large.\n", 400)
    headers = request.headers
    post_id = headers.get("Webhook-Id", "")
    is_signed = signed_posts.is_signed(
        secrets=settings.GROUNDSWELL_INBOUND_SECRETS,
        post_id=post_id,
        timestamp=headers.get("Webhook-Timestamp", ""),
        signature=headers.get("Webhook-Signature", ""),
        body=body,
        now=clock.now(),
    )
    if not is_signed:
        return _refused()
    envelope = envelopes.read(body)
    return _kept(
        providers.Posted(post_id, envelope.sender, envelope.recipients, envelope.content), "raw"
    )


@csrf_exempt  # as above; what proves each provider's post stands in providers.py
@guards.anyone(post=True)
def provider(request: HttpRequest) -> HttpResponse:
    """A mail from the provider of this installation (GROUNDSWELL_INBOUND_PROVIDER)."""
    if request.method != "POST":
        return _plain(WHAT_IT_IS)
    name = settings.GROUNDSWELL_INBOUND_PROVIDER
    reader = providers.READERS.get(name)
    try:
        posted = reader(request) if reader is not None else None
    except _BROKEN:
        return _plain("This mail is too large.\n", 400)
    return _kept(posted, name) if posted is not None else _refused()


def _kept(posted: providers.Posted, way: str) -> HttpResponse:
    if len(posted.content) > reading.MOST_BYTES:
        return _plain("This mail is too large.\n", 400)
    inbound.store(
        way=way,
        event_id=posted.event_id,
        sender=posted.sender,
        recipients=posted.recipients,
        content=posted.content,
    )
    return HttpResponse(status=204)


urlpatterns = [
    path("mail", raw, name="inbound_mail"),
    path("mail/provider", provider, name="inbound_provider"),
]
