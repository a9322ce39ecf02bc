"""Files that are not what they say: bombs, several formats in one, cut and torn ones, archives."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from PIL import Image

from bench.attack.asking import Answer, Ground
from bench.attack.corpus import Supply
from bench.attack.forms import BOUNDARY, Found, multipart
from groundswell.campaigns.models import Picture
from groundswell.kernel.refusal import Refusal
from groundswell.places import postcode_files

KIND = "upload"
_TORN, _ARCHIVES = 500, 160
_TAIL = b"zqxTAIL<script>zqx()</script>"
_TAILS = (
    _TAIL, b"<?php zqx() ?>" + _TAIL, b"PK\x03\x04" + b"\0" * 26 + _TAIL, b"%PDF-1.7\n" + _TAIL,
    b"<svg onload=zqx()>" + _TAIL, b"MZ\x90\0" + _TAIL, b"#!/bin/sh\n" + _TAIL, b"\xff\xd9" + _TAIL,
)  # fmt: skip
_NO_PICTURES = (
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='zqx()'/>",
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY z SYSTEM 'file:///etc/passwd'>]><svg>&z;</svg>",
    b"<html><script>zqx()</script>", b"%!PS-Adobe-3.0 EPSF-3.0\n(zqx) run", b"%PDF-1.7 zqx",
    b"BM" + b"\xff" * 60, b"II*\0" + b"\xff" * 60, b"8BPS" + b"\xff" * 40, b"GIF89a",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"P6 99999 99999 255\n", b"\0\0\1\0\1\0" + b"\xff" * 40,
    b"zqx",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"id=zqx\nSIMPLE  = T", b"\xff\xd8\xff\xe0",
    b"qoif" + b"\xff" * 9,
)  # fmt: skip
_NAMES = (
    "a.png", "zqx.svg", "../../zqx.png", "zqx.php", "a.png\x00.html", "zqx\r\nX-Zqx: 1", '".png"',
    "CON", "zqx" * 200, "", "\u202egnp.exe", "a.png; filename=zqx.html",
)  # fmt: skip
_TYPES = ("image/png", "image/svg+xml", "text/html", "application/zip", "", "image/png\r\nX-Zqx: 1")


def attack(ground: Ground, found: Found) -> None:
    """Every form with a file; and the one place that opens archives."""
    forms = [form for form in found.forms if any(one.kind == "file" for one in form.fields)]
    owner = ground.asker("owner")
    if not forms:
        ground.tally.broke(KIND, "no form takes a file", "uploads.attack")
    for form in {form.path: form for form in forms}.values():
        name = next(one.name for one in form.fields if one.kind == "file")
        for number, raw in enumerate(files(ground, ground.share(_TORN))):
            filename, kind = _NAMES[number % len(_NAMES)], _TYPES[number % len(_TYPES)]
            body = multipart(form.filled(), {name: raw}, filename=filename, kind=kind)
            with ground.visit(owner):
                Picture.objects.all().delete()
                answer = ground.ask(
                    KIND, owner, "POST", form.path, body=body,
                    content_type=f"multipart/form-data; boundary={BOUNDARY}",
                )  # fmt: skip
                ground.tally.count(KIND)
                ground.look(KIND, answer)
                _kept(ground, answer, raw)
    _archives(ground)


def _kept(ground: Ground, answer: Answer, raw: bytes) -> None:
    """What is kept was encoded by us, holds nothing of the file's words, and is served so."""
    visitor = ground.asker("visitor")
    for picture in Picture.objects.all():
        path = f"/c/{ground.world.campaigns[0].slug}/picture/{picture.digest}.webp"
        served = ground.ask(KIND, visitor, "GET", path)
        content = served.body
        is_ours = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
        is_as_sent = content == raw or b"zqx" in content.lower() or b"TAIL" in content
        is_plain = served.headers.get("Content-Type") == "image/webp"
        is_plain &= served.headers.get("X-Content-Type-Options") == "nosniff"
        if served.status != 200 or not is_ours or is_as_sent or not is_plain:
            again = f"{answer.again} with a file of {len(raw)} bytes: {raw[:120]!r}"
            ground.tally.got_through(KIND, f"a file was kept as it came ({served.status})", again)


