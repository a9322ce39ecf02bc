"""Tags on somebody, and notes about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.ids import read_id
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.people.details import back_to, form_page
from groundswell.office.people.one import person_or_404
from groundswell.people.models import Note, Tag
from groundswell.people.operations import notes, tagging
from groundswell.people.sight import DEPTHS
from groundswell.people.sockets import Depth
from groundswell.site import vault
from groundswell.web import guards
from groundswell.web.forms import Line, OneOf, Paragraphs, PlainForm
from groundswell.web.requests import HouseRequest

SUGGESTED_MOST = 200


class TagForm(PlainForm):
    """One tag; those that there are, are suggested."""

    tag = Line(
        label=gettext_lazy("Tag"),
        help_text=gettext_lazy("A few words that you would search by, for example “drives a van”."),
        max_length=80,
    )


class NoteForm(PlainForm):
    """A note, and who may read it."""

    body = Paragraphs(label=gettext_lazy("Note"), rows=6)
    sees = OneOf(label=gettext_lazy("Who may read it?"))

    def __init__(self, *args: object, depth: Depth, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [(r.value, words) for r, words in notes.AUDIENCES.items() if DEPTHS[r] <= depth]
        self.fields["sees"].choices = choices  # type: ignore[attr-defined]  # a choice field


@guards.office(Right.SEE_CONTACTS, post=True)
def tags(request: HouseRequest, person_id: int) -> HttpResponse:
    """Put a tag on somebody, or take one off (``remove``: its id)."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    posted = request.POST if request.method == "POST" else None
    tag_id = read_id(posted.get("remove", "")) if posted is not None else None
    if tag_id is not None:
        try:
            gone = tagging.untag(person_id=found.id, tag_id=tag_id, by=frame.by(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“{tag}” is off.").format(tag=gone.name))
        return back_to(found.id, "tags")
    form = TagForm(posted)
    if posted is not None and form.is_valid():
        try:
            put = tagging.tag(
                person_id=found.id, name=form.cleaned_data["tag"], by=frame.by(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("“{tag}” is on.").format(tag=put.name))
            return back_to(found.id, "tags")
    known = list(Tag.objects.order_by("folded").values_list("name", flat=True)[:SUGGESTED_MOST])
    form.fields["tag"].widget.attrs["list"] = "known-tags"
    return form_page(
        request, found, depth, form, _("Put a tag on"), suggestions=known, verb=_("Put it on")
    )


@guards.office(Right.SEE_CONTACTS, post=True)
def note_add(request: HouseRequest, person_id: int) -> HttpResponse:
    """Write a note. Who may read it stands in the form."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    posted = request.POST if request.method == "POST" else None
    form = NoteForm(posted, depth=depth, initial={"sees": Right.SEE_CONTACTS.value})
    if posted is not None and form.is_valid():
        try:
            notes.write_note(person_id=found.id, by=frame.by(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Kept."))
            return back_to(found.id, "notes")
    return form_page(
        request, found, depth, form, _("Write a note"),
        why=_("They can read it too when they ask what we hold about them. Write so."),
    )  # fmt: skip


@guards.office(Right.SEE_CONTACTS, post=True)
def note_remove(request: HouseRequest, person_id: int, note_id: int) -> HttpResponse:
    """Remove a note; a second page asks."""
    found, depth = person_or_404(request, person_id, at_least=Depth.CONTACT)
    if request.method == "POST":
        try:
            notes.remove_note(person_id=found.id, note_id=note_id, by=frame.by(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The note is gone."))
        return back_to(found.id, "notes")
    held = Note.objects.filter(person=found, id=note_id).first()
    if held is None or depth < DEPTHS[Right(held.sees)]:
        raise Http404
    return form_page(
        request, found, depth, PlainForm(), _("Remove this note?"),
        why=_("It is deleted for everybody. This cannot be undone."), verb=_("Remove it"),
        quoted=vault.open_(held, "body_sealed"), is_removal=True,
    )  # fmt: skip


urlpatterns = [
    path("people/<id:person_id>/tags/", tags, name="person_tags"),
    path("people/<id:person_id>/notes/", note_add, name="person_note_add"),
    path("people/<id:person_id>/notes/<id:note_id>/", note_remove, name="person_note_remove"),
]
