"""A form of the team's: its page, conditions without JavaScript, frames of other websites."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from groundswell.kernel import clock
from groundswell.kernel.actor import SYSTEM
from groundswell.ledger import worker
from groundswell.outreach import delivery
from groundswell.outreach import queries as outreach_queries
from groundswell.people import queries, referrals
from groundswell.people.models import Form, FormEntry, FormTally, Touch
from groundswell.people.operations import building, persons, tallies
from groundswell.people.operations.persons import Typed
from groundswell.web import form_guard
from tests.factories import forms as make

pytestmark = pytest.mark.django_db

TYPED = {"given": "Dara", "email": "dara@example.org", "q_job": "a", "q_ward": "Seven"}


def stamp(form: Form) -> str:
    with clock.at(clock.now() - timedelta(minutes=1)):
        return form_guard.stamp(f"form:{form.slug}")


def post(client: Client, form: Form, *, page: str = "form", **changed: str) -> Any:
    typed = {**TYPED, "stamp": stamp(form), **changed}
    return client.post(reverse(page, args=[form.slug]), typed)


def text_of(response: Any) -> str:
    return response.content.decode()


def test_a_visitor_fills_it_in_and_looks_in_their_mail(client: Client) -> None:
    form = make.open_form()

    answer = post(client, form, agree="on")
    done = client.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (
        302, reverse("form", args=[form.slug]) + "?done",
    )  # fmt: skip
    assert "Look in your e-mail" in text_of(done)
    assert "You are one of many." in text_of(done)
    entry = FormEntry.objects.get()
    assert (entry.state, entry.language) == (FormEntry.State.IN, "en")


def test_the_answer_is_the_same_for_somebody_we_know(client: Client) -> None:
    form = make.open_form()
    persons.recognise(typed=Typed(given="D", email="dara@example.org"))
    post(client, form, email="new@example.org")

    answers = [
        post(client, form, email=email, q_job="b", q_ward="")
        for email in ("dara@example.org", "new@example.org", "third@example.org")
    ]

    assert {(one.status_code, one["Location"]) for one in answers} == {
        (302, reverse("form", args=[form.slug]) + "?done")
    }


def test_a_condition_stands_as_a_sentence_and_is_heard_on_the_server(client: Client) -> None:
    form = make.open_form()

    page = text_of(client.get(reverse("form", args=[form.slug])))
    missing = post(client, form, q_ward="")
    driver = post(client, form, q_job="b", q_ward="left over")

    assert "Only if you answered “Nurse” to “What is your work?”:" in page
    assert 'data-looks-at="q_job" data-wants="a"' in page
    assert missing.status_code == 422
    assert "Please answer: “" in text_of(missing)
    assert 'value="dara@example.org"' in text_of(missing)
    assert driver.status_code == 302
    assert FormTally.objects.get(choice="b").count == 1


def test_it_is_in_the_language_of_the_page(client: Client) -> None:
    form = make.open_form()
    with translation.override("ar"):
        address = reverse("form", args=[form.slug])

    page = text_of(client.get(address))
    answer = client.post(address, {**TYPED, "stamp": stamp(form)})

    assert 'dir="rtl"' in page
    assert "عدد آمن من الممرّضين" in page
    assert "ما عملك؟" in page
    assert answer["Location"].startswith("/ar/f/")
    assert FormEntry.objects.get().language == "ar"


def test_words_of_the_form_are_text_and_no_page(client: Client) -> None:
    form = make.open_form(title="<script>alert(1)</script>")

    page = text_of(client.get(reverse("form", args=[form.slug])))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_draft_has_no_page_and_a_closed_form_says_so(client: Client) -> None:
    draft = building.add(title="Later", kind="survey", languages=["en"], by=SYSTEM)
    closed = make.open_form()
    building.close(form_id=closed.id, by=SYSTEM)

    assert client.get(reverse("form", args=[draft.slug])).status_code == 404
    page = client.get(reverse("form", args=[closed.slug]))
    late = post(client, closed)

    assert "This form is closed." in text_of(page)
    assert "<form" not in re.sub(r"(?s)<header.*?</header>", "", text_of(page))
    assert (late.status_code, FormEntry.objects.count()) == (422, 0)


def test_a_petition_shows_how_many_from_ten_on(client: Client) -> None:
    form = make.open_form()
    Form.objects.filter(id=form.id).update(goal=100)
    address = reverse("form", args=[form.slug])

    for count in (9, 10):
        FormTally.objects.update_or_create(
            form=form, question="", choice="", defaults={"id": 5, "count": count}
        )
        page = text_of(client.get(address))
        assert ("10 people have signed. The goal is 100." in page) == (count == 10)
    assert tallies.of_form(form.id)[tallies.TOTAL] == 10


def test_it_carries_where_somebody_came_from(client: Client) -> None:
    form = make.open_form()
    friend = persons.recognise(typed=Typed(given="Bo", email="bo@example.org")).person
    ref = referrals.code_of(friend.id)

    page = client.get(reverse("form", args=[form.slug]), {"source": "radio", "ref": ref})
    post(client, form, source="radio", ref=ref)

    assert f'name="ref" value="{ref}"' in text_of(page)
    touch = Touch.objects.get()
    assert (touch.what, touch.about_id, touch.referrer_id) == ("form", form.id, friend.id)


# --- other websites ------------------------------------------------------------------------------


def test_a_plain_form_of_another_website_waits_for_the_mail() -> None:
    form = make.open_form()
    elsewhere = Client(enforce_csrf_checks=True)

    answer = elsewhere.post(
        reverse("form", args=[form.slug]), TYPED, headers={"origin": "https://other.example"}
    )

    assert (answer.status_code, answer["Location"]) == (
        302, reverse("form", args=[form.slug]) + "?done",
    )  # fmt: skip
    entry = FormEntry.objects.get()
    assert (entry.state, entry.because) == (FormEntry.State.HELD, "unstamped")


def test_a_frame_is_only_for_the_websites_that_the_form_names(client: Client) -> None:
    form = make.open_form()
    address = reverse("form_embed", args=[form.slug])

    closed = client.get(address)
    building.set_form(
        form_id=form.id, languages=["en", "ar"], goal=None, campaign_id=None,
        origins=["https://Example.org/", "https://union.example:8443"], by=SYSTEM,
    )  # fmt: skip
    opened = client.get(address)
    own_page = client.get(reverse("form", args=[form.slug]))

    assert "frame-ancestors 'none'" in closed["Content-Security-Policy"]
    policy = opened["Content-Security-Policy"]
    assert "frame-ancestors https://example.org https://union.example:8443;" in policy + ";"
    assert "frame-ancestors 'none'" in own_page["Content-Security-Policy"]


def test_a_frame_needs_no_cookie_and_stays_in_the_frame() -> None:
    form = make.open_form()

    answer = post(Client(enforce_csrf_checks=True), form, page="form_embed")

    assert answer["Location"] == reverse("form_embed", args=[form.slug]) + "?done"
    assert not answer.cookies
    assert FormEntry.objects.get().state == FormEntry.State.IN


# --- the mail and its page -----------------------------------------------------------------------


def mailed() -> str:
    worker.run_until_idle()
    delivery.deliver_round()
    return outreach_queries.shown_mails()[0].text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_link_of_the_mail_proves_the_address(client: Client, language: str) -> None:
    form = make.open_form()
    with translation.override(language):
        client.post(
            reverse("form", args=[form.slug]), {**TYPED, "agree": "on", "stamp": stamp(form)}
        )

    mail = mailed()
    link = re.search(r"https?://[^/\s]+(/\S*my/form/\S+)", mail)
    assert link is not None
    looked = client.get(link[1])
    assert not FormEntry.objects.get().is_confirmed
    pressed = client.post(link[1])

    assert (looked.status_code, pressed.status_code) == (200, 200)
    entry = FormEntry.objects.get()
    assert entry.is_confirmed
    assert referrals.code_of(entry.person_id) in text_of(pressed)
    contact = queries.email_contact(entry.person_id)
    assert contact is not None
    assert contact.proven_at is not None
