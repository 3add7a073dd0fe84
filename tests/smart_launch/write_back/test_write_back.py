"""Answers written to the chart: confirmed, in the clinician's name, once; the next card knows.

The chart is one of everyday: sorafenib has ended, and nothing says why.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest
from fhir.resources.R4B.observation import Observation
from flask import Flask

from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from smart_app.launch.registrations import DEFAULT_SCOPES
from tests.fetching.charts import SERVICE, document_of
from tests.smart_launch.app_and_browser import Browser
from tests.smart_launch.told_ehr import ToldEhr
from tests.smart_launch.writing import (
    ALL,
    TODAY,
    answer_again,
    confirmed,
    created,
    form_token_of,
    is_problem,
    opened_with,
    session_id_of,
    value_of,
    write,
)
from tests.smart_page import opened

PROGRESSED = ClinicianAnswers(progressed=True, progressed_on=TODAY)
NOT_TOLERATED = ClinicianAnswers(not_tolerated=True)


# --- what is written ----------------------------------------------------------------------------


def test_each_answer_is_a_final_observation_in_the_name_of_the_clinician(
    browser: Browser, ehr: ToldEhr
) -> None:
    answer = write(browser)
    assert answer.status_code == 200
    assert answer.text.count('data-outcome="written"') == 3
    for resource in created(ehr):
        Observation.model_validate(resource)
        assert resource["resourceType"] == "Observation"
        assert resource["status"] == "final"
        assert resource["subject"] == {"reference": f"Patient/{ehr.patient_id}"}
        assert resource["performer"] == [{"reference": "Practitioner/dr-1"}]
        assert resource["effectiveDateTime"] == TODAY.isoformat()
        assert datetime.fromisoformat(resource["issued"]).tzinfo is not None
    said = [(one["code"]["coding"][0]["code"], value_of(one)) for one in created(ehr)]
    assert said == [("97509-4", "271299001"), ("407563006", "495881"), ("89247-1", 1)]


@pytest.mark.parametrize(
    ("answers", "patient_class"), [(PROGRESSED, None), (NOT_TOLERATED, "intolerant")]
)
def test_the_next_card_and_the_next_page_know_what_was_written(
    app: Flask, ehr: ToldEhr, answers: ClinicianAnswers, patient_class: str | None
) -> None:
    asked = "progression" if patient_class is None else "sorafenib-intolerance"
    before = card_document(app, ehr)
    assert asked in {one["input"] for one in before["missing"]}
    assert write(opened_with(app, ehr, answers)).status_code == 200
    after = card_document(app, ehr)
    assert asked not in {one["input"] for one in after["missing"]}
    assert any(one["source"] == "Observation/made-1" for one in after["inputs"])
    assert patient_class in {None, after["patientClass"]}
    exposure = [
        [i for i in d["inputs"] if i["input"] == "sorafenib-exposure"] for d in (before, after)
    ]
    if patient_class is not None:  # nothing is counted otherwise
        assert exposure[0] == exposure[1]
    other = Browser(app.test_client(), ehr)
    other.open()
    assert opened.document_of(other.page().text) == after


def card_document(app: Flask, ehr: ToldEhr) -> dict[str, Any]:
    """Ask the hook, with what the EHR holds now."""
    held: dict[str, Any] = {
        "patient": next(r for r in ehr.resources if r["resourceType"] == "Patient")
    }
    for key, kind in {
        "conditions": "Condition",
        "observations": "Observation",
        "medicationRequests": "MedicationRequest",
        "medicationStatements": "MedicationStatement",
        "medicationAdministrations": "MedicationAdministration",
        "procedures": "Procedure",
        "allergies": "AllergyIntolerance",
    }.items():
        found = [{"resource": r} for r in ehr.resources if r["resourceType"] == kind]
        held[key] = {"resourceType": "Bundle", "type": "searchset", "entry": found}
    medications = [{"resource": r} for r in ehr.resources if r["resourceType"] == "Medication"]
    held["medicationRequests"]["entry"] += medications
    context = {"userId": "Practitioner/dr-1", "patientId": ehr.patient_id}
    call = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": held,
    }
    return document_of(app.test_client().post(SERVICE, json=call))


@pytest.mark.parametrize(
    "answers",
    [
        ClinicianAnswers(progressed=False),
        ClinicianAnswers(not_tolerated=False),
        ClinicianAnswers(took_minimum_dose=True, child_pugh="A", is_hcc=True, no_other_lines=True),
        ClinicianAnswers(),
    ],
)
def test_what_has_no_code_of_its_own_is_not_written(
    app: Flask, ehr: ToldEhr, answers: ClinicianAnswers
) -> None:
    assert is_problem(write(opened_with(app, ehr, answers)), "nothing-to-write", 400)
    assert not ehr.created


def test_without_an_answer_that_is_meant_nothing_is_written(
    browser: Browser, ehr: ToldEhr
) -> None:
    assert is_problem(write(browser, answer=[]), "nothing-to-write", 400)
    assert not ehr.created


def test_only_the_answers_that_are_meant_are_written(browser: Browser, ehr: ToldEhr) -> None:
    assert write(browser, "ecog").status_code == 200
    assert [value_of(one) for one in created(ehr)] == [1]


def test_answers_are_written_with_their_own_day_or_the_day_on_which_they_were_given(
    app: Flask, ehr: ToldEhr
) -> None:
    day = date(TODAY.year, TODAY.month, 1)
    answers = ClinicianAnswers(
        progressed=True,
        progressed_on=day,
        not_tolerated=True,
        stopped_on=day,
        ecog=2,
        answered_on={"ecog": day},
    )
    write(opened_with(app, ehr, answers))
    assert [one["effectiveDateTime"] for one in created(ehr)] == [
        day.isoformat(),
        day.isoformat(),
        day.isoformat(),
    ]


# --- confirmation, forms, patients --------------------------------------------------------------


@pytest.mark.parametrize("confirm", [[], [""], ["no"], ["true"], ["yes", "yes"], ["yes", "no"]])
def test_nothing_is_written_without_confirmation(
    browser: Browser, ehr: ToldEhr, confirm: list[str]
) -> None:
    assert is_problem(write(browser, confirm=confirm), "not-confirmed", 400)
    assert not ehr.created


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_nothing_is_written_by_another_method(browser: Browser, ehr: ToldEhr, method: str) -> None:
    token = form_token_of(browser)
    answer = getattr(browser.client, method)(
        f"/smart/write-back?confirm=yes&form_token={token}", headers={"X-Form-Token": token}
    )
    assert answer.status_code == (303 if method == "get" else 405)  # to the page, or refused
    assert not ehr.created


@pytest.mark.parametrize("shown", ["none", "", "x", "theirs"])
def test_nothing_is_written_without_the_form_token_of_this_session(
    browser: Browser, app: Flask, ehr: ToldEhr, shown: str
) -> None:
    sent = {"confirm": "yes", "answer": confirmed(browser)}
    theirs = form_token_of(opened_with(app, ehr, ALL))
    if shown != "none":
        sent["form_token"] = theirs if shown == "theirs" else shown
    answer = browser.client.post("/smart/write-back", data=sent)
    assert is_problem(answer, "form-not-ours", 403)
    assert not ehr.created


@pytest.mark.parametrize(
    "foreign",
    [
        {"patient": "somebody-else"},
        {"subject": "Patient/somebody-else"},
        {"performer": "Practitioner/other"},
        {"progressed_on": "2020-01-01"},
        {"ecog": "0"},
        {"answer": ["child-pugh"]},
        {"answer": ["ecog", "<script>"]},
    ],
)
def test_a_form_cannot_name_a_patient_an_author_or_an_answer(
    browser: Browser, ehr: ToldEhr, foreign: dict[str, Any]
) -> None:
    assert is_problem(write(browser, **foreign), "form-not-ours", 403)
    assert not ehr.created


def test_a_chart_opened_since_makes_the_form_of_the_one_before_useless(
    browser: Browser, ehr: ToldEhr
) -> None:
    of_the_chart_before = form_token_of(browser)
    browser.open()
    answer = browser.client.post(
        "/smart/write-back",
        data={"confirm": "yes", "form_token": of_the_chart_before, "answer": confirmed(browser)},
    )
    assert is_problem(answer, "form-not-ours", 403)
    assert not ehr.created


# --- rights -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scope", [DEFAULT_SCOPES, f"{DEFAULT_SCOPES} patient/Observation.c?code=x", "launch"]
)
def test_without_the_right_to_write_nothing_is_stored_and_the_page_says_so(
    app: Flask, ehr: ToldEhr, scope: str
) -> None:
    ehr.said = {"scope": scope}
    answer = write(opened_with(app, ehr, ALL))
    assert is_problem(answer, "not-writable", 403)
    assert "Nothing was stored" in answer.text
    assert not ehr.created


def test_without_a_proven_author_nothing_is_stored(app: Flask, ehr: ToldEhr) -> None:
    ehr.claims = {"fhirUser": None}
    assert is_problem(write(opened_with(app, ehr, ALL)), "author-unknown", 403)
    assert not ehr.created


# --- once ---------------------------------------------------------------------------------------


def test_a_form_sent_twice_writes_once(browser: Browser, ehr: ToldEhr) -> None:
    sent = confirmed(browser)
    write(browser, answer=sent)
    again = write(browser, answer=sent)
    assert again.status_code == 200
    assert again.text.count('data-outcome="there-already"') == 3
    assert len(ehr.created) == 3


def test_a_form_sent_several_times_at_once_writes_once(
    browser: Browser, app: Flask, ehr: ToldEhr
) -> None:
    sent = {
        "form_token": form_token_of(browser),
        "confirm": "yes",
        "answer": confirmed(browser),
    }
    session_id = session_id_of(browser)

    def send(_: int) -> int:
        client = app.test_client()
        client.set_cookie("hcc-smart", session_id)
        return client.post("/smart/write-back", data=sent).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(send, range(4))) == [200] * 4
    assert len(ehr.created) == 3


def test_the_same_answer_has_the_same_identifier_and_another_has_another(
    app: Flask, ehr: ToldEhr
) -> None:
    for answers in (ClinicianAnswers(ecog=1), ClinicianAnswers(ecog=1), ClinicianAnswers(ecog=2)):
        write(opened_with(app, ehr, answers))
    first, same, other = [one["identifier"][0]["value"] for one in created(ehr)]
    assert first == same != other
    for one, resource in zip(ehr.created, created(ehr), strict=True):
        said = resource["identifier"][0]
        assert one.headers["if-none-exist"] == f"identifier={said['system']}|{said['value']}"


def test_a_changed_answer_is_written_beside_the_one_before(browser: Browser, ehr: ToldEhr) -> None:
    write(browser, "ecog")
    answer_again(browser, ClinicianAnswers(ecog=3))
    assert 'data-outcome="written"' in write(browser, "ecog").text
    assert [value_of(one) for one in created(ehr)] == [1, 3]
