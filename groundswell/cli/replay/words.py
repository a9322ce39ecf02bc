"""The words of a replayed campaign, its kit, and the names of its events, in four languages.

Neutral on purpose: they claim nothing about the action beyond what any table says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from groundswell.kernel.text import fold

LANGUAGES = ("en", "es", "fr", "ar")


def _in(en: str, es: str, fr: str, ar: str) -> dict[str, str]:
    return {"en": en, "es": es, "fr": fr, "ar": ar}


_SPANISH = frozenset("AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE".split())
_FRENCH = frozenset("FR BJ BF CD CF CG CI CM DJ GA GN GP GF HT LU MC MG ML MQ NC NE PF RE SN TD "
                    "TG YT".split())  # fmt: skip
_ARABIC = frozenset("AE BH DZ EG EH IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE".split())


def language_of(country: str, languages: Sequence[str]) -> str:
    """The language an event is held in: its country's, where the campaign speaks it."""
    by_country = {"es": _SPANISH, "fr": _FRENCH, "ar": _ARABIC}
    for code, lands in by_country.items():
        if country in lands and code in languages:
            return code
    return "en" if "en" in languages else languages[0]


# ---- kinds of events

_KINDS: tuple[tuple[str, str], ...] = (
    ("online", r"online|virtual|webinar"),
    ("strike", r"strike|walk-?\s?out|streik|huelga|greve|paro|sciopero|اضراب"),
    ("march", r"\bmarch|marcha|\bparade|demo-?zug|marche|corteo|مسير"),
    (
        "rally",
        r"demonstra|\bdemo\b|manifesta|protest|rally|vigil|kundgebung|concentra|picket|مظاهر",
    ),
    ("meeting", r"meet|assembl|reunion|versammlung|workshop|teach|اجتماع|لقاء"),
    ("action", r"action|accion|aktion|azione|direct"),
)
_KIND_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]


def kind_of(text: str) -> str:
    """The event type that a cell names; "gathering" for everything else."""
    plain = fold(text)
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(plain)), "gathering")


def _type(key: str, icon: str, minutes: int, name: dict[str, str], line: dict[str, str]) -> Any:
    return {"key": key, "icon": icon, "minutes": minutes, "name": name, "line": line}


_TYPES = (
    _type(
        "gathering", "users", 120,
        _in("Gathering", "Concentración", "Rassemblement", "تجمّع"),
        _in("Meet in a public place.", "Nos reunimos en un lugar público.",
            "On se retrouve dans un lieu public.", "نلتقي في مكان عام."),
    ),
    _type(
        "march", "megaphone", 120,
        _in("March", "Marcha", "Marche", "مسيرة"),
        _in("Walk through town together.", "Caminamos juntos por la ciudad.",
            "On marche ensemble dans la ville.", "نسير معًا في المدينة."),
    ),
    _type(
        "strike", "megaphone", 120,
        _in("Strike", "Huelga", "Grève", "إضراب"),
        _in("Leave the desk and meet outside.", "Dejamos el pupitre y nos vemos fuera.",
            "On quitte son bureau et on se retrouve dehors.", "نترك مقاعدنا ونلتقي في الخارج."),
    ),
    _type(
        "rally", "megaphone", 90,
        _in("Rally", "Manifestación", "Manifestation", "وقفة"),
        _in("Speeches, signs and songs.", "Discursos, carteles y canciones.",
            "Discours, pancartes et chansons.", "كلمات ولافتات وأغانٍ."),
    ),
    _type(
        "meeting", "coffee", 60,
        _in("Meeting", "Reunión", "Réunion", "اجتماع"),
        _in("Sit together and plan.", "Nos sentamos y planificamos.",
            "On s’assoit et on prépare.", "نجلس معًا ونخطط."),
    ),
    _type(
        "action", "hand-heart", 120,
        _in("Action", "Acción", "Action", "فعالية"),
        _in("Do one thing together, peacefully.", "Hacemos algo juntos, en paz.",
            "On agit ensemble, pacifiquement.", "نقوم بعمل واحد معًا وبسلام."),
    ),
    _type(
        "online", "users", 60,
        _in("Online", "En línea", "En ligne", "عبر الإنترنت"),
        _in("Join from wherever you are.", "Participa desde donde estés.",
            "Participez d’où vous êtes.", "شارك من أي مكان."),
    ),
)  # fmt: skip
_BY_KEY: dict[str, Any] = {each["key"]: each for each in _TYPES}


