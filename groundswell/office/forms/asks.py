"""What a form asks about the person, what they can agree to, which tags they get."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.forms.index import form_or_404
from groundswell.office.forms.one import campaign_choices, edit_page
from groundswell.people import fields, form_queries
from groundswell.people.forms.content import Ask
from groundswell.people.models import Consent, Topic
from groundswell.people.operations import building
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, PlainForm
from groundswell.web.requests import HouseRequest

ASKS = [
    (Ask.NO, gettext_lazy("Do not ask")),
    (Ask.MAY, gettext_lazy("Ask, and they may leave it empty")),
    (Ask.MUST, gettext_lazy("They must fill it in")),
]


class AsksForm(PlainForm):
    """First name and e-mail address are always asked."""

    family = Choice(label=gettext_lazy("Last name"), choices=ASKS)
    phone = Choice(label=gettext_lazy("Phone"), choices=ASKS)
    postcode = Choice(label=gettext_lazy("Postcode"), choices=ASKS)
    agree = Choice(
        label=gettext_lazy("They can agree to mails about"),
        help_text=gettext_lazy("A tick box that nobody has ticked for them."),
        required=False,
    )
    country = Choice(
        label=gettext_lazy("Its people live in"),
        help_text=gettext_lazy(
            "In Germany and Austria, and where this is open, agreeing counts once the link of our "
            "mail was opened: the law of these countries wants a proof."
        ),
        required=False,
    )
    tags = Line(
        label=gettext_lazy("Tags for everybody who fills it in"),
        help_text=gettext_lazy("With commas between them."),
        required=False,
    )

    def __init__(self, *args: Any, topics: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anywhere = [("", _("Different countries")), *countries]
        self.fields["agree"].choices = topics  # type: ignore[attr-defined]  # a choice field
        self.fields["country"].choices = anywhere  # type: ignore[attr-defined]  # as above


def _topics(request: HouseRequest) -> list[tuple[str, str]]:
    """What can be agreed to: nothing, all news, a topic, a campaign."""
    news, campaign = Consent.Purpose.NEWS, Consent.Purpose.CAMPAIGN
    own = Topic.objects.filter(is_closed=False).order_by("position", "id")
    return [
        ("", _("Nothing: the form asks for no consent")),
        (f"{news}:0", _("All our news")),
        *((f"{news}:{one.id}", fields.in_language(one.names)) for one in own),
        *((f"{campaign}:{key}", title) for key, title in campaign_choices(request)),
    ]


@guards.office(Right.TAKE_IN, post=True, is_everywhere=True)
def asks(request: HouseRequest, form_slug: str) -> HttpResponse:
    """What is asked, agreed to and remembered of everybody."""
    found = form_or_404(form_slug)
    content = form_queries.draft(found)
    data = request.POST if request.method == "POST" else None
    initial = {
        "family": content.family,
        "phone": content.phone,
        "postcode": content.postcode,
        "agree": f"{content.purpose}:{content.about_id}" if content.purpose else "",
        "country": content.country,
        "tags": ", ".join(content.tags),
    }
    form = AsksForm(data, topics=_topics(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        purpose, _colon, about = given["agree"].partition(":")
        try:
            building.set_asks(
                form_id=found.id,
                **{name: given[name] for name in ("family", "phone", "postcode", "country")},
                purpose=purpose,
                about_id=int(about or 0),
                tags=given["tags"].split(","),
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. Visitors see it once you publish."))
            return HttpResponseRedirect(reverse("office:form", args=[found.slug]))
    return edit_page(request, found, form, _("Who they are, and what they agree to"))


urlpatterns = [path("forms/<slug:form_slug>/people/", asks, name="form_asks")]
