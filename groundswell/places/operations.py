"""Loading postcode tables; saying which countries make up a region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel import clock
from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.text import clean_line
from groundswell.ledger import operations as ledger_ops
from groundswell.places import gazetteer, policy, postcode_files
from groundswell.places.facts import PostcodesLoaded, RegionChanged, RegionRemoved
from groundswell.places.models import Postcode, PostcodeTable, Region
from groundswell.places.postcode_files import Fault, Line, NotAPostcodeTable

LINES_AT_ONCE = 500
_LINES_TRIED = 200
_FAULTS_SHOWN = 20


class OnlyOwners(Refusal):
    sentence = _("Only owners can load postcodes.")


class OnlyOwnersChangeRegions(Refusal):
    sentence = _("Only owners can change regions.")


class NameOfRegion(Refusal):
    sentence = _("Give the region a name that no other has, for example “Latin America”.")
    field = "name"


class RegionNeedsCountries(Refusal):
    sentence = _("Choose at least one country.")
    field = "countries"


class UnknownCountry(Refusal):
    sentence = _("Write the country as two letters, such as GB or FR.")
    field = "country"


@dataclass(slots=True)
class PostcodeReport:
    """What came of loading a table."""

    country: str
    line_count: int = 0  # lines of the file, those read by an earlier, interrupted run included
    resumed_at: int = 0  # the lines that the earlier run had read
    place_count: int = 0  # places of the country now known
    removed_count: int = 0  # places that the new file no longer has
    faults: Counter[Fault] = field(default_factory=Counter)
    examples: list[tuple[int, Fault]] = field(default_factory=list)  # line number, from 1


def import_postcodes(
    path: Path,
    *,
    country: str,
    by: Actor,
    progress: Callable[[int, int], None] | None = None,
) -> PostcodeReport:
    """Load a country's postcodes from a file in GeoNames' format (txt or zip).

    500 lines and the place in the file commit together, so it may be interrupted at any moment:
    the same file then goes on where it stopped. Loading a file again changes nothing; a newer file
    replaces the older one, and until its end both are known. Bad lines are counted with reasons.
    ``progress`` hears how many bytes of how many are read. Raises OnlyOwners, UnknownCountry,
    CannotReadTheFile and NotAPostcodeTable before anything is written.
    """
    if not policy.can_load_postcodes(by):
        raise OnlyOwners
    country = country.strip().upper()
    if gazetteer.country(country) is None:
        raise UnknownCountry
    digest = postcode_files.digest(path)
    _check_is_table(path, country)
    table = _begin(country, digest)
    report = PostcodeReport(country, resumed_at=table.lines_done)
    with postcode_files.opened(path) as (file, size):
        rows = postcode_files.lines(file)
        done_bytes = sum(len(line) for line in islice(rows, table.lines_done))
        while batch := list(islice(rows, LINES_AT_ONCE)):
            _store(table, batch, report)
            done_bytes += len(b"".join(batch))
            if progress is not None:
                progress(done_bytes, size)
    _finish(table, report, by=by)
    return report


def _check_is_table(path: Path, country: str) -> None:
    """One good line near the beginning tells a table from any other file."""
    with postcode_files.opened(path) as (file, _size):
        tried = islice(postcode_files.lines(file), _LINES_TRIED)
        if not any(isinstance(postcode_files.parsed(line, country), Line) for line in tried):
            raise NotAPostcodeTable


@transaction.atomic
def _begin(country: str, digest: str) -> PostcodeTable:
    """The table's row: as an interrupted run of the same file left it, or a new edition."""
    table = PostcodeTable.objects.select_for_update().filter(country=country).first()
    if table is None:
        table = PostcodeTable(country=country, edition=1)
    elif table.digest == digest and not table.is_complete:
        return table
    else:
        table.edition += 1
    table.digest, table.lines_done, table.is_complete = digest, 0, False
    table.loaded_at = clock.now()
    table.save()
    return table


@transaction.atomic
def _store(table: PostcodeTable, batch: list[bytes], report: PostcodeReport) -> None:
    places: dict[tuple[str, str], Postcode] = {}
    for number, raw in enumerate(batch, start=table.lines_done + 1):
        line = postcode_files.parsed(raw, table.country)
        if isinstance(line, Fault):
            report.faults[line] += 1
            if len(report.examples) < _FAULTS_SHOWN:
                report.examples.append((number, line))
            continue
        places[line.code, line.name] = Postcode(
            country=table.country,
            code=line.code,
            name=line.name,
            lat=line.lat,
            lon=line.lon,
            edition=table.edition,
        )
    _upsert(places.values())
    table.lines_done += len(batch)
    table.save(update_fields=["lines_done"])


def _upsert(places: Iterable[Postcode]) -> None:
    Postcode.objects.bulk_create(
        places,
        update_conflicts=True,
        unique_fields=["code", "country", "name"],
        update_fields=["lat", "lon", "edition"],
    )


@transaction.atomic
def _finish(table: PostcodeTable, report: PostcodeReport, *, by: Actor) -> None:
    """Forget what only older editions had, and say that the table is complete."""
    known = Postcode.objects.filter(country=table.country)
    report.removed_count, _per_model = known.exclude(edition=table.edition).delete()
    report.place_count = known.count()
    report.line_count = table.lines_done
    table.is_complete = True
    table.save(update_fields=["is_complete"])
    fact = PostcodesLoaded(country=table.country, place_count=report.place_count)
    ledger_ops.record(fact, by=by)


@transaction.atomic
def put_region(
    *, name: str, countries: Iterable[str], by: Actor, region_id: int | None = None
) -> Region:
    """Make a region, or change the one with this id.

    Raises OnlyOwnersChangeRegions, NameOfRegion, RegionNeedsCountries, UnknownCountry.
    """
    if not policy.can_change_regions(by):
        raise OnlyOwnersChangeRegions
    codes = sorted({code.strip().upper() for code in countries})
    if not codes:
        raise RegionNeedsCountries
    if any(gazetteer.country(code) is None for code in codes):
        raise UnknownCountry(field="countries")
    cleaned = clean_line(name)[:80]
    if region_id is None:
        region = Region(created_at=clock.now())
    else:
        region = Region.objects.select_for_update().get(id=region_id)
    if not cleaned or Region.objects.filter(name=cleaned).exclude(id=region.id).exists():
        raise NameOfRegion
    region.name, region.countries = cleaned, codes
    try:
        with transaction.atomic():
            region.save()
    except IntegrityError as taken:  # somebody took the name a moment ago
        raise NameOfRegion from taken
    ledger_ops.record(RegionChanged(region_id=region.id), by=by)
    return region


@transaction.atomic
def remove_region(*, region_id: int, by: Actor) -> None:
    """Remove a region; what its countries have stays. Twice is harmless.

    Raises OnlyOwnersChangeRegions.
    """
    if not policy.can_change_regions(by):
        raise OnlyOwnersChangeRegions
    if Region.objects.filter(id=region_id).delete()[0]:
        ledger_ops.record(RegionRemoved(region_id=region_id), by=by)
