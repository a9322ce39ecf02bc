"""Bodies that no browser sends: broken ones, other kinds, fields missing, doubled and by the
thousand, and the posts of mail providers with anything in them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from django.test import override_settings

from bench.attack.asking import FORM, Ground, encoded
from bench.attack.corpus import Supply
from bench.attack.forms import BOUNDARY, Form, Found
from groundswell.outreach.operations import aliases
from groundswell.webhooks import providers

KIND = "body"
_BROKEN, _POSTS = 8, 700  # by address, and for each provider, of a whole run
_LEFT_OUT = 4  # fields of a form that are left out and doubled
_SECRET = "a-secret-of-the-bench-that-is-long-enough"
_MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def attack(ground: Ground, found: Found) -> None:
    """Each address that takes a post, then each reader of a provider's posts."""
    taken: dict[str, Form] = {}
    for form in found.forms:
        if form.method == "POST" and (form.takes or form.path not in taken):
            taken[form.path] = form
    for form in taken.values():
        _broken(ground, form)
        _fields(ground, form)
    for name in providers.READERS:
        _provider(ground, name)


def _ask(ground: Ground, form: Form, body: bytes, content_type: str) -> None:
    with ground.visit(form.asker):
        answer = ground.ask(
            KIND, form.asker, "POST", form.path, body=body, content_type=content_type
        )
        ground.tally.count(KIND)
        ground.look(KIND, answer)


def _bodies(ground: Ground, form: Form) -> list[tuple[bytes, str]]:
    """Bodies with what they call themselves."""
    good, mark = encoded(form.filled()), BOUNDARY.encode()
    part = b"--" + mark + b'\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n%s\r\n'
    names = [one.name.encode() for one in form.fields] or [b"x"]
    return [
        (b"", _MULTIPART),
        (good, _MULTIPART),
        (good, "multipart/form-data"),
        (good, "multipart/form-data; boundary="),
        (good, f"multipart/form-data; boundary={'x' * 300}"),
        (good, "multipart/form-data; boundary=\u00e9"),
        (part % (names[0], b"", b"zqx"), _MULTIPART),  # it never ends
        (part % (names[0], b"Content-Transfer-Encoding: base64\r\n", b"!"), _MULTIPART),
        (part % (names[0], b"Content-Type: text/plain; charset=zqx\r\n", b"\xff"), _MULTIPART),
        (part % (b"\xff\xfe", b"", b"\xff") + b"--" + mark + b"--", _MULTIPART),
        (b"--" + mark + b"\r\n\r\n\r\nzqx\r\n--" + mark + b"--\r\n", _MULTIPART),
        (b"--" + mark + b"\r\nContent-Disposition: form-data\r\n\r\nzqx\r\n", _MULTIPART),
        (good, f"{FORM}; charset=zqx"),
        (good, f"{FORM}; charset=utf-16"),
        (good, f"{FORM}; charset=utf-7"),
        (good, "application/json"),
        (good, ""),
        (good, "zqx/" + "x" * 5_000),
        (b'{"zqx": 1}', "application/json"),
        (b"%", FORM),
        (b"%zz=%zz&=&&&=zqx", FORM),
        (b"\xff\xfe=\xff", FORM),
        (b"&".join(b"f%d=zqx" % number for number in range(2_000)), FORM),
        (b"x=" + b"z" * 3_000_000, FORM),
        (good + b"&" + good, FORM),
        (good.replace(b"&", b";"), FORM),
        (good[: len(good) // 2] + b"%", FORM),
        (b"\0" * 64, FORM),
    ]


def _broken(ground: Ground, form: Form) -> None:
    bodies = _bodies(ground, form)
    for body, content_type in ground.dice.sample(bodies, min(len(bodies), ground.share(_BROKEN))):
        _ask(ground, form, body, content_type)


def _fields(ground: Ground, form: Form) -> None:
    """Each field left out, and each given twice: the first, then the last is somebody else's."""
    good = form.filled()
    names = ground.dice.sample(sorted({name for name, _value in good}), len(dict(good)))
    for name in names[: ground.share(min(len(names), _LEFT_OUT))]:
        _ask(ground, form, encoded([pair for pair in good if pair[0] != name]), FORM)
        _ask(ground, form, encoded([*good, (name, "zqx")]), FORM)
        _ask(ground, form, encoded([(name, "zqx"), *good]), FORM)


# --- mail providers ----------------------------------------------------------------------------


def _provider(ground: Ground, name: str) -> None:
    """Posts with the right password and anything else in them; then without the password."""
    supply, visitor = Supply(ground.dice), ground.asker("visitor")
    coded = b64encode(f"x:{_SECRET}".encode()).decode()
    with override_settings(GROUNDSWELL_INBOUND_PROVIDER=name):
        for number in range(ground.share(_POSTS)):
            body, content_type = next(_posts(ground, name, supply))
            has_password = number % 8 != 0
            headers = {"HTTP_AUTHORIZATION": f"Basic {coded}"} if has_password else {}
            with ground.visit(visitor) as wrote:
                answer = ground.ask(
                    KIND, visitor, "POST", "/webhooks/mail/provider", body=body,
                    content_type=content_type, **headers,
                )  # fmt: skip
            ground.tally.count(KIND)
            if not has_password and (answer.status != 400 or wrote):
                what = f"{name}: a post without the password was kept"
                ground.tally.got_through(KIND, what, answer.again)


def _posts(ground: Ground, name: str, supply: Supply) -> Iterator[tuple[bytes, str]]:
    """What a provider would post, with other things in places of its own."""
    alias = _alias(ground)
    told: dict[str, Any] = {
        "RawEmail": "From: a@example.org\r\n\r\nzqx",
        "MessageID": "m1",
        "OriginalRecipient": alias,
        "Headers": [{"Name": "Return-Path", "Value": "a@example.org"}],
        "email": "From: a@example.org\r\n\r\nzqx",
        "envelope": json.dumps({"from": "a@example.org", "to": [alias]}),
        "timestamp": "1772618400",
        "token": "zqx",
        "signature": "zqx",
        "recipient": alias,
        "sender": "a@example.org",
        "body-mime": "zqx",
    }
    for key in ground.dice.sample(sorted(told), 3):
        told[key] = _anything(ground, supply)
    if name == "postmark":
        whole = told if ground.dice.random() < 0.9 else _anything(ground, supply)
        yield json.dumps(whole).encode(), "application/json"
        return
    envelope = {"from": _anything(ground, supply), "to": [alias, _anything(ground, supply)]}
    told["envelope"] = json.dumps(envelope)
    yield encoded([(key, str(value)) for key, value in told.items()]), FORM


def _alias(ground: Ground) -> str:
    """A living address, so that what is posted is kept."""
    from groundswell.outreach.models import Alias, Conversation

    known = Alias.objects.first()
    talk = known.conversation if known else None
    if talk is None:
        found = Conversation.objects.select_related("event")
        talk = found.get(id=ground.world.conversation_ids[1])
    return aliases.address_of(talk, Conversation.Side.PERSON)


def _anything(ground: Ground, supply: Supply) -> Any:
    text = supply.next().text
    return ground.dice.choice(
        [text, text, None, 1, -1.5, 10**30, True, [], {}, [text], {"Name": text}, [[1]], [None],
         {"to": 1}, [{"Name": 1, "Value": None}], "\ud800", "", float("nan"), {"zqx": {"zqx": []}}]
    )  # fmt: skip
