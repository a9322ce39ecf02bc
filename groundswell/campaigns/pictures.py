"""Uploaded pictures: decoded, shrunk and encoded again, so no metadata and no trick survives."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from groundswell.kernel.refusal import Refusal

BYTES_MOST = 5 * 1024 * 1024
PIXELS_MOST = 40_000_000
SIDE_MOST = 1600
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# What decoders raise at files that were broken on purpose (tests/campaigns/test_uploads.py).
_BROKEN = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError,
    KeyError, TypeError, AttributeError, OverflowError, ZeroDivisionError, struct.error,
)  # fmt: skip


class NotAPicture(Refusal):
    sentence = _("This file is not a picture that we can read. Choose a PNG, JPEG or WebP file.")
    field = "picture"


class PictureTooBig(Refusal):
    sentence = _("This picture is too big. Choose one of at most 5 MB and 40 million pixels.")
    field = "picture"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture that we encoded ourselves (WebP)."""

    content: bytes
    width: int
    height: int
    digest: str


def _small(opened: Image.Image) -> Image.Image:
    """Shrunk before it is turned and converted, so that memory holds one large copy at most."""
    opened.draft("RGB", (SIDE_MOST, SIDE_MOST))  # a JPEG is not even decoded at full size
    if opened.mode in {"P", "PA", "1", "I;16", "I"}:
        opened = opened.convert("RGBA")
    opened.thumbnail((SIDE_MOST, SIDE_MOST))
    picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.info.clear()
    return picture


def cleaned(raw: bytes) -> Cleaned:
    """The picture behind ``raw``, at most 1600 pixels a side.

    Raises NotAPicture or PictureTooBig; it never decodes more than 40 million pixels.
    """
    if len(raw) > BYTES_MOST:
        raise PictureTooBig
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as opened:
            if opened.width * opened.height > PIXELS_MOST:
                raise PictureTooBig
            picture = _small(opened)
    except Image.DecompressionBombError as bomb:
        raise PictureTooBig from bomb
    except _BROKEN as wrong:
        raise NotAPicture from wrong
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=4)
    content = out.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Cleaned(content, picture.width, picture.height, digest)
