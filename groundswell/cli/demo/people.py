"""Invented names and places of the demonstration. Nobody here exists."""

from __future__ import annotations

# Common given names of the languages of the campaign; family names by their initial only matter.
GIVEN: dict[str, tuple[str, ...]] = {
    "en": (
        "Amina",
        "Tariq",
        "Jo",
        "Femi",
        "Lucia",
        "Graham",
        "Maeve",
        "Owen",
        "Isla",
        "Noor",
        "Callum",
        "Priti",
        "Hannah",
        "Kofi",
        "Rosie",
        "Dylan",
        "Sam",
        "Zofia",
        "Bea",
        "Idris",
    ),
    "es": ("Dolores", "Marta", "Iker", "Carmen", "Pablo", "Lucía", "Javier", "Nerea", "Andrés"),
    "fr": ("Léa", "Karim", "Chloé", "Mathis", "Aïcha", "Hugo", "Inès", "Bastien", "Manon"),
    "ar": ("سلمى", "يوسف", "هدى", "عمر", "نور", "مريم", "خالد", "ليلى", "سامي", "هناء"),
}
FAMILY: dict[str, tuple[str, ...]] = {
    "en": ("Khan", "Mills", "Price", "Adeyemi", "Reed", "Walsh", "Owens", "Shah", "Brown", "Moss"),
    "es": ("Marín", "Ruiz", "Vega", "Soto", "Ortiz", "Ibáñez"),
    "fr": ("Moreau", "Benali", "Petit", "Garnier", "Roux", "Fontaine"),
    "ar": ("الحداد", "بنعلي", "منصور", "العمري", "زكي"),
}

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
