"""Words and kit of the fictional campaign, in four languages."""

from __future__ import annotations

from typing import Any

ORGANISATION = "Bus Users Together"
SLUG = "bring-back-our-buses"

CAMPAIGN: dict[str, dict[str, str]] = {
    "en": {
        "title": "Bring back our buses",
        "lead": "One Saturday. A hundred bus stops. Neighbours meeting to win back the routes "
        "that were cut. Find the one nearest you.",
        "about": "Four hundred routes were cut in two years. People lost jobs, school places and "
        "friends. On one Saturday we meet where the bus used to stop, say what the cut cost us, "
        "and agree what to do next.",
        "host_call": "Most hosts had never held an event before. You get a kit and a person "
        "to ring.",
    },
    "es": {
        "title": "Que vuelvan nuestros autobuses",
        "lead": "Un sábado. Cien paradas de autobús. Vecinas y vecinos que se reúnen para "
        "recuperar las líneas suprimidas. Busca la más cercana.",
        "about": "En dos años se suprimieron cuatrocientas líneas. Hay quien perdió el trabajo, "
        "la plaza escolar o a sus amistades. Un sábado nos reunimos donde paraba el autobús, "
        "contamos lo que nos costó y acordamos el siguiente paso.",
        "host_call": "La mayoría no había organizado nunca un acto. Recibes un kit y una persona "
        "a quien llamar.",
    },
    "fr": {
        "title": "Rendez-nous nos bus",
        "lead": "Un samedi. Cent arrêts de bus. Des voisins qui se retrouvent pour faire revenir "
        "les lignes supprimées. Trouvez l’arrêt le plus proche.",
        "about": "Quatre cents lignes ont été supprimées en deux ans. Des gens ont perdu leur "
        "travail, leur école, leurs amis. Un samedi, nous nous retrouvons là où le bus "
        "s’arrêtait, nous disons ce que cela nous a coûté et nous décidons de la suite.",
        "host_call": "La plupart n’avaient jamais rien organisé. Vous recevez un kit et une "
        "personne à appeler.",
    },
    "ar": {
        "title": "أعيدوا حافلاتنا",
        "lead": "يوم سبت واحد. مئة موقف حافلات. جيران يجتمعون لاستعادة الخطوط التي أُلغيت. "
        "ابحث عن الأقرب إليك.",
        "about": "أُلغي أربعمئة خط خلال سنتين. خسر أناس أعمالهم ومدارسهم وأصدقاءهم. في يوم سبت "
        "واحد نلتقي حيث كانت الحافلة تقف، ونحكي ما كلّفنا ذلك، ونتفق على الخطوة التالية.",
        "host_call": "معظم المضيفين لم ينظموا لقاءً من قبل. تحصل على عدّة كاملة وشخص تتصل به.",
    },
}


def _in(en: str, es: str, fr: str, ar: str) -> dict[str, str]:
    return {"en": en, "es": es, "fr": fr, "ar": ar}


