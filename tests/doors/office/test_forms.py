"""The office builds a form without JavaScript, shares it, sorts what waits, reads what came."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.accounts.doubts import Doubt, Look
from groundswell.kernel.actor import Role
from groundswell.people.forms.content import Kind, of_json
from groundswell.people.models import Form, FormEntry
from groundswell.people.operations import sorting
from tests.doors.public import reading
from tests.factories import forms as make

pytestmark = pytest.mark.django_db
INDEX = "/en/office/forms/"
TRAPPED = Look(doubt=Doubt.TRAP)


def content_of(form: Form) -> Any:
    return of_json(Form.objects.get(id=form.id).draft)


def question(client: Client, page: str, **told: str) -> Any:
    typed = {"kind": "short", "label_en": "?", "choices_en": "", **told}
    return client.post(page, typed)


def test_from_nothing_to_a_form_that_somebody_fills_in(organiser: Client, client: Client) -> None:
    assert "There is no form yet" in reading.text(organiser.get(INDEX))

    made = organiser.post(
        f"{INDEX}add/", {"title": "Safe staffing", "kind": "petition", "languages": ["en", "ar"]}
    )
    page = f"{INDEX}safe-staffing/"
    assert made["Location"] == page
    form = Form.objects.get()
    words = {"title_en": "Safe staffing", "title_ar": "كفاية", "thanks_en": "Thanks"}
    words |= {
        f"{part}_{code}": "" for part in ("intro", "button", "consent") for code in ("en", "ar")
    }
    assert organiser.post(f"{page}words/", {**words, "thanks_ar": ""})["Location"] == page
    asks = {"family": "may", "phone": "no", "postcode": "must", "agree": "news:0", "country": "GB"}
    assert organiser.post(f"{page}people/", {**asks, "tags": "Petition, Spring"}).status_code == 302
    job = question(
        organiser, f"{page}questions/add/", kind="one", label_en="Your work?", label_ar="عملك؟",
        choices_en="Nurse\nDriver", choices_ar="ممرّضة\nسائق", tags="Nurse\n",
    )  # fmt: skip
    assert job["Location"] == page
    first = content_of(form).questions[0]
    ward = question(
        organiser, f"{page}questions/add/", label_en="Which ward?",
        only_if=f"{first.key}:{first.choices[0].key}",
    )  # fmt: skip
    assert ward.status_code == 302
    assert client.get("/en/f/safe-staffing/").status_code == 404
    assert organiser.post(page, {"do": "publish"}).status_code == 302

    content = content_of(form)
    assert (content.texts["ar"].title, content.tags) == ("كفاية", ("Petition", "Spring"))
    assert [one.kind for one in content.questions] == [Kind.ONE, Kind.SHORT]
    assert [choice.tag for choice in first.choices] == ["Nurse", ""]
    assert first.choices[1].labels == {"en": "Driver", "ar": "سائق"}
    public = reading.text(client.get("/en/f/safe-staffing/"))
    assert "Only if you answered “Nurse” to “Your work?”:" in public
    preview = organiser.get(f"{page}preview/")
    assert "Which ward?" in reading.text(preview)
    assert 'name="given"' in preview.content.decode()  # the form itself, as visitors get it
    assert '<button class="btn big full" disabled>' in preview.content.decode()
    assert organiser.post(f"{page}preview/").status_code == 405


def test_words_that_a_language_lacks_are_told(organiser: Client) -> None:
    form = make.open_form()
    page = f"{INDEX}{form.slug}/"
    told = "Some words are missing in العربية. Until you write them, people read them in English."
    assert told not in reading.text(organiser.get(page))

    words = {
        f"{part}_{code}": "x" for part in ("title", "intro", "button", "thanks", "consent")
        for code in ("en", "ar")
    }  # fmt: skip
    organiser.post(f"{page}words/", {**words, "consent_ar": ""})
    assert told in reading.text(organiser.get(page))

    organiser.post(f"{page}words/", words)
    assert told not in reading.text(organiser.get(page))
    question(organiser, f"{page}questions/add/", label_en="Anything else?")
    assert told in reading.text(organiser.get(page))


def test_buttons_move_and_remove_questions(organiser: Client) -> None:
    form = make.open_form()
    page = f"{INDEX}{form.slug}/"

    refused = organiser.post(page, {"do": "remove", "question": "job"})
    assert refused.status_code == 422
    assert "A question can only follow" in reading.text(refused)
    assert organiser.post(page, {"do": "remove", "question": "ward"}).status_code == 302
    assert organiser.post(page, {"do": "close"}).status_code == 302
    assert organiser.post(page, {"do": "dance"}).status_code == 422

    assert [one.key for one in content_of(form).questions] == ["job"]
    assert Form.objects.get().state == Form.State.CLOSED


def test_a_better_word_for_an_answer_keeps_what_was_counted(organiser: Client) -> None:
    form = make.open_form()
    page = f"{INDEX}{form.slug}/questions/job/"
    told = {"kind": "one", "label_en": "Work?", "label_ar": "", "tags": ""}

    organiser.post(page, {**told, "choices_en": "Nurse or midwife\nDriver", "choices_ar": ""})
    assert [one.key for one in content_of(form).questions[0].choices] == ["a", "b"]
    organiser.post(page, {**told, "choices_en": "Cook\nNurse or midwife\nDriver", "choices_ar": ""})

    keys = [one.key for one in content_of(form).questions[0].choices]
    assert keys[1:] == ["a", "b"]
    assert keys[0] not in {"a", "b"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"label_en": ""}, "Write the question in the first language of the form."),
        ({"kind": "one", "choices_en": "Only one"}, "Write at least two answers"),
        ({"kind": "one", "choices_en": "A\nB", "choices_ar": "ا"}, "Write as many answers"),
        ({"kind": "song"}, "Choose one of the answers shown."),
    ],
)
def test_a_wrong_question_says_what_to_do_and_loses_nothing(
    organiser: Client, typed: dict[str, str], words: str
) -> None:
    form = make.open_form()

    answer = question(organiser, f"{INDEX}{form.slug}/questions/add/", label_ar="كلمات", **typed)

    assert answer.status_code == 422
    assert words in reading.text(answer)
    assert "كلمات" in answer.content.decode()
    assert len(content_of(form).questions) == 2


def test_settings_name_the_websites_that_may_frame_it(organiser: Client) -> None:
    form = make.open_form()
    page = f"{INDEX}{form.slug}/settings/"
    told = {"languages": ["ar", "en"], "goal": "500", "campaign": ""}

    wrong = organiser.post(page, {**told, "origins": "https://ok.example\nfoo"})
    right = organiser.post(page, {**told, "origins": "https://ok.example\n"})

    assert wrong.status_code == 422
    assert "foo" in wrong.content.decode()
    assert right.status_code == 302
    found = Form.objects.get()
    assert (found.origins, found.goal, found.languages) == (
        ["https://ok.example"], 500, ["en", "ar"],
    )  # fmt: skip


def test_sharing_holds_link_code_frame_and_plain_form(organiser: Client) -> None:
    form = make.open_form(postcode="must")
    Form.objects.update(origins=["https://ok.example"])

    page = organiser.get(f"{INDEX}{form.slug}/share/", {"source": "Leaflet Leeds"}).content.decode()

    assert f"/en/f/{form.slug}/?source=leaflet-leeds" in page
    assert f"/ar/f/{form.slug}/?source=leaflet-leeds" in page
    for language in ("en", "ar"):  # each in a frame, and as a plain form
        assert f"/{language}/f/{form.slug}/embed/?source=leaflet-leeds" in page
        assert f"/{language}/f/{form.slug}/&quot; method=&quot;post&quot;" in page
    assert page.count("name=&quot;source&quot; value=&quot;leaflet-leeds&quot;") == 2
    assert "data:image/svg+xml" in page
    assert "data:image/png" in page
    assert "&lt;input name=&quot;postcode&quot;" in page
    assert "&lt;button&gt;Sign it&lt;/button&gt;" in page  # a petition, as on its own page
    assert "<iframe" not in page


def test_what_waits_is_let_in_deleted_and_taken_back(organiser: Client) -> None:
    form = make.open_form()
    entries = [make.entry(form, f"p{number}@example.org", look=TRAPPED) for number in range(3)]
    page = "/en/office/quarantine/forms/"

    shown = reading.text(organiser.get(page))
    assert shown.count("It filled in a field that no person sees.") == 3
    organiser.post(page, {"do": "let_in", "entry": str(entries[0].id)})
    organiser.post(page, {"do": "delete", "entry": [str(one.id) for one in entries[1:]]})
    assert sorting.in_quarantine().count() == 0
    stamp = FormEntry.objects.filter(state="deleted")[0].decided_at
    assert stamp is not None
    organiser.post(page, {"do": "take_back", "stamp": stamp.isoformat()})

    assert sorting.in_quarantine().count() == 2
    assert FormEntry.objects.get(state="in").id == entries[0].id
    for wrong in ({"do": "let_in"}, {"do": "let_in", "entry": "x"}, {"do": "take_back"}, {}):
        assert organiser.post(page, wrong).status_code == 422


def test_results_count_answers(organiser: Client) -> None:
    form = make.open_form()
    for number in range(3):
        make.entry(form, f"p{number}@example.org")

    page = reading.text(organiser.get(f"{INDEX}{form.slug}/"))

    assert "3 filled it in" in page
    assert "Nurse 3" in " ".join(page.split())


@pytest.mark.parametrize("page", [INDEX, "/en/office/quarantine/forms/"])
def test_lists_ask_as_much_for_three_as_for_one(organiser: Client, page: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert organiser.get(page).status_code == 200
        return len(queries)

    make.entry(make.open_form("A"), "one@example.org", look=TRAPPED)
    organiser.get(page)
    first = asked()
    for name in ("B", "C"):
        make.entry(make.open_form(name), f"{name}@example.org", look=TRAPPED)

    assert asked() == first


def test_data_managers_build_and_do_not_sort(sit: Any) -> None:
    manager = sit(Role.DATA_MANAGER)
    form = make.open_form()

    assert manager.get(f"{INDEX}{form.slug}/").status_code == 200
    assert manager.get("/en/office/quarantine/forms/").status_code == 404
