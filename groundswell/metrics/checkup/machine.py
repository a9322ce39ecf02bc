"""The machine: what is left of it, who else is on it, and what it writes down by itself."""

from __future__ import annotations

import os
import resource
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from groundswell.kernel import formats
from groundswell.metrics.checkup.finding import Finding, is_live, unsafe, well

LEAST_FREE_BYTES = 1_000_000_000
SWAPS = Path("/proc/swaps")
MOUNTS = Path("/proc/self/mounts")
BLOCKS = Path("/sys/class/block")
# File systems where SQLite's locks do not hold: sqlite.org/howtocorrupt.html, section 2.
_OVER_A_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs",
                   "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "davfs", "fuse.rclone"}  # fmt: skip


def _data() -> Path:
    return Path(settings.GROUNDSWELL_DATA_DIR)


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(_data()).free
    told = formats.number(round(free / 1e9, 1))
    if free >= LEAST_FREE_BYTES:
        yield well(_("{number} GB of disk are free for the data.").format(number=told))
    else:
        yield unsafe(
            _("Only {number} GB of disk are free for the data. When it is full, nobody can sign up "
              "and nothing is recorded.").format(number=told),
            _("Make room, or move GROUNDSWELL_DATA_DIR and the databases to a larger disk."),
        )  # fmt: skip


def others() -> Iterator[Finding]:
    folder = _data()
    if is_live() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield unsafe(
            _("Others on this machine can look into the data folder."),
            _("Run: chmod 700 {folder}").format(folder=folder),
        )


def root() -> Iterator[Finding]:
    if is_live() and os.geteuid() == 0:
        yield unsafe(
            _("This runs as root: one mistake in it, or one hole, and the whole machine is lost."),
            _("Make a user of its own for Groundswell, and start it as that user."),
        )


def core_files() -> Iterator[Finding]:
    """``serve``, ``worker`` and every command switch them off for themselves; another server that
    was put in their place may not."""
    if is_live() and resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        yield unsafe(
            _("A crash may write a core file, and with it opened keys and addresses of people."),
            _("Start it with: groundswell serve. Or run ulimit -c 0 before your own server."),
        )


def swap() -> Iterator[Finding]:
    """Pages of memory that go to a disk hold opened keys; encrypted and compressed ones do not."""
    if not is_live():
        return
    open_ones = [device for device in _swaps() if not _is_sealed(device)]
    if open_ones:
        yield unsafe(
            _("Memory may be written to an unencrypted disk ({devices}), and with it opened keys "
              "and addresses of people.").format(devices=formats.listing(open_ones)),
            _("Run swapoff -a and take it out of /etc/fstab, or encrypt it."),
        )  # fmt: skip


def _swaps() -> list[str]:
    try:
        lines = SWAPS.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:  # not Linux, or a container that hides it
        return []
    return [line.split()[0] for line in lines if line.strip()]


def _is_sealed(device: str) -> bool:
    """zram never leaves memory; a device of dm-crypt says so in its uuid."""
    block = Path(device).resolve().name
    if block.startswith("zram"):
        return True
    try:
        uuid = (BLOCKS / block / "dm" / "uuid").read_text(encoding="utf-8")
    except OSError:
        return False
    return uuid.startswith("CRYPT-")


def network_disk() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        told = connections[alias].settings_dict
        if not told["ENGINE"].endswith(("sqlite", "sqlite3")):
            continue
        kind = _file_system_of(Path(str(told["NAME"])))
        if kind in _OVER_A_NETWORK:
            yield unsafe(
                _("The database “{alias}” lies on a network disk ({kind}), where SQLite's locks do "
                  "not hold: two writers at once can destroy it.").format(alias=alias, kind=kind),
                _("Move it to a local disk, or use PostgreSQL."),
            )  # fmt: skip


def _file_system_of(path: Path) -> str:
    """The kind of the file system that holds a file; "" where that cannot be known."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    here, longest, found = path.resolve(), -1, ""
    for line in lines:
        parts = line.split()
        at = Path(parts[1].replace("\\040", " "))
        if (at == here or at in here.parents) and len(at.parts) >= longest:
            longest, found = len(at.parts), parts[2]
    return found


QUESTIONS = (disk, others, root, core_files, swap, network_disk)
