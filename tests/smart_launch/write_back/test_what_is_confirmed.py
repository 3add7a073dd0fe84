"""What is confirmed is what was shown, and what was written is told as it then stands.

Two windows of one session, answers changed after writing, records that stay: the page says each
before anything is confirmed, and nothing is written that was not shown.
"""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from tests.fetching.charts import SAMPLES, resources_of
from tests.fetching.fault_server import reply
from tests.smart_launch.app_and_browser import Browser
from tests.smart_launch.told_ehr import ToldEhr, told_ehr
from tests.smart_launch.write_back.test_write_back import card_document
from tests.smart_launch.writing import (
    TODAY,
    answer_again,
    confirmed,
    created,
    form_token_of,
    opened_with,
    value_of,
    write,
    writing_app,
)
from tests.smart_page.opened import document_of
from tests.smart_page.page_text import Page

DAY = TODAY - timedelta(days=9)
BOTH = ClinicianAnswers(progressed=True, progressed_on=DAY, ecog=1)


def as_said(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def form_of(browser: Browser) -> str:
    """Read the section of the page that offers what can be written."""
    (found,) = re.findall(
        r'<form[^>]*class="write-back">.*?</form>', browser.page().text, re.DOTALL
    )
    return str(found)


def offered(browser: Browser) -> list[str]:
    html = browser.page().text
    return re.findall(r'name="answer" value="([^"]+)"', html)


def send(browser: Browser, answers: list[str]) -> Any:  # noqa: ANN401 (an answer of the client)
    form = {"form_token": form_token_of(browser), "confirm": "yes", "answer": answers}
    return browser.client.post("/smart/write-back", data=form)


# --- before it is confirmed ---------------------------------------------------------------------


def test_the_form_shows_each_fact_with_day_and_code_and_for_whom_and_by_whom(
    app: Flask, ehr: ToldEhr
) -> None:
    next_day = DAY + timedelta(days=1)
    answers = ClinicianAnswers(
        progressed=True,
        progressed_on=DAY,
        not_tolerated=True,
        ecog=3,
        answered_on={"ecog": DAY, "not_tolerated": next_day},
    )
    browser = opened_with(app, ehr, answers)
    said = Page(form_of(browser)).seen
    for fact in (
        f"Progression of disease, {as_said(DAY)} (LOINC 97509-4 Cancer Disease Progression = ",
        "= SNOMED CT 271299001 Patient's condition worsened)",
        f"Sorafenib not tolerated, {as_said(next_day)} (SNOMED CT 407563006 Treatment not tole",
        "= RxNorm 495881 sorafenib)",
        f"ECOG performance status 3, {as_said(DAY)} (LOINC 89247-1 ECOG Performance Status score",
        f"Patient/{ehr.patient_id}",
        "born ",
        "in the name of Practitioner/dr-1",
    ):
        assert fact in said, fact
    assert offered(browser) == confirmed(browser)
    assert send(browser, offered(browser)).status_code == 200
    written = [(value_of(one), one["effectiveDateTime"]) for one in created(ehr)]
    assert written == [
        ("271299001", DAY.isoformat()),
        ("495881", next_day.isoformat()),
        (3, DAY.isoformat()),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        ClinicianAnswers(progressed=True, progressed_on=DAY - timedelta(days=30), ecog=1),
        ClinicianAnswers(progressed=True, progressed_on=DAY, ecog=3),
        ClinicianAnswers(progressed=True, progressed_on=DAY),
        ClinicianAnswers(progressed=True, progressed_on=DAY, ecog=1, answered_on={"ecog": DAY}),
    ],
)
def test_a_form_whose_facts_were_changed_in_another_window_writes_nothing(
    app: Flask, ehr: ToldEhr, changed: ClinicianAnswers
) -> None:
    browser = opened_with(app, ehr, BOTH)
    shown = offered(browser)
    answer_again(browser, changed)
    answer = send(browser, shown)
    assert answer.status_code == 409
    assert ehr.created == []
    said = Page(answer.text).seen
    assert "Nothing was written: your answers have changed" in said
    assert changed.progressed_on is not None
    assert f"Progression of disease, {as_said(changed.progressed_on)}" in said
    assert ("ECOG performance status 3" in said) == (changed.ecog == 3)


def test_a_fact_that_is_not_confirmed_may_change_meanwhile(app: Flask, ehr: ToldEhr) -> None:
    browser = opened_with(app, ehr, BOTH)
    (_, ecog) = offered(browser)
    answer_again(browser, ClinicianAnswers(progressed=True, progressed_on=TODAY, ecog=1))
    assert send(browser, [ecog]).status_code == 200
    assert [value_of(one) for one in created(ehr)] == [1]


