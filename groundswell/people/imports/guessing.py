"""Guessing which program wrote a file, and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from groundswell.kernel.text import clean_line, fold
from groundswell.people.imports.columns import ONCE, To
from groundswell.people.imports.formats import FORMATS, PLAIN
from groundswell.people.imports.formats.shape import Format

NAME_MOST = 80
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = re.compile(r"[\W_]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,20}")

# Names of columns in the wild, as `key` writes them: English, Spanish, French, German, Italian,
# Portuguese, Dutch, Arabic.
_NAMES: dict[To, str] = {
    To.GIVEN: "first name|firstname|first|given name|givenname|given|f name|forename|nombre|prenom"
    "|vorname|nome|voornaam|primeiro nome|الاسم الاول|الاسم",
    To.FAMILY: "last name|lastname|last|family name|familyname|family|surname|apellido|apellidos"
    "|nom|nom de famille|nachname|familienname|cognome|sobrenome|apelido|achternaam|اسم العائلة",
    To.NAME: "name|full name|fullname|your name|nombre completo|nom complet|name vorname"
    "|nombre y apellidos|الاسم الكامل",
    To.EMAIL: "email|e mail|email address|e mail address|mail|email 1|email1|email2|email 2|email3"
    "|primary email|preferred email|correo|correo electronico|courriel|adresse email"
    "|adresse e mail|e mail adresse|البريد الالكتروني|بريد الكتروني",
    To.PHONE: "phone|phone number|phonenumber|telephone|tel|mobile|mobile phone|mobile number"
    "|mobilenumber|mobile phone number|cell|cell phone|cellphone|number|home phone|work phone"
    "|preferred phone|telefono|movil|celular|portable|telefon|handy|mobil|mobiltelefon|telefone"
    "|telefoon|الهاتف|رقم الهاتف|الجوال",
    To.STREET: "address|address 1|address1|address 2|address2|address line 1|address line 2"
    "|address line 3|street|street address|street 1|direccion|calle|adresse|rue|strasse"
    "|strasse hausnummer|anschrift|indirizzo|endereco|straat|adres|العنوان",
    To.POSTCODE: "zip|zip code|zipcode|zip5|postcode|post code|postal code|postalcode|postnumber"
    "|postalnumber|zip or post|zip or postal|codigo postal|cp|code postal|plz|postleitzahl|cap"
    "|cep|الرمز البريدي",
    To.TOWN: "city|town|municipality|locality|ciudad|localidad|poblacion|ville|commune|ort|stadt"
    "|wohnort|citta|cidade|plaats|woonplaats|المدينة",
    To.REGION: "state|province|county|region|state province|provincia|estado|departement"
    "|bundesland|regione|المحافظة|المنطقة",
    To.COUNTRY: "country|country code|pais|pays|land|staat|paese|الدولة|البلد",
    To.LANGUAGE: "language|preferred language|locale|idioma|langue|sprache|lingua|taal|اللغة",
    To.TAGS: "tags|tag|tag list|labels|etiquetas|etiquettes|schlagworte|schlagworter|activist codes"
    "|activist code|وسوم",
    To.NOTE: "note|notes|comment|comments|notes optional|notas|nota|remarque|remarques"
    "|commentaire|notiz|notizen|bemerkung|bemerkungen|anmerkung|ملاحظات|ملاحظة",
    To.SOURCE: "source|source code|origin source code|utm source|fuente|origen|quelle|herkunft",
    To.POINT_PERSON: "point person|point person email|owner email|organiser email"
    "|organizer email|assigned to",
    To.RECRUITER: "recruiter|recruiter email|recruited by|referrer email",
    To.CREATED_ON: "created|created at|created on|created date|date created|join date|joined"
    "|joined on|member since|date added|fecha de alta|date d inscription|eintrittsdatum",
    To.CONSENT_ON: "consent date|opt in date|subscription date|subscribed at|date subscribed",
    To.EMAIL_STATUS: "subscribed|subscription status|email status|email subscription status"
    "|email opt in|opt in|newsletter|email consent|suscrito|abonne|الاشتراك",
    To.TEXT_STATUS: "sms status|sms opt in|sms opt in status|mobile opt in|text opt in|sms consent",
    To.NEVER: "do not contact|do not email|unsubscribed|opt out|opted out|opt out email",
    To.NEVER_CALL: "do not call|do not text|do not sms",
    To.REF: "id|external id|externalid|source id|person id|contact id|household id",
    To.NOTHING: "middle name|middlename|middle|prefix|suffix|salutation|title",
}
# What the second column of the same name would only repeat.
_TO: dict[str, To] = {name: to for to, names in _NAMES.items() for name in names.split("|")}


def clean_name(cell: str) -> str:
    """The name of a column as it is shown."""
    return clean_line(cell.strip().strip("\ufeff'\""))[:NAME_MOST]


@cache
def key(name: str) -> str:
    """The name of a column as it is compared: ``firstName``, ``First_Name`` and ``FIRST NAME`` are
    one."""
    return _NO_WORD.sub(" ", fold(_CAMEL.sub(" ", name[:200]))).strip()


def known_names(cells: Sequence[str]) -> int:
    """How many cells of a line are names of columns."""
    by_format = {key(name) for each in FORMATS for name in (*each.columns, *each.marks)}
    return sum(1 for cell in cells if cell.strip() and (key(cell) in _TO or key(cell) in by_format))


def format_of(head: Sequence[str]) -> Format:
    """The program that wrote a file with these columns; the plain format where none is known."""
    names = {key(name) for name in head}
    for each in FORMATS:
        if each.marks and {key(mark) for mark in each.marks} <= names:
            return each
    return PLAIN


def columns(head: Sequence[str], sample: Sequence[Sequence[str]], wrote: Format) -> list[str]:
    """Where each column goes: by the program, by its name, else by what stands in it.

    A column that no rule knows is left out: whoever imports decides. Of columns that can come
    once, the first that is not empty in all of ``sample`` is taken.
    """
    by_format = {key(name): to for name, to in wrote.columns.items()}
    found: list[str] = []
    for place, name in enumerate(head):
        cells = [row[place] for row in sample if place < len(row) and row[place].strip()]
        named = key(name)
        to = by_format.get(named, _TO.get(named))
        if to is None:
            to = _TO.get(re.sub(r" \d$", "", named)) or _by_content(cells)
        if to in ONCE and to in found:
            to = To.NOTHING
        found.append(to)
    return _without_clash(found)


def _by_content(cells: Sequence[str]) -> To:
    if cells and sum(1 for cell in cells if _EMAIL.search(cell)) * 2 > len(cells):
        return To.EMAIL
    numbers = sum(1 for cell in cells if _PHONE.fullmatch(cell.strip()) and "+" in cell)
    return To.PHONE if cells and numbers * 2 > len(cells) else To.NOTHING


def _without_clash(found: list[str]) -> list[str]:
    """A whole name beside its parts says nothing new."""
    if To.NAME in found and (To.GIVEN in found or To.FAMILY in found):
        if To.GIVEN in found:
            return [To.NOTHING if to == To.NAME else to for to in found]
        return [To.GIVEN if to == To.NAME else to for to in found]
    return found
