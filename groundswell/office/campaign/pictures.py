"""Logo and picture: upload with a description, one for every language or one for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.campaigns import operations as campaign_ops
from groundswell.campaigns.models import Campaign, Picture
from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.kernel.text import clean_line
from groundswell.office import frame
from groundswell.office.campaign import parts
from groundswell.web import guards
from groundswell.web.forms import Choice, Line, PlainForm
from groundswell.web.forms import Picture as PictureField
from groundswell.web.requests import HouseRequest

KINDS: dict[str, tuple[Promise, Promise]] = {
    Picture.Kind.LOGO: (
        gettext_lazy("Logo"),
        gettext_lazy("Stands beside the organisation’s name; square works best."),
    ),
    Picture.Kind.PICTURE: (
        gettext_lazy("Picture"),
        gettext_lazy("Stands on the campaign page, and beside the link where people share it."),
    ),
}


class PictureForm(PlainForm):
    """One upload."""

    picture = PictureField(label=gettext_lazy("File"))
    description = Line(
        label=gettext_lazy("What it shows"),
        help_text=gettext_lazy("For people who cannot see it"),
        max_length=200,
        error_messages={"required": campaign_ops.NeedsADescription.sentence},
    )
    language = Choice(label=gettext_lazy("For which language"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Every language")),
            *((code, formats.endonym(code)) for code in campaign.languages),
        ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that stands, and its form to take it away."""

    picture: Picture
    src: str
    language: str


@guards.office(Right.EDIT_CAMPAIGN, post=True)
def pictures(request: HouseRequest, slug: str) -> HttpResponse:
    """Both kinds on one page; each has its own form."""
    campaign = frame.campaign_or_404(request, slug, Right.EDIT_CAMPAIGN)
    kind = request.POST.get("kind", "")
    form = None
    if request.method == "POST":
        if kind in KINDS and request.POST.get("do") == "remove":
            return _removed(request, campaign, kind)
        prefix = kind if kind in KINDS else "picture"  # Django formats the ids with it
        form = PictureForm(request.POST, request.FILES, campaign=campaign, auto_id=f"{prefix}_%s")
        if kind not in KINDS:
            form.refuse(frame.NoSuchButton())
        elif form.is_valid() and _put(request, campaign, kind, form):
            messages.success(request, _("The picture is saved."))
            return HttpResponseRedirect(request.path)
    forms_ = {
        each: form
        if form is not None and each == kind
        else PictureForm(campaign=campaign, auto_id=f"{each}_%s")
        for each in KINDS
    }
    context = {"form": form, "sections": _sections(campaign, forms_)}
    status = 422 if form is not None and form.errors else 200
    return parts.page(request, campaign, "pictures", context, status=status)


def _put(request: HouseRequest, campaign: Campaign, kind: str, form: PictureForm) -> bool:
    upload = form.cleaned_data["picture"]
    upload.seek(0)
    try:
        campaign_ops.put_picture(
            campaign=campaign,
            kind=kind,
            language=form.cleaned_data["language"],
            raw=upload.read(),
            description=form.cleaned_data["description"],
            by=frame.by(request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _removed(request: HouseRequest, campaign: Campaign, kind: str) -> HttpResponse:
    campaign_ops.remove_picture(
        campaign=campaign,
        kind=kind,
        language=clean_line(request.POST.get("language", "")),
        by=frame.by(request),
    )
    messages.success(request, _("The picture is taken away."))
    return HttpResponseRedirect(request.path)


def _sections(campaign: Campaign, made: dict[str, PictureForm]) -> list[dict[str, Any]]:
    standing = list(campaign.pictures.order_by("language").defer("content"))
    return [
        {
            "kind": kind,
            "title": title,
            "why": why,
            "form": made[kind],
            "shown": [
                Shown(
                    picture,
                    reverse("picture", args=[campaign.slug, picture.digest]),
                    formats.endonym(picture.language) if picture.language else "",
                )
                for picture in standing
                if picture.kind == kind
            ],
        }
        for kind, (title, why) in KINDS.items()
    ]


urlpatterns = [path("c/<slug:slug>/campaign/pictures/", pictures, name="pictures")]
