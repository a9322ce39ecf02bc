"""The master key, what it opens, and the panic lock."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.metrics.checkup.finding import Finding, is_live, unsafe, well
from groundswell.site import queries as site_queries
from groundswell.site import vault

_MASTER = "GROUNDSWELL_MASTER_KEY"


def _beside() -> Path:
    return Path(settings.GROUNDSWELL_DATA_DIR) / "master.key"


def _files() -> dict[str, Path]:
    """Every file that a secret was read from, by the name of its setting."""
    found = dict(settings.GROUNDSWELL_SECRET_FILES)
    if _beside().exists():
        found.setdefault(_MASTER, _beside())
    return {name: path for name, path in found.items() if path.exists()}


def lies_apart() -> Iterator[Finding]:
    """A key on the disk of the data is told of, a key in their folder is a fault."""
    if not is_live():
        return
    data = Path(settings.GROUNDSWELL_DATA_DIR).resolve()
    file = _files().get(_MASTER)
    if _beside().exists() or (file is not None and data in file.resolve().parents):
        yield unsafe(
            _("The master key lies beside the data: whoever copies the folder, or takes the disk, "
              "reads everything."),
            _("Move it to another place and set GROUNDSWELL_MASTER_KEY_FILE."),
        )  # fmt: skip
    elif _MASTER in settings.GROUNDSWELL_PLAIN_SECRETS:
        yield unsafe(
            _("The master key stands in the environment, which every program that is started from "
              "here inherits and tools such as docker inspect show."),
            _("Put it into a file and set GROUNDSWELL_MASTER_KEY_FILE, or use a credential of "
              "systemd."),
        )  # fmt: skip
    elif file is not None and file.stat().st_dev == data.stat().st_dev:
        yield well(
            _("The master key lies on the same disk as the data: whoever takes the disk has both."),
            _("A credential of systemd or a passphrase keeps them apart (docs/operate/keys.md)."),
        )
    else:
        yield well(_("The master key lies apart from the data."))


def readable() -> Iterator[Finding]:
    for name, file in sorted(_files().items()):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield unsafe(
                _("Others on this machine can read or change the file of {name}.").format(
                    name=name
                ),
                _("Run: chmod 600 {file}").format(file=file),
            )


def opens() -> Iterator[Finding]:
    is_right = vault.opens_newest_key()
    if is_right is None:
        yield well(_("No data key has been made yet."))
    elif is_right:
        yield well(_("The master key opens the data keys."))
    else:
        yield unsafe(
            _("The master key does not open the data keys, so nothing that is sealed can be read: "
              "it is another installation's."),
            _("Give the key that these databases were made with."),
        )  # fmt: skip


def rotation() -> Iterator[Finding]:
    if settings.GROUNDSWELL_OTHER_MASTER_KEY is not None:
        yield unsafe(
            _("Two master keys open the data: a change of keys is not finished, and the old key is "
              "as good as the new one."),
            _("Finish with: groundswell rotate-key. Then take GROUNDSWELL_OTHER_MASTER_KEY away."),
        )  # fmt: skip


def lock() -> Iterator[Finding]:
    if site_queries.is_locked():
        yield unsafe(
            _("The panic lock is on: nobody can sign up or sign in, and nothing is sent."),
            _("When it is safe again, open it with: groundswell unlock"),
        )
    count = len(site_queries.locked_accounts())
    if count:
        words = ngettext(
            "{number} account is locked by itself: its person cannot sign in.",
            "{number} accounts are locked by themselves: their people cannot sign in.",
            count,
        )
        yield unsafe(
            words.format(number=formats.number(count)),
            _("When they have their devices back, an owner unlocks them on the page of the team."),
            "team", _("Look at the team"),
        )  # fmt: skip


QUESTIONS = (lies_apart, readable, opens, rotation, lock)