# --- pictures ----------------------------------------------------------------------------------


def _good(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 30), 90 if mode in {"L", "P"} else (90, 80, 70)).save(out, kind, **options)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, data: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def files(ground: Ground, torn: int) -> Iterator[bytes]:
    """Good pictures, with tails, with words inside, bombs, none at all, and torn ones."""
    exif = Image.Exif()
    exif[0x010E] = "zqxTAIL"
    good = [
        _good("PNG"), _good("JPEG"), _good("WEBP"), _good("GIF"), _good("PNG", "L"),
        _good("JPEG", exif=exif), _good("JPEG", comment=_TAIL), _good("PNG", "P"),
    ]  # fmt: skip
    yield from good
    yield from (one + tail for one in good for tail in _TAILS)
    yield from (tail + one for one in good[:4] for tail in _TAILS)
    yield from _NO_PICTURES
    for side in (6_400, 20_000, 65_535, 2**31 - 1):
        yield _png(side, side, zlib.compress(b"\0" * 1_000_000))
    yield _png(100_000_000, 1, zlib.compress(b"\0" * 1_000))
    text = _chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 20_000_000, 9))
    yield good[0][:33] + text + good[0][33:]
    yield b"\0" * (5 * 1024 * 1024 + 1)
    for number in range(torn):
        content = bytearray(good[number % len(good)])
        for _change in range(ground.dice.randint(1, 12)):
            content[ground.dice.randrange(len(content))] = ground.dice.randrange(256)
        if number % 3 == 0:
            del content[ground.dice.randrange(len(content)) :]
        yield bytes(content)


# --- archives ----------------------------------------------------------------------------------


def _archives(ground: Ground) -> None:
    """The postcode table, which is the one thing that may come in a zip."""
    with tempfile.TemporaryDirectory(prefix="groundswell-attack-") as folder:
        path = Path(folder) / "table.zip"
        for content in islice(_zips(ground), ground.share(_ARCHIVES)):
            path.write_bytes(content)
            ground.tally.count(KIND)
            try:
                with postcode_files.opened(path) as (file, _size):
                    for line in islice(postcode_files.lines(file), 20_000):
                        if len(line) > 8_192:
                            ground.tally.got_through(
                                KIND, "an endless line is read", repr(content[:99])
                            )
                        postcode_files.parsed(line, "GB")
            except Refusal:
                pass
            except Exception as error:
                what = f"{type(error).__name__}: {str(error)[:100]}"
                ground.tally.broke(KIND, what, repr(content[:200]))
            strange = [each for each in Path(folder).rglob("*") if each != path]
            if strange:
                ground.tally.got_through(
                    KIND, f"an archive wrote {strange[0].name}", repr(content[:200])
                )


def _zip(names: list[str], content: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as packed:
        for name in names:
            packed.writestr(name, content)
    return out.getvalue()


def _zips(ground: Ground) -> Iterator[bytes]:
    line = b"GB\tLS1\tLeeds\t\t\t\t\t\t\t53.8\t-1.55\t4\n"
    supply = Supply(ground.dice, "path", "overlong", "shell")
    good = _zip(["GB.txt", "readme.txt"], line)
    yield good
    yield _zip(["GB.txt"], b"\0" * 60_000_000)  # 60 kB
    yield _zip(["GB.txt"], b"x" * 30_000_000)  # one line
    yield _zip([f"{number}.txt" for number in range(9_000)], b"")
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield _zip(["GB.txt"], line * 9, how)
    yield good.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    yield _zip(["a.zip"], good)
    while True:
        name = (
            supply.short(200).text.encode("utf-8", "replace").decode().replace("\x00", "") + ".txt"
        )
        yield _zip([name], line)
        torn = bytearray(good)
        for _change in range(ground.dice.randint(1, 9)):
            torn[ground.dice.randrange(len(torn))] = ground.dice.randrange(256)
        yield bytes(torn)
        del torn[ground.dice.randrange(len(torn)) :]
        yield bytes(torn)
        cells = b"\t".join(supply.next().text.encode("utf-8", "surrogatepass") for _e in range(12))
        yield _zip(["GB.txt"], b"GB\t" + cells + b"\n" + line)