@pytest.mark.parametrize("made_up", ["ecog", "ecog.", "ecog.0123456789abcdef"])
def test_a_kind_without_what_was_shown_of_it_confirms_nothing(
    app: Flask, ehr: ToldEhr, made_up: str
) -> None:
    assert send(opened_with(app, ehr, BOTH), [made_up]).status_code == 409
    assert ehr.created == []


# --- what stays in the chart --------------------------------------------------------------------


@pytest.mark.parametrize("same_session", [True, False])
def test_what_was_written_before_is_named_before_another_is_confirmed(
    app: Flask, ehr: ToldEhr, *, same_session: bool
) -> None:
    browser = opened_with(app, ehr, BOTH)
    write(browser)
    other = ClinicianAnswers(progressed=True, progressed_on=TODAY, ecog=2)
    if same_session:
        answer_again(browser, other)
    else:
        browser = opened_with(app, ehr, other)
    said = Page(form_of(browser)).seen
    stays = "stays in the chart beside it, and can go on deciding until it is corrected in the EHR"
    assert f"Observation/made-1 of {as_said(DAY)} {stays}" in said
    assert f"Observation/made-2 (ECOG 1) of {as_said(TODAY)} {stays}" in said
    assert said.count("This page cannot correct it.") == 2


def test_an_earlier_record_is_named_although_the_ehr_does_not_give_it_yet(
    app: Flask, ehr: ToldEhr
) -> None:
    browser = opened_with(app, ehr, BOTH)
    write(browser)
    ehr.resources = [r for r in ehr.resources if not str(r["id"]).startswith("made-")]
    answer_again(browser, ClinicianAnswers(progressed=True, progressed_on=TODAY))
    assert (
        f"Observation/made-1 of {as_said(DAY)} stays in the chart" in Page(form_of(browser)).seen
    )


def test_a_progression_that_somebody_else_recorded_is_named_too(app: Flask, ehr: ToldEhr) -> None:
    write(opened_with(app, ehr, ClinicianAnswers(progressed=True, progressed_on=DAY)))
    (theirs,) = [r for r in ehr.resources if r["id"] == "made-1"]
    del theirs["identifier"]
    answers = ClinicianAnswers(progressed=True, progressed_on=TODAY)
    said = Page(form_of(opened_with(app, ehr, answers))).seen
    assert f"Observation/made-1 of {as_said(DAY)} stays in the chart beside it" in said


def test_a_record_that_was_withdrawn_in_the_ehr_stands_beside_nothing(
    app: Flask, ehr: ToldEhr
) -> None:
    browser = opened_with(app, ehr, BOTH)
    write(browser)
    for made in ehr.resources:
        if str(made["id"]).startswith("made-"):
            made["status"] = "entered-in-error"
    answer_again(browser, ClinicianAnswers(progressed=True, progressed_on=TODAY, ecog=2))
    assert "stays in the chart" not in Page(form_of(browser)).seen


# --- what the next card will know ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "differs"),
    [
        (ClinicianAnswers(progressed=True, progressed_on=TODAY), False),
        (ClinicianAnswers(not_tolerated=True), False),
        (ClinicianAnswers(not_tolerated=True, took_minimum_dose=False), False),
        (ClinicianAnswers(ecog=3, is_hcc=False), True),
    ],
)
def test_the_page_says_before_writing_what_the_next_card_then_says(
    app: Flask, ehr: ToldEhr, answers: ClinicianAnswers, *, differs: bool
) -> None:
    browser = opened_with(app, ehr, answers)
    said = Page(form_of(browser)).seen
    (foretold,) = re.findall(r"in the chart, the next card says: ([^;]+); ([^.]+)\.", said)
    assert ("That is not what this page says with your answers." in said) == differs
    write(browser)
    card = card_document(app, ehr)
    named = {
        "intolerant": "Did not tolerate sorafenib",
        "tolerant": "Tolerated sorafenib",
        "undetermined": "Not determined",
        "conflicting": "Contradicting records",
    }[card["patientClass"]]
    offered_then = sorted(one["therapy"].capitalize() for one in card["options"])
    assert foretold[0] == named
    assert sorted(re.split(r", | or ", foretold[1])) == (offered_then or ["no drug"])


def test_answers_that_cannot_be_written_are_named_before_writing(app: Flask, ehr: ToldEhr) -> None:
    answers = ClinicianAnswers(ecog=1, took_minimum_dose=True, child_pugh="A", progressed=False)
    said = Page(form_of(opened_with(app, ehr, answers))).seen
    told = said.partition("These answers cannot be written, and cards do not know them:")[2]
    for question in (
        "Child-Pugh class",
        "Did the tumour progress",
        "Did the patient take at least 400 mg",
    ):
        assert question in told
    assert "ECOG performance status" not in told


