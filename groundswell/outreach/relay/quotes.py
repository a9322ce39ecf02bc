"""Keeps what somebody wrote just now: without quoted mail, forwarded mail and signatures.

Whatever is quoted has been read already, and headers of quoted mail are where addresses leak.
In doubt more is cut: the conversation's page shows everything that was said before.
"""

from __future__ import annotations

import re

# Stands on top of every mail that can be answered; everything from here on is ours.
MARK = "##~"

_QUOTE = re.compile(r"^\s*(>|&gt;|\|\s)")
_SIGNATURE = re.compile(r"^\s*(-- ?|—|__+|\*{3,}|={3,})\s*$")
_PHONE_SIGNATURE = re.compile(
    r"^\s*(sent from|sent with|get outlook|enviado desde|enviado do|envoy[ée] (de|depuis)"
    r"|gesendet (von|mit)|von meinem|inviato da|verzonden (van|vanaf)|أرسلت من|تم الإرسال"
    r"|skickat från|wysłane z|отправлено с).{0,80}$",
    re.IGNORECASE,
)
# "On Tue, 3 Mar 2026, Dolores <r-…> wrote:" and its cousins; they may be broken over three lines.
_ATTRIBUTION = re.compile(
    r"^\s*(on|am|le|el|il|op|em|dne|den|в|في|kl|pada|vào|(?:mon|tue|wed|thu|fri|sat|sun)\w*,?)\b"
    r".{0,300}(wrote|schrieb|a écrit|escribi[óo]|ha scritto|schreef|escreveu|napsal|skrev|написал"
    r"|пишет|كتب|كتبت|yazd[ıi]|menulis|đã viết|napisał)\b[^\n]{0,80}:?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ANY_WROTE = re.compile(r"^.{0,200}(<[^<>\n]{1,200}@[^<>\n]{1,200}>|@).{0,80}:\s*$")
_DIVIDER = re.compile(
    r"^\s*[-_=*─—]{2,}\s*(original|forwarded|weitergeleitet|urspr|mensaje|message|messaggio"
    r"|mensagem|doorgestuurd|oorspronkelijk|begin forwarded|الرسالة|رسالة|reply|antwort).{0,80}$",
    re.IGNORECASE,
)
_BEGIN_FORWARD = re.compile(
    r"^\s*(begin forwarded message|anfang der weitergeleiteten|inicio del mensaje"
    r"|début du message|inizio messaggio)", re.IGNORECASE
)  # fmt: skip
_HEADER = re.compile(
    r"^\s*[*_]?(from|sent|to|cc|bcc|date|subject|reply-to|sender|return-path|received|message-id"
    r"|von|gesendet|an|betreff|datum|de|para|enviado|asunto|fecha|envoy[ée]|[àa]|objet|da|inviato"
    r"|oggetto|van|aan|verzonden|onderwerp|من|إلى|المرسل|الموضوع|التاريخ|x-[a-z-]+)\s?[*_]?\s?:",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"^[ \t]*BEGIN:V(CARD|CALENDAR).*?(^[ \t]*END:V\1[ \t]*$|\Z)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def own_words(text: str) -> str:
    """The part of a mail's text that its sender wrote for this answer."""
    text = _CARD.sub("", text)
    lines = text.split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _ends_here(lines, number):
            break
        if not _QUOTE.match(line) and not _PHONE_SIGNATURE.match(line):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _ends_here(lines: list[str], number: int) -> bool:
    """Whether nothing of the sender's own follows from this line on."""
    line = lines[number][:500]
    if MARK in line or _SIGNATURE.match(line):
        return True
    if _DIVIDER.match(line) or _BEGIN_FORWARD.match(line):
        return True
    if _is_header_block(lines, number):
        return True
    if _ANY_WROTE.match(line):
        return True
    # An attribution may be wrapped: look at this line with the next two.
    return any(
        _ATTRIBUTION.match(" ".join(each.strip()[:300] for each in lines[number : number + more]))
        for more in (1, 2, 3)
        if line.strip()
    )


def _is_header_block(lines: list[str], number: int) -> bool:
    """Two lines of a mail's head in a row, as programs put them above what they quote."""
    following = [line[:300] for line in lines[number : number + 4] if line.strip()]
    return len([line for line in following[:3] if _HEADER.match(line)]) >= 2 and bool(
        _HEADER.match(lines[number][:300])
    )
