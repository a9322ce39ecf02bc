"""Regions: several countries that one organiser looks after. Owners make them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from groundswell.kernel import formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.places import operations as place_ops
from groundswell.places import queries as place_queries
from groundswell.places.models import Region
from groundswell.web import guards
from groundswell.web.forms import Line, PlainForm
from groundswell.web.requests import HouseRequest


class RegionForm(PlainForm):
    """Its name and its countries."""

    name = Line(
        label=gettext_lazy("Name of the region"),
        error_messages={"required": place_ops.NameOfRegion.sentence},
        max_length=80,
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"),
        choices=lambda: list(countries),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one country.")},
    )


@guards.office(Right.RUN)
def regions(request: HouseRequest) -> HttpResponse:
    """Every region with its countries."""
    rows = [
        {
            "name": region.name,
            "href": reverse("office:region", args=[region.id]),
            "countries": formats.listing(sorted(countries.name(code) for code in region.countries)),
        }
        for region in place_queries.regions()
    ]
    return frame.page(request, "office/team/regions.html", {"rows": rows}, current="team")


@guards.office(Right.RUN, post=True)
def region_add(request: HouseRequest) -> HttpResponse:
    """A new region."""
    return _put(request, None)


@guards.office(Right.RUN, post=True)
def region(request: HouseRequest, region_id: int) -> HttpResponse:
    """Change a region, or remove it: roles over it end then."""
    found = place_queries.region(region_id)
    if found is None:
        raise Http404
    if request.method == "POST" and request.POST.get("do") == "remove":
        place_ops.remove_region(region_id=region_id, by=frame.by(request))
        messages.success(request, _("The region is gone, and roles over it with it."))
        return HttpResponseRedirect(reverse("office:regions"))
    return _put(request, found)


def _put(request: HouseRequest, found: Region | None) -> HttpResponse:
    standing = {"name": found.name, "countries": found.countries} if found else {}
    form = RegionForm(request.POST) if request.method == "POST" else RegionForm(initial=standing)
    if request.method == "POST" and form.is_valid():
        try:
            place_ops.put_region(
                name=form.cleaned_data["name"],
                countries=form.cleaned_data["countries"],
                region_id=found.id if found else None,
                by=frame.by(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office:regions"))
    return frame.page(
        request,
        "office/team/region.html",
        {"form": form, "region": found},
        current="team",
        status=422 if form.errors else 200,
    )


urlpatterns = [
    path("team/regions/", regions, name="regions"),
    path("team/regions/add/", region_add, name="region_add"),
    path("team/regions/<id:region_id>/", region, name="region"),
]
