"""One export: what was asked, who agrees, the file once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django_countries import countries

from groundswell.accounts import queries as accounts_queries
from groundswell.campaigns import queries as campaign_queries
from groundswell.kernel import clock, formats
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import csv_file, frame, progress, states, xlsx_file
from groundswell.office.exports import asking, index
from groundswell.people import fields, stand_ins
from groundswell.people import queries as people_queries
from groundswell.people.exports import deciding, layouts, wishes
from groundswell.people.exports.wishes import Kind, Tool
from groundswell.people.models import Export, Field
from groundswell.people.operations import export_files, exports
from groundswell.web import guards
from groundswell.web.forms import PlainForm
from groundswell.web.requests import HouseRequest


def _export_or_404(request: HouseRequest, slug: str) -> Export:
    seen = (one for one in deciding.seen_by(frame.by(request)) if one.slug == slug)
    export = next(seen, None)
    if export is None:
        raise Http404
    return export


@guards.office(Right.EXPORT, post=True, is_fresh=True)
def one(request: HouseRequest, export_slug: str) -> HttpResponse:
    """One export: what was asked, how far it is; a post agrees or stops it."""
    export = _export_or_404(request, export_slug)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor, do = frame.by(request), request.POST.get("do", "")
        try:
            if do == "agree":
                exports.agree(export_id=export.id, by=actor)
                messages.success(request, _("You agreed. The file is being made."))
            elif do == "stop":
                exports.stop(export_id=export.id, by=actor)
                messages.success(request, _("Stopped."))
            else:
                raise frame.NoSuchButton
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.path)
    done, whole = export.row_count, export.people_count
    if progress.is_asked(request):
        return progress.answer(done, whole, is_over=export.state != Export.State.MAKING)
    context = {"form": form, "progress": progress.rows(done, whole), **_told(request, export)}
    status = 422 if form.errors else 200
    return frame.page(request, "office/exports/one.html", context, current="exports", status=status)


def _told(request: HouseRequest, export: Export) -> dict[str, Any]:
    actor, zone = frame.by(request), frame.zone_of(request)
    people = {export.account_id, *([export.decided_by_id] if export.decided_by_id else [])}
    names = accounts_queries.names_of(people)
    is_own, dies_at = actor.id == export.account_id, stand_ins.dies_at(export)
    is_open = export.state in {Export.State.ASKED, Export.State.MAKING, Export.State.READY}
    has_living = "stand_in" in export.columns and dies_at is not None and clock.now() < dies_at
    may_stop = is_own or deciding.may_refuse(actor, export)
    wish = wishes.Wish.of_json(export.wish)
    found = campaign_queries.by_ids({wish.campaign_id} if wish.campaign_id else set())
    titles = campaign_queries.titles(found.values(), frame.language())
    ready_until = export.ready_at + deciding.FETCHED_WITHIN if export.ready_at else None
    return {
        "export": export,
        "state": index.STATE_WORDS[export.state],
        "who": names.get(export.account_id, ""),
        "decided_by": names.get(export.decided_by_id or 0, ""),
        "reason": people_queries.reason_of(export),
        "people": states.people_words(export.people_count),
        "columns": formats.listing(_labels(export)),
        "tool": asking.tool_words(wish.layout, wish.kind),
        "campaign": titles.get(wish.campaign_id or 0, ""),
        "country": countries.name(wish.country) if wish.country else "",
        "active_since": formats.day_and_year(wish.active_since) if wish.active_since else "",
        "is_own": is_own,
        "can_agree": export.state == Export.State.ASKED and deciding.may_agree(actor, export),
        "can_stop": may_stop and is_open,
        "can_end": may_stop and has_living,
        "can_fetch": is_own and export.state == Export.State.READY,
        "opens": formats.moment(export.opens_at, zone) if export.opens_at else "",
        "until": formats.moment(ready_until, zone) if ready_until else "",
        "stand_ins_until": formats.moment(dies_at, zone) if dies_at else "",
        "heard": export.canaries.filter(heard_at__isnull=False).count(),
    }


@guards.office(Right.EXPORT, post=True, is_fresh=True)
def fetch(request: HouseRequest, export_slug: str) -> HttpResponseBase:
    """The file, once. Opening the address without the button's post changes nothing."""
    export = _export_or_404(request, export_slug)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("office:export", args=[export_slug]))
    try:
        export = export_files.fetch(export_id=export.id, by=frame.by(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("office:export", args=[export_slug]))
    wish, dress = wishes.Wish.of_json(export.wish), export_files.dress(export)
    is_ours, rows = wish.layout == Tool.OURS, dress.lines(export_files.lines(export))
    head, mark = _labels(export) if is_ours else dress.head(), _mark(request, export)
    answer: HttpResponseBase
    if wish.kind == Kind.XLSX:
        if not is_ours:
            rows = ([layouts.harmless(cell) for cell in row] for row in rows)
        book = xlsx_file.book(head, rows, title=mark, last=mark if is_ours else "")
        answer = HttpResponse(book, content_type=xlsx_file.CONTENT_TYPE)
    else:
        body = (
            csv_file.lines(head, rows, last=[mark])
            if is_ours
            else csv_file.lines_for(head, rows, layouts.harmless)
        )
        answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"people-{export.slug}.{wish.kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _labels(export: Export) -> list[str]:
    """The columns of an export in the reader's language."""
    keys = [code.removeprefix(wishes.OF_A_FIELD) for code in export.columns]
    own = {wishes.code_of(one): fields.label(one) for one in Field.objects.filter(key__in=keys)}
    return [str(wishes.COLUMNS.get(code, own.get(code, code))) for code in export.columns]


def _mark(request: HouseRequest, export: Export) -> str:
    """The last row: whose file this is. Whoever finds it lying about knows whom to ask."""
    names = accounts_queries.names_of({export.account_id})
    return _("Export {slug}, made for {name} on {day}: {reason} Do not pass it on.").format(
        slug=export.slug,
        name=names.get(export.account_id, ""),
        day=formats.day_and_year(export.fetched_at or clock.now(), frame.zone_of(request)),
        reason=" ".join(people_queries.reason_of(export).split()).rstrip(".") + ".",
    )


urlpatterns = [
    path("exports/<slug:export_slug>/", one, name="export"),
    path("exports/<slug:export_slug>/file/", fetch, name="export_file"),
]
