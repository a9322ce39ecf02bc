"""What a visitor looks for on a campaign's page, read from the address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from groundswell.campaigns.models import Campaign
from groundswell.events.queries.finding import Filters
from groundswell.public.frame import SOURCE_FIELDS

PAGE = 12
MOST = 240
NEAR_MOST = 100
_ANCHOR = "#near"


@dataclass(frozen=True, slots=True)
class Search:
    """The query of the page; every link of the page keeps the rest of it."""

    near: str = ""
    town_id: str = ""  # chosen from the suggestions
    lat: str = ""
    lon: str = ""
    day: str = ""
    access: str = ""  # "step-free", "children"
    language: str = ""
    online: str = ""
    open: str = ""
    show: int = PAGE
    source: tuple[tuple[str, str], ...] = ()

    @property
    def has_place(self) -> bool:
        return bool(self.near or (self.lat and self.lon))

    def filters(self, campaign: Campaign) -> Filters:
        """The chips as the events room understands them."""
        return Filters(
            day=campaign.action_on if self.day else None,
            is_step_free=self.access == "step-free",
            is_for_children=self.access == "children",
            language=self.language,
            is_online=bool(self.online),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.day or self.access or self.language or self.online)

    def query(self, **changes: str | int) -> str:
        """The address of this page with changes; "" takes a part away."""
        kept: dict[str, str | int] = {
            "near": self.near,
            "town": self.town_id,
            "lat": self.lat,
            "lon": self.lon,
            "day": self.day,
            "access": self.access,
            "language": self.language,
            "online": self.online,
            "show": self.show if self.show != PAGE else "",
            **dict(self.source),
            **changes,
        }
        given = {name: value for name, value in kept.items() if value != ""}
        return "?" + urlencode(given) if given else "?"

    def chip(self, **changes: str) -> str:
        """A filter's link: back to the first rows, at the list."""
        none = {"day": "", "access": "", "language": "", "online": "", "show": ""}
        return self.query(**{**none, **changes}) + _ANCHOR


def read(query: QueryDict) -> Search:
    """The search behind an address. What makes no sense is left out, never refused."""

    def text(name: str, most: int = 20) -> str:
        return query.get(name, "").replace("\x00", "").strip()[:most]

    return Search(
        near=text("near", NEAR_MOST),
        town_id=text("town"),
        lat=text("lat"),
        lon=text("lon"),
        day="action" if query.get("day") else "",
        access=text("access") if text("access") in {"step-free", "children"} else "",
        language=text("language", 12),
        online="1" if query.get("online") else "",
        open=text("open"),
        show=_count(query.get("show", "")),
        source=tuple((name, text(name, 100)) for name in SOURCE_FIELDS if text(name)),
    )


def _count(text: str) -> int:
    """How many rows to show: a multiple of the first page, up to 240."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 4:
        return PAGE
    return min(max(PAGE, int(text)), MOST)
