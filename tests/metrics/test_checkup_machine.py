"""What is not safe about settings and the machine: each broken alone, on an installation that has
nothing else wrong with it. That installation is the control: it has no faults at all."""

from __future__ import annotations

import os
import resource
import shutil
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from groundswell.accounts import limits
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.metrics import checkup
from groundswell.metrics.checkup import machine
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site.models import Installation
from tests.metrics.asking import faults, good_news, hints

pytestmark = pytest.mark.django_db


def test_a_safe_installation_has_no_faults(safe: Any) -> None:
    assert faults() == []
    assert len(good_news()) > 15


def test_every_finding_says_what_is_wrong_and_every_fault_what_to_do(safe: Any) -> None:
    safe.settings.GROUNDSWELL_ORIGIN = "http://act.example.org"
    safe.settings.GROUNDSWELL_BACKUP_RECIPIENT = ""

    for finding in checkup.findings():
        assert finding.sentence.endswith((".", finding.sentence[-1:]))
        assert finding.is_good or finding.what_to_do.strip()
    assert [topic.key for topic, _found in checkup.found()] == [each.key for each in checkup.TOPICS]


# --- settings ------------------------------------------------------------------------------------


def test_an_address_without_encryption(safe: Any) -> None:
    safe.settings.GROUNDSWELL_ORIGIN = "http://act.example.org"
    told = "The address begins with http://, so passwords and links travel in the clear."
    assert told in faults()

    safe.settings.GROUNDSWELL_ORIGIN = f"http://{'a' * 56}.onion"  # tor encrypts
    assert told not in faults()


def test_a_demonstration_and_a_demonstration_in_public(safe: Any) -> None:
    settings = safe.settings
    settings.GROUNDSWELL_MODE, settings.GROUNDSWELL_ORIGIN = "demo", "http://127.0.0.1:8000"
    settings.GROUNDSWELL_SMTP_URL = ""
    demo = "This is a demonstration. Its master key lies beside its data."
    assert [told for told in faults() if "safeguard" not in told] == [demo]

    settings.GROUNDSWELL_ORIGIN = "https://act.example.org"
    assert faults() == [
        demo,
        "A mode for trying things out answers at the public address https://act.example.org: its "
        "keys are known or lie beside the data, and it sends no mail.",
    ]


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:80"]
)
def test_a_mode_for_tests_is_well_on_this_machine_only(safe: Any, address: str) -> None:
    safe.settings.GROUNDSWELL_MODE, safe.settings.GROUNDSWELL_ORIGIN = "test", address
    assert not any("public address" in told for told in faults())

    safe.settings.GROUNDSWELL_ORIGIN = "https://act.example.org"
    assert any("public address" in told for told in faults())


def test_proxies_that_nobody_counted(safe: Any) -> None:
    safe.settings.GROUNDSWELL_PROXIES = 0

    assert faults() == [
        "Nobody has said how many proxies stand in front, so one network can send public forms as "
        "often as it likes."
    ]
    assert hints() == ["Set GROUNDSWELL_PROXIES, usually to 1."]


def test_browsers_that_do_not_remember_https(safe: Any) -> None:
    safe.settings.SECURE_HSTS_SECONDS = 0

    assert faults() == [
        "Browsers do not remember to use https here, so a network on the way can lead people to an "
        "unencrypted copy."
    ]


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("DEBUG", True, "DEBUG is on: error pages would show settings and data."),
        ("ALLOWED_HOSTS", ["*"], "Any host name is answered."),
        ("SESSION_COOKIE_HTTPONLY", False, "Cookies are not locked to this host"),
        ("SESSION_COOKIE_AGE", 86_400, "Sessions last longer than twelve hours"),
    ],
)
def test_a_safeguard_of_its_own_that_is_off(safe: Any, name: str, value: Any, part: str) -> None:
    setattr(safe.settings, name, value)

    (told,) = faults()

    assert told.startswith(f"A safeguard of Groundswell itself is switched off. {part}")


def test_a_python_near_its_end(safe: Any, still_clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 7))
    assert "Python 3.11 gets security fixes until 31 Oct 2027." in good_news()
    still_clock.move_to(datetime(2027, 5, 10, tzinfo=clock.now().tzinfo))

    assert (
        "Python 3.11 gets no security fixes after 31 Oct 2027: holes that are found then stay open."
    ) in faults()


# --- what owners chose ---------------------------------------------------------------------------


def test_an_installation_without_a_name(safe: Any) -> None:
    Installation.objects.all().delete()

    assert faults() == ["This installation has no name yet, so nobody has set it up."]


