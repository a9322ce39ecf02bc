"""Fetch the few browser files that we ship, check them, and write ``vendor.toml``.

A developer runs this when a version changes; nobody runs it to install or serve Groundswell::

    python tools/vendor.py            # needs npm, and fonttools with brotli for the fonts

For each package: ``npm pack name@version`` in a scratch folder, compare the archive with the
integrity that the registry published (and, on a later run, with the one we recorded), take the
one file we need, and record its SHA-256. ``tests/web/test_vendored.py`` checks the hashes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "groundswell" / "static"
RECORD = STATIC / "vendor" / "vendor.toml"

# Every icon that a template may name. Adding one: add its Lucide name here and run this file.
ICONS = """
accessibility arrow-down arrow-left arrow-right arrow-up award baby ban bell book-open bus
calendar-check-2 calendar-days calendar-plus calendar-x-2 captions chart-column check chevron-down
chevron-left chevron-right chevrons-up-down circle circle-alert circle-check circle-dot
circle-help circle-x clipboard-check clock coffee copy download earth ear external-link eye eye-off
file-text flag flame globe graduation-cap hand-heart hand-helping handshake heart-handshake
hourglass house image info key-round languages life-buoy link list-checks locate-fixed lock log-out
mail mail-open map map-pin megaphone menu message-circle-reply message-square minus package-open
pencil phone phone-call plus printer refresh-cw rotate-ccw search send settings share-2
shield-check smartphone sparkles sprout star sun table-2 tag tent ticket timer trash-2 trending-down
trending-up triangle-alert undo-2 upload user user-check user-plus users utensils video waves x
zoom-in zoom-out
""".split()

# Most pages in English need the first file only; accents are in the second, loaded when met.
BASIC = "U+0020-007E,U+00A0,U+00B7,U+2010-2015,U+2018-201E,U+2022,U+2026,U+2212"
ACCENTS = (
    "U+00A1-00B6,U+00B8-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+20AC,U+2122"
)


@dataclass(frozen=True)
class Package:
    """One npm package and the one thing that we take out of it."""

    name: str
    version: str
    licence: str
    target: str  # below the repository's root
    take: Callable[[dict[str, bytes]], bytes]


def file(path: str) -> Callable[[dict[str, bytes]], bytes]:
    """Take one file of the package as it is."""
    return lambda files: files[path]


def sprite(files: dict[str, bytes]) -> bytes:
    """One SVG with a symbol for each icon of ``ICONS``."""
    symbols = []
    for name in sorted(set(ICONS)):
        source = files[f"icons/{name}.svg"].decode()
        drawing = re.sub(r"\s+", " ", source.split(">", 2)[2].rsplit("</svg>", 1)[0]).strip()
        drawing = drawing.replace(" />", "/>").replace("> <", "><")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    head = "<!-- Lucide icons, ISC licence -->\n"
    return (
        head + '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    ).encode()


def heavy_weights(path: str, unicodes: str | None) -> Callable[[dict[str, bytes]], bytes]:
    """The weights 600 to 800 of a variable font: headings use no other.

    The default moves to 800, so one set of differences is kept in place of two (5 KB less).
    """

    def take(files: dict[str, bytes]) -> bytes:
        from fontTools import subset
        from fontTools.ttLib import TTFont
        from fontTools.varLib import instancer

        font = instancer.instantiateVariableFont(
            TTFont(io.BytesIO(files[path]), recalcTimestamp=False), {"wght": (600, 800, 800)}
        )
        for empty in sorted(set(font.getGlyphOrder()) - set(font["gvar"].variations)):
            font["gvar"].variations[
                empty
            ] = []  # glyphs without outlines, which the subsetter expects
        options = subset.Options(flavor="woff2", layout_features=["kern", "tnum"])
        chosen = subset.parse_unicodes(unicodes) if unicodes else set(font.getBestCmap())
        maker = subset.Subsetter(options)
        maker.populate(unicodes=chosen)
        maker.subset(font)
        out = io.BytesIO()
        font.flavor = "woff2"
        font.save(out)
        return out.getvalue()

    return take


PACKAGES = [
    Package(
        "htmx.org",
        "4.0.1",
        "0BSD",
        "groundswell/static/vendor/htmx.min.js",
        file("dist/htmx.min.js"),
    ),
    Package("lucide-static", "1.62.0", "ISC", "groundswell/static/icons.svg", sprite),
    Package(
        "@fontsource-variable/bricolage-grotesque",
        "5.3.0",
        "OFL-1.1",
        "groundswell/static/fonts/bricolage-basic.woff2",
        heavy_weights("files/bricolage-grotesque-latin-wght-normal.woff2", BASIC),
    ),
    Package(
        "@fontsource-variable/bricolage-grotesque",
        "5.3.0",
        "OFL-1.1",
        "groundswell/static/fonts/bricolage-accents.woff2",
        heavy_weights("files/bricolage-grotesque-latin-wght-normal.woff2", ACCENTS),
    ),
    Package(
        "@fontsource-variable/bricolage-grotesque",
        "5.3.0",
        "OFL-1.1",
        "groundswell/static/fonts/bricolage-extended.woff2",
        heavy_weights("files/bricolage-grotesque-latin-ext-wght-normal.woff2", None),
    ),
    Package(
        "@fontsource-variable/readex-pro",
        "5.3.0",
        "OFL-1.1",
        "groundswell/static/fonts/readex-arabic.woff2",
        file("files/readex-pro-arabic-wght-normal.woff2"),
    ),
    Package("axe-core", "4.14.1", "MPL-2.0", "tests/vendor/axe.min.js", file("axe.min.js")),
]


def npm(*words: str, cwd: str) -> str:
    return subprocess.run(
        ["npm", *words], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout


def fetched(
    package: Package, recorded: dict[str, str], scratch: str
) -> tuple[dict[str, bytes], str]:
    """The package's files and its integrity; stops when the archive is not the published one."""
    what = f"{package.name}@{package.version}"
    published = json.loads(npm("view", what, "dist.integrity", "--json", cwd=scratch))
    archive = Path(scratch) / json.loads(npm("pack", what, "--json", cwd=scratch))[0]["filename"]
    content = archive.read_bytes()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if integrity != published or recorded.get(what, integrity) != integrity:
        raise SystemExit(
            f"{what}: the archive is not the one that was published. Nothing was written."
        )
    files = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        for member in tar.getmembers():
            if member.isfile() and (opened := tar.extractfile(member)):
                files[member.name.partition("/")[2]] = opened.read()
    return files, integrity


def main() -> None:
    recorded: dict[str, str] = {}
    if RECORD.exists():
        for old in tomllib.loads(RECORD.read_text())["file"]:
            recorded[f"{old['name']}@{old['version']}"] = old["integrity"]
    lines = [
        "# Written by tools/vendor.py. Files that others made and we ship, with their hashes.\n"
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            files, integrity = fetched(package, recorded, scratch)
            content = package.take(files)
            target = ROOT / package.target
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            lines.append(
                f'[[file]]\npath = "{package.target}"\nname = "{package.name}"\n'
                f'version = "{package.version}"\nlicence = "{package.licence}"\n'
                f'integrity = "{integrity}"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
            )
            print(f"{package.target}: {len(content):,} bytes")
    RECORD.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
