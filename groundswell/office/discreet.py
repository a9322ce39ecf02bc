"""Discreet countries: where a phone is searched, mails and calendars name nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.refusal import Refusal
from groundswell.office import frame
from groundswell.office.campaign.plan import CountryNames, country_names
from groundswell.site import operations as site_ops
from groundswell.site import queries as site_queries
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest


class DiscreetForm(PlainForm):
    """The list of countries, as on a campaign's plan."""

    countries = CountryNames(
        label=gettext_lazy("Countries"),
        help_text=gettext_lazy("Names or two letters, with commas between them."),
        required=False,
        max_length=2000,
    )


@guards.owner(post=True)
def discreet(request: HouseRequest) -> HttpResponse:
    """Choose them; what is sent from now on follows."""
    standing = sorted(site_queries.discreet_countries())
    form = DiscreetForm(
        request.POST if request.method == "POST" else None,
        initial={"countries": country_names(standing)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            site_ops.set_discreet_countries(
                countries=form.cleaned_data["countries"], by=frame.by(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    status = 422 if form.errors else 200
    context = {"form": form}
    template = "office/health/discreet.html"
    return frame.page(request, template, context, current="more", status=status)


urlpatterns = [path("discreet/", discreet, name="discreet")]