def test_high_risk_without_discreet_countries_and_the_other_way(safe: Any) -> None:
    safe.settings.GROUNDSWELL_HIGH_RISK = True
    assert faults() == [
        "High risk is on, and no country is discreet: mails and calendars name events everywhere, "
        "and phones are searched."
    ]

    site_ops.set_discreet_countries(countries=["MA"], by=SYSTEM)
    assert faults() == []

    safe.settings.GROUNDSWELL_HIGH_RISK = False
    assert faults() == [
        "Mails name nothing in some countries, yet names of people can be searched in the "
        "database: whoever takes it has a list."
    ]


def test_nobody_to_tell_of_a_hole(safe: Any) -> None:
    site_ops.set_safeguards(forms="auto", security_contact="", security_policy="", by=SYSTEM)

    assert faults() == ["Who finds a hole here has nobody to tell: security.txt names no contact."]


def test_no_safeguard_while_a_flood_comes_in(safe: Any) -> None:
    site_ops.set_safeguards(
        forms="never", security_contact="hole@example.org", security_policy="", by=SYSTEM
    )
    assert faults() == []  # a crowd is expected, and nothing floods in
    for _ in range(200):
        limits.tally([limits.Counter("sign-up.thing", "7", timedelta(minutes=10))])

    assert faults() == [
        "A flood of forms comes in, and the safeguard against floods is switched off: every one of "
        "them takes a seat and sends a mail."
    ]
    site_ops.set_safeguards(
        forms="auto", security_contact="hole@example.org", security_policy="", by=SYSTEM
    )
    site_queries.forget_name()
    assert faults() == []


# --- the machine ---------------------------------------------------------------------------------


def test_a_full_disk(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=900_000_000))

    assert faults() == [
        "Only 0.9 GB of disk are free for the data. When it is full, nobody can sign up and "
        "nothing is recorded."
    ]


def test_a_data_folder_for_everybody(safe: Any) -> None:
    safe.data.chmod(0o750)

    assert faults() == ["Others on this machine can look into the data folder."]
    assert hints() == [f"Run: chmod 700 {safe.data}"]


def test_root(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert faults() == [
        "This runs as root: one mistake in it, or one hole, and the whole machine is lost."
    ]


def test_core_files(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (resource.RLIM_INFINITY, -1))

    assert faults() == [
        "A crash may write a core file, and with it opened keys and addresses of people."
    ]


def test_swap_in_the_clear_and_swap_that_is_sealed(safe: Any) -> None:
    lines = ["Filename Type Size Used Priority", "/dev/sda9 partition 1 0 -2", "/swapfile file 1 0"]
    machine.SWAPS.write_text("\n".join(lines), encoding="utf-8")
    assert faults() == [
        "Memory may be written to an unencrypted disk (/dev/sda9 and /swapfile), and with it "
        "opened keys and addresses of people."
    ]

    uuid = machine.BLOCKS / "dm-3" / "dm" / "uuid"
    uuid.parent.mkdir(parents=True)
    uuid.write_text("CRYPT-PLAIN-swap\n", encoding="ascii")
    machine.SWAPS.write_text("Filename\n/dev/dm-3 x\n/dev/zram0 x\n", encoding="utf-8")
    assert faults() == []

    uuid.write_text("LVM-abcdef\n", encoding="ascii")  # a volume that nothing encrypts
    assert any("/dev/dm-3" in told for told in faults())
    machine.SWAPS.unlink()  # not Linux
    assert faults() == []


@pytest.mark.sqlite_only
def test_sqlite_over_a_network(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine._file_system_of(safe.data) == "ext4"
    folder = safe.data.parent
    machine.MOUNTS.write_text(
        f"/dev/sda1 / ext4 rw\nhost:/x {folder} nfs4 rw\ny {folder}/keys tmpfs rw\n",
        encoding="utf-8",
    )
    assert machine._file_system_of(safe.data / "groundswell.sqlite3") == "nfs4"
    assert machine._file_system_of(safe.keys) == "tmpfs"
    file = str(safe.data / "groundswell.sqlite3")
    monkeypatch.setattr(
        machine,
        "connections",
        {
            alias: SimpleNamespace(settings_dict={"ENGINE": "x.sqlite3", "NAME": name})
            for alias, name in (("default", file), ("keys", str(safe.keys / "keys.sqlite3")))
        },
    )

    assert faults() == [
        "The database “default” lies on a network disk (nfs4), where SQLite's locks do not hold: "
        "two writers at once can destroy it."
    ]