KIT: dict[str, Any] = {
    "moments": [
        {
            "key": "meet",
            "minute": 0,
            "title": _in("Meet at the stop", "Quedamos en la parada", "Se retrouver à l’arrêt",
                         "نلتقي عند الموقف"),
            "text": _in(
                "Your host has a sign-in sheet and a banner. Come alone or bring someone.",
                "Quien organiza tiene una hoja de firmas y una pancarta. Ven por tu cuenta o "
                "acompañado.",
                "Votre hôte a une feuille de présence et une banderole. Venez seul ou accompagné.",
                "لدى المضيف ورقة تسجيل ولافتة. تعال وحدك أو مع غيرك.",
            ),
        },
        {
            "key": "say",
            "minute": 10,
            "title": _in("Say what the cut cost you", "Cuenta lo que te costó",
                         "Dire ce que cela a coûté", "احكِ ما كلّفك الإلغاء"),
            "text": _in(
                "One minute each, only if you want to. We write it down for the council.",
                "Un minuto por persona, solo si quieres. Lo anotamos para el ayuntamiento.",
                "Une minute chacun, seulement si vous le voulez. Nous l’écrivons pour la mairie.",
                "دقيقة لكل شخص، إن أراد. نكتبها للمجلس البلدي.",
            ),
        },
        {
            "key": "agree",
            "minute": 30,
            "title": _in("Agree the next step", "Acordamos el siguiente paso",
                         "Décider de la suite", "نتفق على الخطوة التالية"),
            "text": _in(
                "Usually a date, a person and one thing to do before it.",
                "Casi siempre una fecha, una persona y una tarea.",
                "En général une date, une personne et une chose à faire d’ici là.",
                "عادةً موعد وشخص وأمر واحد يُنجز قبله.",
            ),
        },
        {
            "key": "home",
            "minute": 60,
            "title": _in("Photo and home", "Foto y a casa", "Photo et retour", "صورة ثم العودة"),
            "text": _in(
                "Stay out of the picture if you prefer. Hosts ask first.",
                "Si prefieres no salir en la foto, no pasa nada: siempre se pregunta antes.",
                "Restez hors de la photo si vous préférez. On vous demande d’abord.",
                "ابقَ خارج الصورة إن شئت. المضيف يسأل أولًا.",
            ),
        },
    ],
    "tasks": [
        {
            "key": "invite",
            "due_days": -10,
            "title": _in("Invite five people", "Invita a cinco personas",
                         "Inviter cinq personnes", "ادعُ خمسة أشخاص"),
            "why": _in("A call works better than a post.", "Una llamada funciona mejor.",
                       "Un appel marche mieux qu’un message.", "المكالمة أنجع من المنشور."),
        },
        {
            "key": "place",
            "due_days": -7,
            "title": _in("Look at the place", "Mira el lugar", "Voir le lieu", "عاين المكان"),
            "why": _in("Is there shade, a kerb, somewhere to sit?",
                       "¿Hay sombra, bordillo, dónde sentarse?",
                       "Y a-t-il de l’ombre, un trottoir, de quoi s’asseoir ?",
                       "هل فيه ظل ورصيف ومكان للجلوس؟"),
        },
        {
            "key": "coach",
            "due_days": -3,
            "title": _in("Ring the team", "Llama al equipo", "Appeler l’équipe", "اتصل بالفريق"),
            "why": _in("Ten minutes, all your questions.", "Diez minutos, todas tus dudas.",
                       "Dix minutes, toutes vos questions.", "عشر دقائق لكل أسئلتك."),
        },
        {
            "key": "sheet",
            "due_days": -1,
            "title": _in("Charge your phone", "Carga el teléfono", "Charger le téléphone",
                         "اشحن هاتفك"),
            "why": _in("You tick people in on it.", "Con él anotas quién llega.",
                       "Il sert à pointer les présents.", "به تسجّل الحضور."),
        },
        {
            "key": "report",
            "due_days": 1,
            "title": _in("Tell us how it went", "Cuéntanos cómo fue",
                         "Nous dire comment c’était", "أخبرنا كيف جرى اللقاء"),
            "why": _in("Two minutes. Your number counts.", "Dos minutos. Tu número cuenta.",
                       "Deux minutes. Votre chiffre compte.", "دقيقتان. رقمك مهم."),
        },
    ],
    "types": [
        {
            "key": "stop",
            "icon": "bus",
            "minutes": 60,
            "name": _in("Meeting at the stop", "Encuentro en la parada",
                        "Rencontre à l’arrêt", "لقاء عند الموقف"),
            "line": _in("An hour where the bus used to stop.", "Una hora donde paraba el autobús.",
                        "Une heure là où le bus s’arrêtait.", "ساعة حيث كانت الحافلة تقف."),
        },
        {
            "key": "ride",
            "icon": "users",
            "minutes": 150,
            "name": _in("Ride together", "Viaje en grupo", "Trajet ensemble", "رحلة معًا"),
            "line": _in("Take the last bus that still runs.", "Tomamos el último autobús.",
                        "Prendre le dernier bus qui roule encore.", "نركب آخر حافلة ما زالت تسير."),
        },
        {
            "key": "evening",
            "icon": "megaphone",
            "minutes": 120,
            "name": _in("Banner-making evening", "Taller de pancartas",
                        "Soirée banderoles", "أمسية صنع اللافتات"),
            "line": _in("Paint, tea and a plan.", "Pintura, té y un plan.",
                        "Peinture, thé et un plan.", "ألوان وشاي وخطة."),
        },
    ],
    "words": [
        {
            "key": "post",
            "title": _in("For a message to friends", "Para escribir a tus amistades",
                         "Pour écrire à vos amis", "رسالة إلى الأصدقاء"),
            "text": _in(
                "They cut our bus. On Saturday we meet at the stop for an hour to win it back. "
                "Will you stand with me?",
                "Nos quitaron el autobús. El sábado nos reunimos una hora en la parada para "
                "recuperarlo. ¿Vienes conmigo?",
                "Ils ont supprimé notre bus. Samedi, on se retrouve une heure à l’arrêt pour le "
                "faire revenir. Tu viens avec moi ?",
                "ألغوا حافلتنا. يوم السبت نلتقي ساعة عند الموقف لنستعيدها. هل تقف معي؟",
            ),
        }
    ],
}  # fmt: skip
