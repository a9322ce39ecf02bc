"""The import of a page, for who may take lists in."""

from __future__ import annotations

from django.http import Http404

from groundswell.office import frame
from groundswell.people import policy
from groundswell.people.models import Import
from groundswell.web.requests import HouseRequest


def import_or_404(request: HouseRequest, slug: str) -> Import:
    found = Import.objects.filter(slug=slug).first()
    if found is None or not policy.can_import(frame.by(request)):
        raise Http404
    return found
