"""S16: five hundred files made to hurt: each is encoded anew or refused, in time and memory.

They run in a process of their own with a limit on its memory, as the web process would.
"""

from __future__ import annotations

import io
import json
import random
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from groundswell.campaigns import pictures

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MOST = 1_100 * 1024 * 1024  # address space, the interpreter and Pillow's code included
SECONDS_MOST = 5.0
MARK = b"SECRET-GPS-PLACE"


_PAINT = {"RGB": (90, 80, 70), "RGBA": (90, 80, 70, 60), "CMYK": (9, 8, 7, 6)}


def _encoded(
    kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, _PAINT.get(mode, 90)).save(out, kind, **options)
    return out.getvalue()


def _with_exif() -> bytes:
    """A photograph that says where it was taken, by whom, and that it stands on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (53.0, 48.0, 1.0)
    exif.get_ifd(0x8825)[29] = MARK.decode()
    return _encoded("JPEG", exif=exif, comment=MARK)


def _png_with_words() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", MARK.decode())
    told.add_itxt("XML:com.adobe.xmp", f"<x>{MARK.decode()}</x>", zip=True)
    return _encoded("PNG", pnginfo=told)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png_that_says(width: int, height: int, data: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = data or zlib.compress(b"\0" * 4_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")
    )


def _words_bomb() -> bytes:
    """A text chunk of 4 kB that unpacks to gigabytes."""
    squashed = zlib.compress(b"\0" * 50_000_000, 9)
    good = _encoded("PNG")
    return good[:33] + _chunk(b"zTXt", b"x\0\0" + squashed) + good[33:]


_TAILS = (
    b"<script>alert(1)</script>", b"<?php system('id') ?>", b"PK\x03\x04" + b"\0" * 30 + b"x",
    b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>", b"<svg onload=alert(1)>", b"MZ\x90\0" + b"\0" * 60,
    b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)//", b"#!/bin/sh\nid\n", b"<html><body onload=x()>",
)  # fmt: skip
_NO_PICTURES = (
    b"", b"x", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg>&a;</svg>",
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run", b"PK\x03\x04", b"%PDF-1.7",
    b"<html><script>alert(1)</script>", b"BM" + b"\xff" * 60, b"II*\0" + b"\xff" * 60,
    b"\x00\x00\x01\x00\x01\x00" + b"\xff" * 40, b"8BPS" + b"\xff" * 40, b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0", b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"GIF89a", b"P6 99999 99999 255\n",
    b"/* XPM */", b"gimp xcf v001", b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"qoif" + b"\xff" * 10,
)  # fmt: skip


def corpus() -> Iterator[tuple[str, bytes]]:
    """Name and content of every file; the same ones each time."""
    draw = random.Random(16)
    good = {
        "jpeg": _encoded("JPEG"), "png": _encoded("PNG"), "webp": _encoded("WEBP"),
        "gif": _encoded("GIF"), "palette": _encoded("PNG", mode="P"),
        "grey": _encoded("PNG", mode="L"), "alpha": _encoded("PNG", mode="RGBA"),
        "cmyk": _encoded("JPEG", mode="CMYK"), "deep": _encoded("PNG", mode="I;16"),
        "exif": _with_exif(), "words": _png_with_words(),
        "animated": _encoded("GIF", save_all=True, append_images=[Image.new("L", (60, 40))] * 20),
    }  # fmt: skip
    yield from good.items()
    for name, content in good.items():
        for number, tail in enumerate(_TAILS):
            yield f"{name}+tail{number}", content + tail
    yield from ((f"none{number}", content) for number, content in enumerate(_NO_PICTURES))
    for side in (6_400, 20_000, 65_535, 2**31 - 1):
        yield f"bomb{side}", _png_that_says(side, side)
    yield "flat bomb", _png_that_says(100_000_000, 1)
    yield "words bomb", _words_bomb()
    yield "largest", _encoded("PNG", size=(6_300, 6_300))
    yield "largest jpeg", _encoded("JPEG", size=(6_300, 6_300))
    yield "largest palette", _encoded("PNG", size=(6_300, 6_300), mode="P")
    yield "too heavy", _encoded("PNG") + b"\0" * (pictures.BYTES_MOST + 1)
    names = sorted(good)
    for number in range(360):
        content = bytearray(good[names[number % len(names)]])
        for _change in range(draw.randint(1, 12)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        if number % 3 == 0:
            del content[draw.randrange(len(content)) :]
        yield f"broken{number}", bytes(content)


def judge(raw: bytes) -> tuple[str, bytes]:
    """What became of a file: "picture" with its bytes, or the name of the refusal."""
    try:
        return "picture", pictures.cleaned(raw).content
    except (pictures.NotAPicture, pictures.PictureTooBig) as refusal:
        return type(refusal).__name__, b""


def main() -> None:
    """Judge them all within the limit on memory; one line of JSON."""
    import time

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    found, slowest, leaks, odd = {}, 0.0, [], []
    for name, raw in corpus():
        began = time.process_time()
        verdict, content = judge(raw)
        slowest = max(slowest, time.process_time() - began)
        found[name] = verdict
        if verdict == "picture":
            with Image.open(io.BytesIO(content)) as again:
                is_clean = (
                    again.format == "WEBP" and not again.getexif() and "xmp" not in again.info
                )
                if not is_clean or max(again.size) > pictures.SIDE_MOST:
                    odd.append(name)
            if MARK in content or any(tail in content for tail in _TAILS):
                leaks.append(name)
    print(json.dumps({"found": found, "slowest": slowest, "leaks": leaks, "odd": odd}))


@pytest.fixture(scope="module")
def judged() -> dict:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.campaigns.test_uploads"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    return dict(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_five_hundred_files_are_encoded_anew_or_refused(judged: dict) -> None:
    found = judged["found"]

    assert len(found) >= 500
    assert set(found.values()) == {"picture", "NotAPicture", "PictureTooBig"}
    assert judged["odd"] == []
    assert judged["slowest"] < SECONDS_MOST
    assert {found[f"none{number}"] for number in range(len(_NO_PICTURES))} == {"NotAPicture"}
    assert found["exif"] == found["jpeg+tail0"] == found["largest"] == "picture"
    bombs = {name: what for name, what in found.items() if name.startswith("bomb")}
    assert set(bombs.values()) == {"PictureTooBig"}


@pytest.mark.slow
def test_no_word_about_anybody_and_no_second_file_survives(judged: dict) -> None:
    assert judged["leaks"] == []


def test_control_the_files_hold_what_must_not_survive() -> None:
    """Without encoding anew the marks are there to be found."""
    files = dict(corpus())

    assert MARK in files["exif"]
    assert all(files[f"jpeg+tail{number}"].endswith(tail) for number, tail in enumerate(_TAILS))
    with Image.open(io.BytesIO(files["exif"])) as picture:
        assert picture.getexif().get_ifd(0x8825)[29] == MARK.decode()


def test_a_photograph_on_its_side_is_turned() -> None:
    made = pictures.cleaned(_with_exif())

    assert (made.width, made.height) == (40, 60)


if __name__ == "__main__":
    main()
