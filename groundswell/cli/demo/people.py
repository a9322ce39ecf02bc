"""Invented names and places of the demonstration. Nobody here exists."""

from __future__ import annotations

import random
from itertools import product

# Given and family names of the languages of the campaign. No two of a list are near each other
# (people/duplicates), so that nobody invented looks like somebody else by a slip of the hand.
GIVEN: dict[str, tuple[str, ...]] = {
    "en": tuple(
        "Amina Tariq Jo Femi Lucia Graham Maeve Owen Isla Noor Callum Priti Hannah Kofi "
        "Rosie Dylan Sam Zofia Bea Idris Winston Agnieszka Gareth Fatima Cormac Yasmin "
        "Patrick Shanice Ewan Ngozi Rhoda Vikram Heather Olu Siobhan Rupert Meera Angus "
        "Chiara Terence Bronwen Hassan Judith Kwame Phoebe Stefan Ruth Imran Deborah Fergus "
        "Adaeze Malcolm Sunita Hugh Leila Douglas Wendy Ravi Constance Tomos".split()
    ),
    "es": tuple(
        "Dolores Marta Iker Carmen Pablo Lucía Javier Nerea Andrés Rocío Gonzalo Beatriz "
        "Unai Pilar Sergio Montserrat Hugo Eulalia Fermín Inmaculada Jordi Yolanda Rodrigo "
        "Amparo Néstor".split()
    ),
    "fr": tuple(
        "Léa Karim Chloé Mathis Aïcha Hugo Inès Bastien Manon Fatoumata Guillaume Odile "
        "Youssef Clémence Thierry Solène Ibrahima Margaux Didier Noémie Patrice Zohra "
        "Florent Capucine Gaëtan".split()
    ),
    "ar": tuple(
        "سلمى يوسف هدى عمر نور مريم خالد ليلى سامي هناء فاطمة زكريا بشرى طارق إيمان وليد "
        "رقية مصطفى غادة حسين ثريا كمال جميلة رشيد بدر".split()
    ),
}
FAMILY: dict[str, tuple[str, ...]] = {
    "en": tuple(
        "Khan Mills Price Adeyemi Reed Walsh Owens Shah Brown Moss Fletcher Okafor "
        "Gallagher Nowak Chowdhury Pritchard Sinclair Abbott Mensah Whitfield Rahman Doyle "
        "Hargreaves Iqbal Lindsay Tennant Boateng Crawford Jenkins Villiers Kaur Underwood "
        "Macleod Farooq Bishop Eze Thornton Quigley Patel Ferreira Golding Yates Harrow "
        "Osborne Desai Kemp Vaughan Zielinski Lockwood Appiah".split()
    ),
    "es": tuple(
        "Marín Ruiz Vega Soto Ortiz Ibáñez Calvo Domínguez Echeverría Fuentes Gallardo "
        "Herrera Jiménez Lozano Navarro Peña Quintana Rojas Urrutia Zabala".split()
    ),
    "fr": tuple(
        "Moreau Benali Petit Garnier Roux Fontaine Diallo Lefebvre Chevalier Haddad Vasseur "
        "Nguyen Bertrand Traoré Joubert Perrin Guichard Marchand Delacroix Sauvage".split()
    ),
    "ar": tuple(
        "الحداد بنعلي منصور العمري زكي الفاسي خليفة الشريف بوزيد التازي غريب مهدي قاسم "
        "الوزاني جابر المصري دياب النجار رمضان الطويل".split()
    ),
}


SEATS = {("Amina", "Khan"), ("Dolores", "Marín")}  # there is one of each


class Names(random.Random):
    """Chance, and whole names dealt like cards: none comes twice before all came once."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._left: dict[str, list[tuple[str, str]]] = {}

    def deal(self, language: str) -> tuple[str, str]:
        """A given name and a family name."""
        if not self._left.get(language):
            whole = product(GIVEN[language], FAMILY[language])
            self._left[language] = [name for name in whole if name not in SEATS]
            self.shuffle(self._left[language])
        return self._left[language].pop()


# Towns as somebody would type them, with the country and language; more events come first.
TOWNS: tuple[tuple[str, str, str], ...] = (
    ("London", "GB", "en"),
    ("Manchester", "GB", "en"),
    ("Birmingham", "GB", "en"),
    ("Leeds", "GB", "en"),
    ("Glasgow", "GB", "en"),
    ("Bristol", "GB", "en"),
    ("Sheffield", "GB", "en"),
    ("Liverpool", "GB", "en"),
    ("Newcastle upon Tyne", "GB", "en"),
    ("Cardiff", "GB", "en"),
    ("Edinburgh", "GB", "en"),
    ("Belfast", "GB", "en"),
    ("Dublin", "IE", "en"),
    ("Hexham", "GB", "en"),
    ("Bradford", "GB", "en"),
    ("Nottingham", "GB", "en"),
    ("Plymouth", "GB", "en"),
    ("Norwich", "GB", "en"),
    ("Aberdeen", "GB", "en"),
    ("Swansea", "GB", "en"),
    ("Cork", "IE", "en"),
    ("Madrid", "ES", "es"),
    ("Barcelona", "ES", "es"),
    ("Sevilla", "ES", "es"),
    ("Bilbao", "ES", "es"),
    ("Granada", "ES", "es"),
    ("Paris", "FR", "fr"),
    ("Lyon", "FR", "fr"),
    ("Marseille", "FR", "fr"),
    ("Lille", "FR", "fr"),
    ("Nantes", "FR", "fr"),
    ("Casablanca", "MA", "ar"),
    ("Rabat", "MA", "ar"),
    ("Tanger", "MA", "ar"),
    ("Tunis", "TN", "ar"),
    ("Cairo", "EG", "ar"),
    ("Alexandria", "EG", "ar"),
)

TITLES: dict[str, tuple[tuple[str, str], ...]] = {  # (event type, title)
    "en": (
        ("stop", "Meeting at the old stop"),
        ("stop", "Stop H, one hour together"),
        ("ride", "Ride the last 97 together"),
        ("evening", "Banner-making evening"),
        ("stop", "Question time with councillors"),
    ),
    "es": (
        ("stop", "Encuentro en la parada"),
        ("ride", "El último viaje de la línea 12"),
        ("evening", "Taller de pancartas"),
    ),
    "fr": (
        ("stop", "Rencontre à l’arrêt"),
        ("ride", "Le dernier trajet de la ligne 8"),
        ("evening", "Soirée banderoles"),
    ),
    "ar": (
        ("stop", "لقاء عند الموقف"),
        ("ride", "رحلة في آخر حافلة"),
        ("evening", "أمسية صنع اللافتات"),
    ),
}
VENUES: dict[str, tuple[str, ...]] = {
    "en": ("Town library, main door", "Market square, by the clock", "Stop H, Station Road",
           "Community centre", "Church hall"),
    "es": ("Biblioteca municipal, puerta principal", "Plaza Mayor", "Parada de la estación"),
    "fr": ("Bibliothèque, entrée principale", "Place du Marché", "Arrêt de la gare"),
    "ar": ("المكتبة العامة، الباب الرئيسي", "ساحة السوق", "موقف المحطة"),
}  # fmt: skip

# Codes in the links that people came by; most came by none.
SOURCES = ("", "", "", "poster-stop-h", "newsletter-march", "share", "radio")
