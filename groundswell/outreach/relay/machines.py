"""Tells mail that a machine wrote from mail that a person wrote. The first is never passed on.

RFC 3834 (automatic answers), RFC 3464 and 5337 (delivery reports), RFC 8098 (read receipts),
RFC 2919 (lists), and what common servers do instead.
"""

from __future__ import annotations

import re

from groundswell.outreach.relay.reading import Letter

_HOPS_MOST = (
    30  # RFC 5321 section 6.3 wants 100 at least before a loop is called one; ours is short
)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_AWAY_HEADERS = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-from", "x-away",
    "x-mail-autoreply", "x-vacation", "auto-reply", "x-autoreply-from",
)  # fmt: skip
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "x-mailman-version", "feedback-id")
_DAEMONS = re.compile(
    r"(mailer-daemon|postmaster|mail-daemon|mdaemon|no-?reply|do-?not-?reply|bounces?|daemon)"
    r"([+-].*)?@.*",
    re.IGNORECASE,
)
_REPORTS = ("multipart/report", "message/delivery-status", "message/disposition-notification")
_AWAY_SUBJECT = re.compile(
    r"^\s*(out of (the )?office|automatic reply|auto(matic)?[- ]?(reply|response)|abwesen"
    r"|automatische antwort|fuera de (la )?oficina|respuesta autom[aá]tica|ausencia"
    r"|absen(t|ce) du bureau|r[eé]ponse automatique|automatisch antwoord|risposta automatica"
    r"|resposta autom[aá]tica|رد تلقائي|undeliver(able|ed)|delivery status notification"
    r"|(mail )?delivery (has )?(fail\w*|subsystem|warning|delay\w*|notif\w*|problem)"
    r"|returned mail|failure notice)",
    re.IGNORECASE,
)


def why_not_a_person(letter: Letter, *, envelope_from: str, relay_domain: str) -> str:
    """Why this is no letter of a person, as a code; "" when it may be one."""
    if len(letter.headers.get("received", [])) > _HOPS_MOST or _is_ours(letter, relay_domain):
        return "loop"
    sender = (letter.addresses("from") or [""])[0]
    if letter.content_type.lower() in _REPORTS or envelope_from.strip() == "<>":
        return "bounce"
    if _DAEMONS.fullmatch(sender) or _DAEMONS.fullmatch(envelope_from.strip("<> ")):
        return "bounce"
    if letter.first("auto-submitted").partition(";")[0].strip().lower() not in {"", "no"}:
        return "automatic"
    if any(letter.first(name) for name in _AWAY_HEADERS):
        return "automatic"
    if letter.first("x-auto-response-suppress").strip().lower() == "all":
        return "automatic"
    if letter.first("precedence").strip().lower() in _BULK:
        return "list"
    if any(letter.first(name) for name in _LIST_HEADERS):
        return "list"
    if _AWAY_SUBJECT.match(letter.first("subject")):
        return "automatic"
    return ""


def _is_ours(letter: Letter, relay_domain: str) -> bool:
    """One of our own mails came back: forwarding keeps the Message-ID."""
    own = f"@{relay_domain.lower()}>"
    return letter.first("message-id").strip().lower().endswith(own)