def kind_name(kind: str, language: str) -> str:
    """What an event type is called."""
    return str(_BY_KEY[kind]["name"][language])


def minutes_of(kind: str) -> int:
    """How long an event of a kind usually lasts."""
    return int(_BY_KEY[kind]["minutes"])


KIT: dict[str, Any] = {
    "types": list(_TYPES),
    "moments": [
        {
            "key": "meet", "minute": 0,
            "title": _in("Meet", "Llegada", "Arrivée", "اللقاء"),
            "text": _in("The host greets everybody and ticks people in.",
                        "Quien organiza recibe a la gente y anota quién llega.",
                        "L’hôte accueille tout le monde et pointe les présents.",
                        "يستقبل المضيف الحاضرين ويسجّل أسماءهم."),
        },
        {
            "key": "together", "minute": 20,
            "title": _in("Together", "En grupo", "Ensemble", "معًا"),
            "text": _in("What this town has planned: a walk, words, songs.",
                        "Lo que se ha preparado aquí: caminar, hablar, cantar.",
                        "Ce qui est prévu ici : marcher, parler, chanter.",
                        "ما أُعدّ هنا: مسير أو كلمات أو أغانٍ."),
        },
        {
            "key": "next", "minute": 60,
            "title": _in("What comes next", "Lo que sigue", "La suite", "الخطوة التالية"),
            "text": _in("Agree a date, a person and one thing to do.",
                        "Acordamos una fecha, una persona y una tarea.",
                        "On choisit une date, une personne et une tâche.",
                        "نتفق على موعد وشخص ومهمة واحدة."),
        },
    ],
    "tasks": [
        {
            "key": "invite", "due_days": -10,
            "title": _in("Invite five people", "Invita a cinco personas",
                         "Inviter cinq personnes", "ادعُ خمسة أشخاص"),
            "why": _in("A call works better than a post.", "Una llamada funciona mejor.",
                       "Un appel marche mieux qu’un message.", "المكالمة أنجع من المنشور."),
        },
        {
            "key": "place", "due_days": -5,
            "title": _in("Look at the place", "Mira el lugar", "Voir le lieu", "عاين المكان"),
            "why": _in("Can everybody get there?", "¿Puede llegar todo el mundo?",
                       "Tout le monde peut-il venir ?", "هل يستطيع الجميع الوصول؟"),
        },
        {
            "key": "report", "due_days": 1,
            "title": _in("Tell us how it went", "Cuéntanos cómo fue", "Nous dire comment c’était",
                         "أخبرنا كيف جرى"),
            "why": _in("Your number counts.", "Tu número cuenta.", "Votre chiffre compte.",
                       "رقمك مهم."),
        },
    ],
    "words": [
        {
            "key": "post",
            "title": _in("For a message to friends", "Para escribir a tus amistades",
                         "Pour écrire à vos amis", "رسالة إلى الأصدقاء"),
            "text": _in("There is a gathering in our town. Will you come with me?",
                        "Hay una concentración en nuestra ciudad. ¿Vienes conmigo?",
                        "Il y a un rassemblement chez nous. Tu viens avec moi ?",
                        "هناك تجمّع في مدينتنا. هل تأتي معي؟"),
        }
    ],
}  # fmt: skip

_TITLE = _in("{kind} in {town}", "{kind} en {town}", "{kind} à {town}", "{kind} في {town}")
_VENUE = _in(
    "The table names no exact place",
    "La tabla no indica el lugar exacto",
    "Le tableau n’indique pas le lieu exact",
    "لا يذكر الجدول المكان بدقة",
)
_LINK = "https://replay.invalid/online"
_HELD_BY = _in("Held by {name}.", "Organiza: {name}.", "Organisé par {name}.", "المنظِّم: {name}.")
_REPORT = _in(
    "Count from the table of the day.",
    "Recuento de la tabla de la jornada.",
    "Décompte du tableau de la journée.",
    "العدد من جدول ذلك اليوم.",
)


