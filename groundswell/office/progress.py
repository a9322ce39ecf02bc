"""How far a piece of work is: on the page, and for its script, which asks while it is open."""

from __future__ import annotations

from django.http import JsonResponse
from django.utils.translation import ngettext

from groundswell.kernel import formats
from groundswell.web.requests import HouseRequest
from groundswell.web.templatetags.words import meter


def rows(done: int, whole: int) -> str:
    """``3,500 of 9,204 rows so far.`` A row is a person or a line of a file."""
    words = ngettext("{done} of {all} row so far.", "{done} of {all} rows so far.", whole)
    return words.format(done=formats.number(done), all=formats.number(whole))


def is_asked(request: HouseRequest) -> bool:
    """Whether static/js/progress.js asks."""
    return request.headers.get("Accept") == "application/json"


def answer(done: int, whole: int, *, is_over: bool) -> JsonResponse:
    """For the script: the words, the width of the bar, and whether to load the page anew."""
    width = f"{meter(done, whole)['width']}%"
    return JsonResponse({"words": rows(done, whole), "width": width, "is_over": is_over})
