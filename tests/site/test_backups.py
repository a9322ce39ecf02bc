"""Backups: everything and nothing readable in one file, and back; who was erased stays erased."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, transaction

from groundswell.accounts import operations as accounts_ops
from groundswell.accounts import queries as accounts_queries
from groundswell.cli import backup_files, drilling, restoring
from groundswell.events.models import Rsvp
from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM, VISITOR, Role
from groundswell.ledger import proof, worker
from groundswell.outreach.models import Message
from groundswell.outreach.operations.held import OnlyOrganisersDecide, hold_after_restore
from groundswell.people import queries as people_queries
from groundswell.people.finding import find
from groundswell.people.models import Contact, Person, SearchName
from groundswell.people.operations import consents, forgetting, persons
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.site import vault
from groundswell.site.backups import reading, scratch, sealed_file, tables, writing
from groundswell.site.models import DataKey
from tests.factories import events as make
from tests.running import signing_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
IDENTITY, RECIPIENT = sealed_file.new_identity()
CANARIES = ("Kestrel", "kestrel@example.org", "+447911123456", "Woodhouse")


@pytest.fixture(autouse=True)
def few_keys(settings: Any) -> None:
    settings.GROUNDSWELL_KEY_BATCH = 10
    settings.GROUNDSWELL_BACKUP_RECIPIENT = RECIPIENT


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    (tmp_path / "identity.txt").write_text(f"# mine\n{IDENTITY}\n")
    return tmp_path / "identity.txt"


def a_busy_house() -> Rsvp:
    """A bit of everything."""
    site_ops.set_up(name="Here", language="en", zone="UTC", by=SYSTEM)
    owner = signing_in.make("olga@example.org", Role.OWNER)
    signing_in.with_app(owner)
    event = make.listed_event()
    rsvp = make.signed_up(
        event, given="Kestrel", family="Khan", email="kestrel@example.org", phone="+447911123456"
    )
    gone = make.signed_up(event, given="Bea", email="bea@example.org")
    contact = Contact.objects.get(person=gone.person)
    consents.suppress(contact_id=contact.id, reason="asked", by=SYSTEM)
    assert rsvp.person is not None
    persons.attach_phone(person=rsvp.person, phone="+447911123456", by=SYSTEM)
    return rsvp


def backup(folder: Path, *kinds: str) -> dict[str, Path]:
    """The files of a backup of now."""
    made = {}
    for kind in kinds or ("main", "keys"):
        made[kind] = folder / backup_files.name(kind, clock.now())
        with writing.snapshot_of("default" if kind == "main" else "keys") as using:
            sealed_file.write(made[kind], writing.lines(kind, using), RECIPIENT)
    return made


@contextmanager
def elsewhere(tmp_path: Path) -> Iterator[None]:
    """An empty place, as on another machine."""
    with scratch.databases_in(tmp_path / "elsewhere-main", tmp_path / "elsewhere-keys"):
        yield


def restore(made: dict[str, Path], identity: Path, *, keys: Path | None = None) -> restoring.Mended:
    given = restoring.files(made["main"], keys or made["keys"], identity, takes_old_keys=False)
    restoring.load(given, lambda rows: None)
    return restoring.mend(lambda rows: None)


# --- there and back ------------------------------------------------------------------------------


def test_everything_comes_back_row_by_row(tmp_path: Path, identity: Path) -> None:
    rsvp = a_busy_house()
    before = reading.checksums("main", "default") | reading.checksums("keys", "keys")
    made = backup(tmp_path)

    with elsewhere(tmp_path):
        given = restoring.files(made["main"], made["keys"], identity, takes_old_keys=False)
        restoring.load(given, lambda rows: None)
        after = reading.checksums("main", "default") | reading.checksums("keys", "keys")
        restoring.mend(lambda rows: None)
        person = Person.objects.get(id=rsvp.person_id)
        name = people_queries.name_of(person).full
        address = people_queries.address_of(Contact.objects.get(person=person, kind="email"))
        found = [
            list(find(text, by=SYSTEM).values_list("id", flat=True))
            for text in ("kestr", "KESTREL@example.org", "+44 7911 123456")
        ]
        owner = accounts_queries.account_by_email("olga@example.org")
        suppressed = people_queries.is_suppressed(Contact.objects.get(person__id=_bea()))
        has_app = owner is not None and accounts_queries.has_app(owner)
        again = make.signed_up(rsvp.event, given="K", email="kestrel@example.org").person_id
        broken = list(proof.verify(from_place=0))

    # The place of the restore is a bookmark, written in its own commit.
    assert {k for k in before if before[k] != after[k]} == {"ledger.bookmark"}
    assert sum(count for count, _digest in before.values()) > 40
    assert (name, address) == ("Kestrel Khan", "kestrel@example.org")
    assert found == [[person.id]] * 3
    assert (suppressed, has_app, again) == (True, True, person.id)
    assert broken == []


def _bea() -> int:
    return Contact.objects.exclude(problem="").values_list("person_id", flat=True).get()


def test_search_names_and_blind_indexes_are_not_in_it(tmp_path: Path, identity: Path) -> None:
    rsvp = a_busy_house()
    blind = bytes(Contact.objects.get(person=rsvp.person, kind="email").blind)
    made = backup(tmp_path)
    lines: list[bytes] = []

    sealed_file.read(made["main"], lines.append, IDENTITY)

    text = b"\n".join(lines)
    assert b"people.person" in text
    assert [c for c in ("kestrel khan", "searchname", *CANARIES[:2]) if c.encode() in text] == []
    assert tables.cell_of(Contact._meta.get_field("blind")).write(blind).encode() not in text
    for session in (b"accounts.session", b"accounts.pendingcode", b"accounts.limit"):
        assert session not in text


def test_nothing_in_the_file_can_be_read_without_the_identity(tmp_path: Path) -> None:
    a_busy_house()
    made = backup(tmp_path)
    raw = made["main"].read_bytes()
    other, _recipient = sealed_file.new_identity()

    assert [canary for canary in ("people.", "Here", *CANARIES) if canary.encode() in raw] == []
    assert made["main"].stat().st_mode & 0o777 == 0o600
    with pytest.raises(sealed_file.CannotRead):
        sealed_file.read(made["main"], lambda line: None, other)


def test_a_backup_sees_one_moment_while_others_write(tmp_path: Path) -> None:
    """Rows that are committed while the backup is under way are not half in it."""
    event = make.listed_event()
    make.signed_up(event, email="first@example.org")
    lines: list[bytes] = []

    with writing.snapshot_of("default") as using:
        for number, line in enumerate(writing.lines("main", using)):
            lines.append(line)
            if number == 3:
                make.signed_up(event, email="meanwhile@example.org")

    text = b"".join(lines).decode()
    people = text.partition('{"end":"people.person","rows":')[2].partition(",")[0]
    sign_ups = text.partition('{"end":"events.rsvp","rows":')[2].partition(",")[0]
    assert (people, sign_ups, Person.objects.count()) == ("2", "1", 3)  # the host, and one each


# --- what must not pass --------------------------------------------------------------------------


def _rewritten(made: Path, to: Path, change: Any) -> Path:
    """The same backup with its lines changed, made for the same recipient."""
    lines: list[bytes] = []
    sealed_file.read(made, lines.append, IDENTITY)
    changed = [line + b"\n" for line in change(lines)]
    sealed_file.write(to, iter(changed), RECIPIENT)
    return to


def _without(table: str) -> Any:
    def change(lines: list[bytes]) -> list[bytes]:
        first = next(n for n, line in enumerate(lines) if f'"table":"{table}"'.encode() in line)
        last = next(n for n, line in enumerate(lines) if f'"end":"{table}"'.encode() in line)
        kept = lines[:first] + lines[last + 1 :]
        tables_left = sum(b'"table":' in line for line in kept)
        end = f'{{"end":"all","rows":1,"tables":{tables_left}}}'.encode()
        return [*kept[:-1], end]

    return change


def test_a_table_dropped_from_the_dump_is_noticed_by_the_drill(
    tmp_path: Path, identity: Path
) -> None:
    a_busy_house()
    made = backup(tmp_path)
    poor = _rewritten(made["main"], tmp_path / "poor.age", _without("people.consent"))
    findings = {}

    for name, main in (("whole", made["main"]), ("poor", poor)):
        given = restoring.files(main, made["keys"], identity, takes_old_keys=False)
        findings[name] = list(drilling.hold(given, lambda rows: None))

    assert [f.is_good for f in findings["whole"]] == [True] * 5
    bad = [f.sentence for f in findings["poor"] if not f.is_good]
    assert bad == ["These tables are not in the backup: people.consent."]


def test_a_drill_says_that_nothing_opens_without_the_key(tmp_path: Path, identity: Path) -> None:
    a_busy_house()
    made = backup(tmp_path)
    given = restoring.files(made["main"], made["keys"], identity, takes_old_keys=False)

    told = [finding.sentence for finding in drilling.hold(given, lambda rows: None)]

    opened = next(sentence for sentence in told if "open with the restored keys" in sentence)
    assert int(opened.split()[0]) >= 8
    assert "Without the master key 0 of them open." in told
    assert not list((tmp_path).glob("drill-*"))


def _one_letter(lines: list[bytes]) -> list[bytes]:
    number = next(n for n, line in enumerate(lines) if line.startswith(b"[") and b"GB" in line)
    return [*lines[:number], lines[number].replace(b"GB", b"FR", 1), *lines[number + 1 :]]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[:20],
        _one_letter,
        lambda lines: [lines[0].replace(b'"kind":"main"', b'"kind":"keys"'), *lines[1:]],
    ],
)
def test_a_backup_that_was_cut_or_changed_restores_nothing(
    tmp_path: Path, identity: Path, change: Any
) -> None:
    a_busy_house()
    made = backup(tmp_path)
    made["main"] = _rewritten(made["main"], tmp_path / "changed.age", change)

    with elsewhere(tmp_path):
        with pytest.raises(reading.NotABackup):
            restore(made, identity)
        assert Person.objects.count() == 0


def test_a_file_that_was_cut_is_no_backup(tmp_path: Path) -> None:
    a_busy_house()
    path = backup(tmp_path, "main")["main"]
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(sealed_file.CannotRead):
        sealed_file.read(path, lambda line: None, IDENTITY)


def test_a_backup_of_another_version_says_so(tmp_path: Path, identity: Path) -> None:
    a_busy_house()
    made = backup(tmp_path)

    def newer(lines: list[bytes]) -> list[bytes]:
        return [lines[0].replace(b'["accounts","0001', b'["accounts","0002'), *lines[1:]]

    made["main"] = _rewritten(made["main"], tmp_path / "newer.age", newer)
    with elsewhere(tmp_path), pytest.raises(reading.OtherVersion):
        restore(made, identity)


def test_only_an_empty_place_takes_a_backup(tmp_path: Path, identity: Path) -> None:
    a_busy_house()
    made = backup(tmp_path)

    with pytest.raises(reading.NotEmpty):
        restore(made, identity)


def test_every_column_can_be_written() -> None:
    columns = [field for model in tables.models_of("main") for field in tables.columns_of(model)]

    assert len([tables.cell_of(field) for field in columns]) > 200


def test_control_a_column_of_a_new_kind_is_found() -> None:
    from django.db import models  # cost: for one column

    with pytest.raises(tables.UnknownColumn):
        tables.cell_of(models.DurationField(name="x"))


def test_every_table_is_in_it_or_on_the_list() -> None:
    held = {model._meta.label_lower for model in tables.models_of("main")}
    own = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("groundswell.")
    }

    assert own - held - tables.LEFT_OUT == set(tables.KEYS_TABLES)


# --- crypto-shredding ----------------------------------------------------------------------------


def test_an_old_backup_opens_nothing_of_somebody_who_was_erased(
    tmp_path: Path, identity: Path
) -> None:
    """The main backup is from before the erasure, the keys from after it; a control opens."""
    rsvp = a_busy_house()
    person_id = rsvp.person_id or 0
    key_id = Person.objects.get(id=person_id).key_id
    old = backup(tmp_path)
    with clock.at(clock.now() + timedelta(days=1)):
        with transaction.atomic():
            forgetting.erase(person_id, key_id)
        vault.destroy_key(key_id)
        new_keys = backup(tmp_path, "keys")["keys"]
    opened = {}

    for name, keys in (("honoured", new_keys), ("control", old["keys"])):
        with scratch.databases_in(tmp_path / f"{name}-main", tmp_path / f"{name}-keys"):
            given = restoring.files(old["main"], keys, identity, takes_old_keys=False)
            restoring.load(given, lambda rows: None)
            opened[name] = _what_opens(person_id, key_id)
            mended = restoring.mend(lambda rows: None)
            rows_left = Person.objects.filter(id=person_id).count()
            found = (
                find("Kestrel", by=SYSTEM).count() + find("kestrel@example.org", by=SYSTEM).count()
            )
            opened[f"{name} after"] = (mended.erased_again, rows_left, found)

    assert len(opened["control"]) >= 4, "without the erasure the old backup opens"
    assert opened["honoured"] == []
    assert opened["honoured after"] == (1, 0, 0)
    assert opened["control after"] == (0, 1, 2)


def _what_opens(person_id: int, key_id: int) -> list[str]:
    """Sealed columns whose key is this person's and that open."""
    from groundswell.kernel import sealing  # cost: for one question

    found = []
    for model, column in drilling.sealed_columns():
        for row in model._base_manager.exclude(**{column: b""}):
            sealed = bytes(getattr(row, column))
            if sealing.key_id_of(sealed) != key_id:
                continue
            try:
                vault.open_(row, column)
            except vault.KeyIsGone:
                continue
            found.append(f"{model._meta.label_lower}.{column}")
    return sorted(found)