def event_title(kind: str, town: str, language: str) -> str:
    """What an event without a title is called."""
    if kind == "online":
        return kind_name(kind, language)
    return _TITLE[language].format(kind=kind_name(kind, language), town=town)


def venue(given: str, language: str, *, is_online: bool) -> str:
    """Where people meet; a sentence where the table does not say it, a dead link for online."""
    return _LINK if is_online else given or _VENUE[language]


def held_by(organisation: str, language: str) -> str:
    """The description of an event: who held it, where the table says so."""
    return _HELD_BY[language].format(name=organisation) if organisation else ""


def report_sentence(language: str) -> str:
    """The sentence of a replayed report."""
    return _REPORT[language]


# ---- the campaign

_LEAD = _in(
    "{events} events from a public table of a past day of action, replayed here. The places and "
    "counts are real; the people are invented.",
    "{events} actos de una tabla pública de una jornada pasada, reproducidos aquí. Los lugares y "
    "los recuentos son reales; las personas son inventadas.",
    "{events} événements d’un tableau public d’une journée passée, rejoués ici. Les lieux et les "
    "décomptes sont réels ; les personnes sont inventées.",
    "{events} فعالية من جدول عام ليوم مضى، نعيد عرضها هنا. الأماكن والأعداد حقيقية، والأشخاص "
    "من الخيال.",
)
_LEAD_WITHOUT_COUNTS = _in(
    "{events} events from a public table of a past day of action, replayed here. The places are "
    "real; the hosts are invented.",
    "{events} actos de una tabla pública de una jornada pasada, reproducidos aquí. Los lugares son "
    "reales; quienes organizan son personas inventadas.",
    "{events} événements d’un tableau public d’une journée passée, rejoués ici. Les lieux sont "
    "réels ; les hôtes sont inventés.",
    "{events} فعالية من جدول عام ليوم مضى، نعيد عرضها هنا. الأماكن حقيقية، والمضيفون من الخيال.",
)
_HOST_CALL = _in(
    "A kit, a checklist, and somebody to ask.",
    "Un kit, una lista de tareas y alguien a quien preguntar.",
    "Un kit, une liste de tâches et quelqu’un à qui demander.",
    "عدّة جاهزة وقائمة مهام وشخص تسأله.",
)
_OUTCOME = _in(
    "{events} events in {countries} countries. Those who counted found {low} to {high} people.",
    "{events} actos en {countries} países. Quienes contaron vieron entre {low} y {high} personas.",
    "{events} événements dans {countries} pays. Les décomptes vont de {low} à {high} personnes.",
    "{events} فعالية في {countries} بلدًا. قدّر من أحصوا الحضور بما بين {low} و{high} شخص.",
)
_OUTCOME_WITHOUT_COUNTS = _in(
    "{events} events in {countries} countries. The table holds no counts.",
    "{events} actos en {countries} países. La tabla no contiene recuentos.",
    "{events} événements dans {countries} pays. Le tableau ne contient pas de décompte.",
    "{events} فعالية في {countries} بلدًا. لا يحتوي الجدول على أعداد.",
)


def campaign_words(language: str, *, title: str, events: str, has_counts: bool) -> dict[str, str]:
    """Title, lead and call of the campaign page; ``events`` is the formatted number of events."""
    lead = (_LEAD if has_counts else _LEAD_WITHOUT_COUNTS)[language]
    return {
        "title": title,
        "lead": lead.format(events=events),
        "host_call": _HOST_CALL[language],
    }


def outcome(language: str, *, events: str, countries: str, low: str, high: str) -> str:
    """What came of it, once it is over; without counts ``low`` and ``high`` are empty."""
    text = (_OUTCOME if high else _OUTCOME_WITHOUT_COUNTS)[language]
    return text.format(events=events, countries=countries, low=low, high=high)
