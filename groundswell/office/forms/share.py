"""Sharing a form: its address, its QR code, a frame for another website, a plain form."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import translation

from groundswell.kernel import formats
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.forms.index import form_or_404
from groundswell.people import form_queries
from groundswell.people.models import Form
from groundswell.people.operations import sources
from groundswell.web import guards
from groundswell.web.requests import HouseRequest


def qr(address: str) -> dict[str, str]:
    """A QR code as two pictures that stand in the page itself: SVG for print, PNG for screens."""
    code = segno.make(address, error="m")
    return {
        "svg": code.svg_data_uri(scale=5, border=4, light="white"),
        "png": code.png_data_uri(scale=12, border=4),
    }


def _in(language: str, name: str, slug: str) -> str:
    with translation.override(language):
        return settings.GROUNDSWELL_ORIGIN + reverse(name, args=[slug])


def _plain(found: Form, language: str, code: str) -> str:
    """A form for any website: no script, no frame. What comes by it waits for the mail."""
    content = form_queries.published(found) or form_queries.draft(found)
    with translation.override(language):
        context: dict[str, Any] = {
            "address": _in(language, "form", found.slug),
            "code": code,
            "found": found,
            "texts": content.texts_in(language, found.languages),
            "content": content,
        }
        return render_to_string("office/forms/plain_form.html", context).strip()


def _row(found: Form, language: str, code: str) -> dict[str, str]:
    """The form in one of its languages: its address, in a frame, as a plain form."""
    end = f"?source={code}" if code else ""
    return {
        "language": formats.endonym(language),
        "title": form_queries.title(found, language),
        "address": _in(language, "form", found.slug) + end,
        "frame": _in(language, "form_embed", found.slug) + end,
        "plain": _plain(found, language, code),
    }


@guards.office(Right.TAKE_IN, is_everywhere=True)
def share(request: HouseRequest, form_slug: str) -> HttpResponse:
    """Everything to put the form somewhere. ``?source=`` puts a code into all of it."""
    found = form_or_404(form_slug)
    code = sources.normalised(request.GET.get("source", ""))
    rows = [_row(found, language, code) for language in found.languages]
    context = {
        "found": found,
        "title": form_queries.title(found, frame.language()),
        "rows": rows,
        "code": code,
        "qr": qr(rows[0]["address"]),
        "is_open": found.state == Form.State.OPEN,
    }
    return frame.page(request, "office/forms/share.html", context, current="more")


urlpatterns = [path("forms/<slug:form_slug>/share/", share, name="form_share")]