def test_keys_older_than_seven_days_are_not_taken_unasked(tmp_path: Path, identity: Path) -> None:
    a_busy_house()
    made = backup(tmp_path)

    with clock.at(clock.now() + timedelta(days=8)):
        with pytest.raises(restoring.CannotRestore, match="is older than seven days"):
            restoring.files(made["main"], made["keys"], identity, takes_old_keys=False)
        restoring.files(made["main"], made["keys"], identity, takes_old_keys=True)


# --- after a restore -----------------------------------------------------------------------------


def test_what_was_on_its_way_waits_for_a_person_and_the_house_is_locked(
    tmp_path: Path, identity: Path
) -> None:
    a_busy_house()
    while worker.run_due():  # the reactions write messages, and nobody delivers them
        pass
    waiting = Message.objects.filter(state=Message.State.READY).count()
    made = backup(tmp_path)

    with elsewhere(tmp_path):
        mended = restore(made, identity)
        states = set(Message.objects.values_list("state", "error"))
        locked = site_queries.is_locked()

    assert waiting > 0
    assert (mended.held, locked) == (waiting, True)
    assert (Message.State.READY, "") not in states
    assert (Message.State.UNKNOWN, "restored") in states


def test_an_interrupted_restore_goes_on(tmp_path: Path, identity: Path) -> None:
    a_busy_house()
    made = backup(tmp_path)

    with elsewhere(tmp_path):
        given = restoring.files(made["main"], made["keys"], identity, takes_old_keys=False)
        restoring.load(given, lambda rows: None)
        steps = [restoring.must_go_on(), SearchName.objects.count()]
        restoring.mend(lambda rows: None)
        restoring.mend(lambda rows: None)  # twice is harmless
        steps += [restoring.must_go_on(), SearchName.objects.count()]

    assert steps == [True, 0, False, 3]


