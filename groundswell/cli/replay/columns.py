"""Which column means what: by its name, in several languages and spellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.cli.replay.files import CannotReplay
from groundswell.kernel.text import clean_line, fold

# The first name that a table has wins. Written without case, accents, spaces and signs.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "town": (
        "town", "city", "citytown", "towncity", "cityname", "townname", "municipality", "locality",
        "place", "placename", "location", "village", "ville", "commune", "lieu", "localite",
        "ciudad", "municipio", "localidad", "lugar", "poblacion", "stadt", "ort", "gemeinde",
        "citta", "comune", "localita", "luogo", "cidade", "plaats", "gemeente", "kommun",
        "المدينة", "مدينة", "البلدة", "المكان", "город", "城市",
    ),
    "state": (
        "state", "stateterritory", "stateprovince", "province", "region", "county", "admin1",
        "departement", "department", "provincia", "estado", "bundesland", "kanton", "regione",
        "المحافظة", "الولاية",
    ),
    "country": (
        "country", "countryname", "countrycode", "nation", "pays", "pais", "land", "paese",
        "الدولة", "البلد", "страна", "国家",
    ),
    "lat": ("lat", "latitude", "latitud", "latitudine", "breitengrad", "breite", "y"),
    "lon": ("lon", "lng", "long", "longitude", "longitud", "longitudine", "laengengrad",
            "langengrad", "lange", "x"),
    "low": ("estlow", "low", "lowest", "countlow", "lowcount", "sizelow", "lowestimate", "min",
            "minimum", "estimatelow", "adjlow"),
    "best": (
        "estbest", "best", "average", "avg", "mean", "sizemean", "count", "headcount", "counted",
        "attendance", "attendees", "participants", "participantes", "teilnehmer", "people",
        "crowd", "crowdsize", "size", "turnout", "estimate", "bestestimate", "bestcount",
        "asistentes", "personas", "personnes", "عدد", "العدد", "الحضور",
    ),
    "high": ("esthigh", "high", "highest", "counthigh", "highcount", "sizehigh", "highestimate",
             "max", "maximum", "estimatehigh", "adjhigh"),
    "date": ("date", "day", "eventdate", "startdate", "startsat", "startsatlocal", "datum", "fecha",
             "jour", "data", "dia", "tag", "التاريخ", "дата"),
    "time": ("time", "starttime", "start", "starts", "hour", "hora", "heure", "uhrzeit", "ora",
             "orario", "tijd", "zeit", "الوقت", "الساعة"),
    "end": ("endtime", "end", "ends", "endsat", "until", "heuredefin", "horafin", "ende"),
    "type": ("eventtype", "type", "kind", "category", "actiontype", "tipo", "art", "النوع"),
    "organisation": (
        "organisation", "organization", "organiser", "organizer", "organisers", "organizers",
        "organizacion", "org", "orga", "group", "host", "hostorganisation", "hostorganization",
        "sponsor", "المنظمة",
    ),
    "address": ("address", "venue", "streetaddress", "meetingpoint", "where", "adresse",
                "direccion", "indirizzo", "adres", "endereco", "adress", "العنوان"),
    "title": ("title", "eventtitle", "eventname", "event", "name", "titulo", "titre", "titel",
              "titolo", "العنوانالرئيسي"),
    "zone": ("timezone", "tz", "tzderived", "zone", "tzname", "ianatimezone"),
}  # fmt: skip
COUNTS = ("low", "best", "high")
_LONGEST_CELL = 1000


def _key(name: str) -> str:
    return "".join(char for char in fold(name) if char.isalnum())


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row."""

    at: dict[str, int]
    width: int
    names: tuple[str, ...]

    def has(self, *fields: str) -> bool:
        return all(field in self.at for field in fields)

    @property
    def has_counts(self) -> bool:
        return any(field in self.at for field in COUNTS)

    def read(self, cells: Sequence[str]) -> dict[str, str]:
        """The fields of one row, cleaned; those without a column or a cell are empty."""
        return {
            field: clean_line(cells[self.at[field]][:_LONGEST_CELL])
            if field in self.at and self.at[field] < len(cells)
            else ""
            for field in SYNONYMS
        }


def understand(header: Sequence[str], name: str) -> Columns:
    """The columns of a table. Raises CannotReplay when no place can be read from it."""
    keys = [_key(cell) for cell in header]
    at: dict[str, int] = {}
    for field, spellings in SYNONYMS.items():
        taken = set(at.values())
        for spelling in spellings:
            found = next(
                (i for i, key in enumerate(keys) if key == spelling and i not in taken), None
            )
            if found is not None:
                at[field] = found
                break
    columns = Columns(at, len(keys), tuple(header))
    if columns.has("town") or columns.has("lat", "lon"):
        return columns
    half = "lon" if columns.has("lat") else "lat" if columns.has("lon") else ""
    missing = (
        f"a column “{half}” beside the other coordinate, or one for the town"
        if half
        else "a column for the place: “town”, or “lat” and “lon”"
    )
    shown = ", ".join(cell or "(no name)" for cell in list(header)[:30])
    raise CannotReplay(f"{name} needs {missing}. Its columns are: {shown}.")
