"""Building a link: a page of ours, a code, a medium; with its QR code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.forms.share import qr
from groundswell.people import form_queries
from groundswell.people.operations import sources
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, PlainForm
from groundswell.web.requests import HouseRequest


class LinkForm(PlainForm):
    """Where the link leads and what it says about itself."""

    page = Choice(label=gettext_lazy("It leads to"))
    source = Line(
        label=gettext_lazy("Source code"),
        help_text=gettext_lazy("A new one is made when the first person comes by it."),
        max_length=sources.CODE_MOST,
        error_messages={"required": sources.CodeIsMissing.sentence},
    )
    utm_medium = Line(
        label=gettext_lazy("Medium"),
        help_text=gettext_lazy("For example paper, radio, newsletter."),
        max_length=100,
        required=False,
    )
    utm_campaign = Line(label=gettext_lazy("Campaign name"), max_length=100, required=False)

    def __init__(self, *args: Any, pages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].choices = pages  # type: ignore[attr-defined]  # a choice field

    def clean_source(self) -> str:
        """The code as it will be counted."""
        code = sources.normalised(self.cleaned_data["source"])
        if not code:
            self.add_error("source", str(sources.CodeIsMissing()))
        return code

    def link(self) -> str:
        """The whole address."""
        given = {name: text for name, text in self.cleaned_data.items() if text and name != "page"}
        return f"{settings.GROUNDSWELL_ORIGIN}{self.cleaned_data['page']}?{urlencode(given)}"


def _pages(request: HouseRequest) -> list[tuple[str, str]]:
    rows = list(campaign_queries.visible_campaigns(frame.by(request)).order_by("-action_on")[:50])
    titles = campaign_queries.titles(rows, frame.language())
    found = [(reverse("home"), _("The first page"))]
    for row in rows:
        title = titles[row.id]
        found.append((reverse("campaign", args=[row.slug]), title))
        host = _("{title}: host an event").format(title=title)
        found.append((reverse("host_start", args=[row.slug]), host))
    for form in form_queries.forms()[:100]:
        address = reverse("form", args=[form.slug])
        found.append((address, form_queries.title(form, frame.language())))
    return found


def _in_own_language(page: str) -> str:
    """The same page under the prefix of the reader's language."""
    _blank, _slash, rest = page.partition("/")
    code, slash, tail = rest.partition("/")
    return f"/{frame.language()}{slash}{tail}" if code in dict(settings.LANGUAGES) else page


@guards.office(Right.TAKE_IN, is_everywhere=True)
def link(request: HouseRequest) -> HttpResponse:
    """The form asks by GET, so that a link that was built can be kept as a bookmark."""
    asked = request.GET.copy()
    if "page" in asked:  # kept by somebody who reads another language
        asked["page"] = _in_own_language(request.GET["page"][:300])
    form = LinkForm(asked if "page" in asked else None, pages=_pages(request))
    built = form.link() if form.is_bound and form.is_valid() else ""
    context = {"form": form, "built": built, "qr": qr(built) if built else None}
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/sources/link.html", context, current="sources", status=status
    )


urlpatterns = [path("sources/link/", link, name="source_link")]
