"""Pages for what went wrong: each says what to do next, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from groundswell.web import guards


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


Answer = Callable[[HttpRequest], HttpResponse]


def words_for_bare_answers(get_response: Answer) -> Answer:
    """Middleware: a page that takes no such request says so in words, whoever asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content or request.method == "HEAD":
            return response
        told = render(request, "405.html", status=405)
        told.headers["Allow"] = response.headers.get("Allow", "")
        return told

    return middleware


def broken(request: HttpRequest) -> HttpResponse:
    """Asks nobody anything: whatever broke may be what the other pages read."""
    return HttpResponse(render_to_string("500.html"), status=500)


@guards.anyone(post=True)
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form stood open for too long, or its cookie was refused: going back keeps the words."""
    return render(request, "web/form_too_old.html", status=403)
