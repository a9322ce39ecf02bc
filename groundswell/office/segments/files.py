"""A segment as a file for another installation, and one of theirs taken in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.kernel.roles import Right
from groundswell.office import frame
from groundswell.office.segments.builder import segment_or_404
from groundswell.people.operations import segment_files
from groundswell.people.operations.segments import Kept, NameIt
from groundswell.people.segments import portable
from groundswell.people.segments.portable import Taken
from groundswell.web import guards
from groundswell.web.forms import Line, Paragraphs, PlainForm, Yes
from groundswell.web.requests import HouseRequest


class TakeInForm(PlainForm):
    """The file, or its text; then, with ``is_named``, what the segment is called here."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "application/json,.json"}),
    )
    text = Paragraphs(
        label=gettext_lazy("Or its text"),
        required=False,
        rows=4,
        max_length=portable.CHARACTERS_MOST,
    )
    name = Line(
        label=gettext_lazy("Name"), max_length=120, error_messages={"required": NameIt.sentence}
    )
    folder = Line(label=gettext_lazy("Folder"), max_length=60, required=False)
    is_shared = Yes(label=gettext_lazy("Others who may ask about people can use it too"))
    leave_out = Yes(label=gettext_lazy("Leave out what is not here"))

    def __init__(self, *args: Any, is_named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = is_named

    def clean(self) -> dict[str, Any]:
        """``text`` becomes that of the file, where there is one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.get("file")
        if file is not None:
            given["text"] = self._read(file)
        if not given.get("text") and not {"file", "text"} & set(self.errors):
            self.add_error("file", _("Choose a file, or paste its text."))
        return given

    def _read(self, file: Any) -> str:
        try:
            return portable.text_of(file.read(portable.BYTES_MOST + 1))
        except Refusal as refusal:
            self.refuse(refusal)
            return ""


@guards.office(Right.SEGMENT)
def segment_file(request: HouseRequest, segment_id: int) -> HttpResponse:
    """The segment as JSON. It holds nobody, and no id of ours."""
    found = segment_or_404(request, segment_id)
    try:
        body = portable.as_text(found, frame.by(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("office:segment", args=[found.id]))
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="segment-{found.id}.json"'
    return answer


@guards.office(Right.SEGMENT, post=True)
def take_in(request: HouseRequest) -> HttpResponse:
    """A file is looked at first: what it will ask, and what of it is not here; then saved."""
    actor = frame.by(request)
    is_saving = request.POST.get("do") == "save"
    form = TakeInForm()
    if request.method == "POST":
        form = TakeInForm(request.POST, request.FILES, is_named=is_saving)
    is_read = form.is_valid() or set(form.errors) == {"name"}
    taken = _looked_at(form, actor) if is_read else None
    if taken is not None and is_saving and not form.errors:
        given = form.cleaned_data
        kept = Kept(name=given["name"], folder=given["folder"], is_shared=given["is_shared"])
        try:
            done = segment_files.take_in(
                taken=taken, kept=kept, leave_out=given["leave_out"], by=actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. It counts anew each time it is used."))
            return HttpResponseRedirect(reverse("office:segment", args=[done.id]))
    context = {"form": form, "taken": taken, **(_told(taken, actor) if taken else {})}
    if taken is not None and not form.errors:
        # From now on the text travels in the page; the file was read once.
        again = {"text": form.cleaned_data["text"], "name": taken.name, "is_shared": True}
        context["form"] = TakeInForm(initial=again, is_named=True)
    status = 422 if form.errors else 200
    return frame.page(
        request, "office/segments/take_in.html", context, current="segments", status=status
    )


def _looked_at(form: TakeInForm, actor: Actor) -> Taken | None:
    try:
        return portable.read(form.cleaned_data["text"], actor)
    except Refusal as refusal:
        if form.cleaned_data["file"] is None:
            refusal.field = "text"  # that is where it was pasted
        form.refuse(refusal)
        return None


def _told(taken: Taken, actor: Actor) -> dict[str, Any]:
    """Each segment of the file in sentences, as it would be asked here."""
    return {"parts": portable.in_sentences(taken, actor), "missing": taken.missing}


urlpatterns = [
    path("segments/import/", take_in, name="segment_take_in"),
    path("segments/<id:segment_id>/file/", segment_file, name="segment_file"),
]