def test_only_owners_and_the_command_line_mend(db: None) -> None:
    with pytest.raises(site_ops.OnlyOwners):
        forgetting.erase_without_key(person_ids=[1], by=VISITOR)
    with pytest.raises(OnlyOrganisersDecide):
        hold_after_restore(by=VISITOR)
    for note in (
        lambda: site_ops.note_backup(rows=1, by=VISITOR),
        lambda: site_ops.note_drill(is_well=True, by=VISITOR),
        lambda: site_ops.note_restored(rows=1, by=VISITOR),
        lambda: site_ops.note_indexes(count=1, by=VISITOR),
    ):
        with pytest.raises(site_ops.OnlyOwners):
            note()


# --- the command ---------------------------------------------------------------------------------


def test_the_command_writes_both_and_removes_old_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    a_busy_house()
    now = clock.now()
    for kind, days in (("keys", 8), ("keys", 6), ("main", 400)):
        (tmp_path / backup_files.name(kind, now - timedelta(days=days))).write_text("old")
    (tmp_path / "somebody-elses-file").write_text("stays")

    call_command("backup", tmp_path)

    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == sorted(
        [
            backup_files.name("keys", now),
            backup_files.name("keys", now - timedelta(days=6)),
            backup_files.name("main", now),
            backup_files.name("main", now - timedelta(days=400)),
            "somebody-elses-file",
        ]
    )
    assert "1 older backups of data keys are removed." in capsys.readouterr().out


def test_without_a_recipient_it_says_what_to_set(settings: Any, tmp_path: Path) -> None:
    settings.GROUNDSWELL_BACKUP_RECIPIENT = ""
    with pytest.raises(CommandError, match="set GROUNDSWELL_BACKUP_RECIPIENT"):
        call_command("backup", tmp_path)
    settings.GROUNDSWELL_BACKUP_RECIPIENT = "age1nonsense"
    with pytest.raises(CommandError, match="is no recipient"):
        call_command("backup", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == []


def test_accounts_and_keys_of_the_running_house_are_untouched_by_a_drill(
    tmp_path: Path, identity: Path, settings: Any
) -> None:
    a_busy_house()
    made = backup(tmp_path)
    master = settings.GROUNDSWELL_MASTER_KEY
    before = (reading.checksums("main", "default"), DataKey.objects.count())
    given = restoring.files(made["main"], made["keys"], identity, takes_old_keys=False)

    list(drilling.hold(given, lambda rows: None))

    assert (reading.checksums("main", "default"), DataKey.objects.count()) == before
    assert master == settings.GROUNDSWELL_MASTER_KEY
    assert site_queries.is_locked() is False
    assert accounts_ops.unlock_everything(by=SYSTEM) is True
    connections.close_all()
