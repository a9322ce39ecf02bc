"""Takes addresses, numbers and family names out of what one person passes on to another.

Nobody's address is passed on, not even when its owner writes it on purpose: a message may be
forced, forged or forwarded. People who want to know each other's number ask when they meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import Leniency

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff]")
_BETWEEN = re.compile("(?<=[\x21-\x7e])[\u200c\u200d]|[\u200c\u200d](?=[\x21-\x7e])")
_AT = r"(?:@|＠|﹫|[\[({<]\s{0,3}(?:at|@|arroba|ät|chez)\s{0,3}[\])}>])"
_DOT = r"(?:\.|．|。|[\[({<]\s{0,3}(?:dot|punto|point|\.)\s{0,3}[\])}>])"
_EMAIL = re.compile(
    rf"[^\s@＠<>()\[\]\",;:]{{1,64}}\s{{0,2}}{_AT}\s{{0,2}}[^\s@<>()\[\]\",;:]{{1,120}}"
    rf"(?:\s{{0,2}}{_DOT}\s{{0,2}}[^\s@<>()\[\]\",;:.]{{2,40}}){{0,4}}",
    re.IGNORECASE,
)
_SPELT_OUT = re.compile(  # amina at example dot org
    r"\b[\w.+-]{1,64}\s{1,3}(?:at|arroba|ät)\s{1,3}[\w-]{1,60}"
    r"(?:\s{1,3}(?:dot|punto|point|punkt)\s{1,3}[\w-]{2,30}){1,3}\b",
    re.IGNORECASE,
)
_CONTACT_LINK = re.compile(
    r"(?:(?:mailto|tel|sms|smsto|callto|whatsapp|skype|xmpp|sip|facetime)\s?:|(?:https?://)?"
    r"(?:www\.)?(?:wa\.me|api\.whatsapp\.com|t\.me|signal\.me|m\.me|viber\.me)/)[^\s<>]{1,300}",
    re.IGNORECASE,
)
_URL = re.compile(r"\bhttps?://[^\s<>]{1,1000}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?:\+|\b00)?\(?\d(?:[\s().\-/‐-―·]{0,3}\d){7,16}")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)"
    r"(?:\.?\s+\d{1,2})?(?:\s?-\s?\d{1,2})?"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not get through, of one of the two people."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    given: str = ""
    family: str = ""


def redact(text: str, secrets: tuple[Secrets, ...], *, countries: tuple[str, ...] = ()) -> str:
    """The text without addresses, numbers and the family names of ``secrets``.

    ``countries``: ISO codes whose way of writing a number without its prefix is recognised.
    """
    removed = _("[address removed]")
    number_removed = _("[number removed]")
    text = _BETWEEN.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    text = _CONTACT_LINK.sub(removed, text)
    for one in secrets:
        for email in one.emails:
            text = re.sub(re.escape(email), removed, text, flags=re.IGNORECASE)
        for phone in one.phones:
            text = _without_number(text, phone, number_removed)
    text = _EMAIL.sub(removed, text)
    text = _SPELT_OUT.sub(removed, text)
    text = _without_numbers(text, number_removed, countries)
    for one in secrets:
        text = _without_family(text, one)
    return text


def _western(text: str) -> str:
    """The same length, with the digits of every script as 0 to 9."""
    return "".join(
        str(unicodedata.digit(letter, 0)) if letter.isdigit() and not letter.isascii() else letter
        for letter in text
    )


def _without_number(text: str, phone: str, removed: str) -> str:
    """Without one known number, however it is spaced, with or without its country code."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < 7:
        return text
    tail = digits[-min(len(digits), 9) :]  # the national number without its first zero or code
    spaced = r"[\s().\-/‐-―·_*]{0,3}".join(tail)
    pattern = re.compile(rf"(?:\+|\b00)?(?:\d[\d\s().\-/]{{0,11}})?{spaced}")
    return _replaced(text, [found.span() for found in pattern.finditer(_western(text))], removed)


def _without_numbers(text: str, removed: str, countries: tuple[str, ...]) -> str:
    """Without anything that a numbering plan knows, or that has 8 digits and more. Dates stay,
    and so do links: those of meetings end in long numbers."""
    plain = _western(text)
    safe = [found.span() for found in _URL.finditer(plain)]
    spans = [
        (found.start, found.end)
        for country in (*countries, None)
        for found in phonenumbers.PhoneNumberMatcher(plain, country, leniency=Leniency.VALID)
    ]
    spans += [
        found.span()
        for found in _LONG_NUMBER.finditer(plain)
        if not _DATE.fullmatch(found.group().strip())
    ]
    outside = [
        (start, end)
        for start, end in spans
        if not any(start < upto and end > since for since, upto in safe)
    ]
    return _replaced(text, outside, removed)


def _replaced(text: str, spans: list[tuple[int, int]], words: str) -> str:
    """``words`` in place of every span; spans that touch become one."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            at = max(at, end)
            continue
        pieces += [text[at:start], words]
        at = end
    return "".join([*pieces, text[at:]])


def _without_family(text: str, one: Secrets) -> str:
    """Only the first name and one letter, as people see each other here."""
    words = one.family.split()
    if not one.given or not any(len(word) > 1 for word in words):
        return text
    initial = next((letter for letter in one.family if letter.isalpha()), "") + "."
    shown = f"{one.given} {initial}".replace("\\", r"\\")  # to `re.sub` a backslash gives orders
    for given, others in ((one.given, words), (_bare(one.given), [_bare(word) for word in words])):
        first, family = re.escape(given), r"\s{1,3}".join(map(re.escape, others))
        both = rf"(?<!\w)(?:{first}[\s,]{{1,3}}{family}|{family},?\s{{1,3}}{first})(?!\w)"
        text = re.sub(both, shown, text, flags=re.IGNORECASE)
        for word in others:
            text = _without_name(text, word, initial)
    return text


def _without_name(text: str, word: str, initial: str) -> str:
    """Without a part of a family name that stands alone, written as a name or in capitals.

    In small letters it may be a word ("young people"), and the short ones ("de") always are.
    """
    if len(word) < 3:
        return text
    written = {word.upper(), word[:1].upper() + word[1:]}
    either = "|".join(re.escape(one) for one in sorted(written))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", initial, text)


def _bare(name: str) -> str:
    """``Marín`` as people without that letter on their keyboard write it."""
    letters = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