def test_while_sorafenib_runs_in_the_chart_the_page_says_that_cards_will_not_count_it(
    tmp_path: Path,
) -> None:
    """The page holds the clinician's answer; the card waits for the end in the chart (A32)."""
    running = SAMPLES["on-sorafenib"]
    with told_ehr(resources_of(running)) as ehr:
        app = writing_app(tmp_path, ehr)
        browser = opened_with(app, ehr, ClinicianAnswers(not_tolerated=True))
        waits = "That sorafenib was not tolerated does not count for cards as the chart stands"
        before = Page(form_of(browser)).seen
        assert waits in before
        assert "That is not what this page says with your answers." in before
        page_before = document_of(browser.page().text)
        assert page_before["patientClass"] == "intolerant"
        assert write(browser).status_code == 200
        assert card_document(app, ehr)["patientClass"] == "not-applicable"
        after = Page(browser.page().text).seen
        assert waits in after
        assert "Observation/made-1" in after
        assert "They are not in the chart" not in after
        assert 'name="answer"' not in browser.page().text


# --- after it was written -----------------------------------------------------------------------


def test_what_was_written_counts_once_and_from_the_chart(app: Flask, ehr: ToldEhr) -> None:
    browser = opened_with(app, ehr, BOTH)
    assert "This page uses 2 of your own answers" in Page(browser.page().text).seen
    write(browser)
    html = browser.page().text
    said = Page(html).seen
    assert "of your own answers" not in said
    assert "1 and 1" not in said
    assert "answered by you" not in said
    assert 'name="answer"' not in html
    assert "Written to the EHR from this page:" in said
    assert f"ECOG performance status 1, {as_said(TODAY)}" in said
    document = document_of(html)
    assert document == card_document(app, ehr)
    ecog = [one["source"] for one in document["inputs"] if one["input"] == "ecog"]
    assert ecog == ["Observation/made-2"]


def test_only_what_is_not_written_yet_is_offered(app: Flask, ehr: ToldEhr) -> None:
    browser = opened_with(app, ehr, BOTH)
    write(browser, "ecog")
    assert [one.partition(".")[0] for one in offered(browser)] == ["progression"]
    assert "This page uses 1 of your own answers" in Page(browser.page().text).seen


def test_what_the_ehr_does_not_give_yet_stays_in_use_and_is_not_offered_again(
    app: Flask, ehr: ToldEhr
) -> None:
    browser = opened_with(app, ehr, BOTH)
    write(browser, "ecog")
    ehr.resources = [one for one in ehr.resources if one["id"] != "made-1"]
    said = Page(browser.page().text).seen
    assert "The chart as it was read does not count it: the EHR does not give it yet" in said
    assert "1 of your own answers used here are written to the EHR" in said
    assert [one.partition(".")[0] for one in offered(browser)] == ["progression"]


def test_what_was_sent_without_an_answer_is_offered_again_and_says_so(
    app: Flask, ehr: ToldEhr
) -> None:
    browser = opened_with(app, ehr, ClinicianAnswers(ecog=1))
    ehr.faults["/fhir/Observation"] = lambda asked: (
        reply(b"<html>", 200, "text/html") if asked.method == "POST" else ehr._fhir(asked)  # noqa: SLF001
    )
    assert write(browser).status_code == 502
    assert (
        "the EHR did not answer. It is looked for before it is sent again"
        in Page(form_of(browser)).seen
    )


@pytest.mark.parametrize(
    ("refused", "status", "heading"),
    [
        ((), 200, "Written to the EHR"),
        (("ecog",), 502, "Written to the EHR in part"),
        (("ecog", "progression"), 502, "Not written to the EHR"),
    ],
)
def test_the_heading_says_what_became_of_all_of_it(
    app: Flask, ehr: ToldEhr, refused: tuple[str, ...], status: int, heading: str
) -> None:
    browser = opened_with(app, ehr, BOTH)
    codes = {"ecog": b"89247-1", "progression": b"97509-4"}
    ehr.faults["/fhir/Observation"] = lambda asked: (
        reply({}, 403) if any(codes[kind] in asked.body for kind in refused) else ehr._fhir(asked)  # noqa: SLF001 (the honest answer)
    )
    answer = write(browser)
    assert answer.status_code == status
    (said,) = [one.text for one in Page(answer.text).all("h1")]
    assert said == heading
    assert ("The next card for this patient" in answer.text) == (len(refused) < 2)


def test_a_write_without_an_answer_is_headed_as_not_known(app: Flask, ehr: ToldEhr) -> None:
    browser = opened_with(app, ehr, ClinicianAnswers(ecog=1))
    ehr.faults["/fhir/Observation"] = lambda _: reply(b"<html>", 200, "text/html")
    (said,) = [one.text for one in Page(write(browser).text).all("h1")]
    assert said == "Not known whether it was written"
