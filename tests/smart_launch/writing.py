"""An opened chart with answers, and its form sent as the page sends it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from msgspec import structs
from werkzeug.test import TestResponse

from hcc_pathway.clinician_answers.answers import (
    ClinicianAnswers,
    answers_as_json,
    answers_from_json,
)
from smart_app.launch.registrations import DEFAULT_SCOPES
from smart_app.sessions.contents import OpenSession
from smart_app.write_back.facts import WhoAndWhose, Writable, answered_facts, shown_as
from tests.fetching.charts import SAMPLES
from tests.smart_launch.app_and_browser import Browser, smart_app
from tests.smart_launch.told_ehr import ToldEhr

CHART = SAMPLES["everyday-chart"]  # sorafenib has ended, and nothing says why
TODAY = CHART.as_of
EVERY = [kind.value for kind in Writable]
ALL = ClinicianAnswers(progressed=True, progressed_on=TODAY, not_tolerated=True, ecog=1)


def writing_app(folder: Path, ehr: ToldEhr) -> Flask:
    """Make a service that asks for the right to create observations."""
    smart = f'scopes = "{DEFAULT_SCOPES} patient/Observation.c"'
    day = {"HCC_CDS_TODAY": TODAY.isoformat()}
    return smart_app(folder, ehr.base, smart=smart, environment=day)


def opened_with(app: Flask, ehr: ToldEhr, answers: ClinicianAnswers) -> Browser:
    """Open the chart and give answers, as the page keeps them."""
    browser = Browser(app.test_client(), ehr)
    assert browser.open().status_code == 303
    sessions, session_id = app.extensions["smart_sessions"], session_id_of(browser)
    kept = answers_as_json(answers)
    sessions.change(session_id, lambda one: structs.replace(one, answers=kept))
    return browser


def session_id_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    return cookie.value


def form_token_of(browser: Browser) -> str:
    sessions = browser.client.application.extensions["smart_sessions"]
    token: str = sessions.find(session_id_of(browser)).session.form_token
    return token


def confirmed(browser: Browser, *kinds: str) -> list[str]:
    """Name the answers of the session as the form of its page does when they are shown."""
    session = browser.client.application.extensions["smart_sessions"].find(session_id_of(browser))
    return shown_in(session.session, TODAY, *kinds)


def shown_in(session: OpenSession, today: date, *kinds: str) -> list[str]:
    """Name the answers of an open session as its form does."""
    about = WhoAndWhose(session.ehr_name, session.patient_id, session.clinician)
    facts = answered_facts(answers_from_json(session.answers), today)
    return [shown_as(one, about) for one in facts if one.kind in (kinds or EVERY)]


def answer_again(browser: Browser, answers: ClinicianAnswers) -> None:
    """Keep other answers in the same session, as another window of it does."""
    kept = answers_as_json(answers)
    browser.client.application.extensions["smart_sessions"].change(
        session_id_of(browser), lambda one: structs.replace(one, answers=kept)
    )


def write(browser: Browser, *kinds: str, **form: Any) -> TestResponse:  # noqa: ANN401 (any field)
    answer = confirmed(browser, *kinds) or [f"{kind}.of-nothing" for kind in EVERY]
    sent = {"form_token": form_token_of(browser), "confirm": "yes", "answer": answer} | form
    return browser.client.post("/smart/write-back", data=sent)


def created(ehr: ToldEhr) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in ehr.created]


def is_problem(answer: TestResponse, name: str, status: int) -> bool:
    return answer.status_code == status and f"<code>{name}</code>" in answer.text


def value_of(resource: dict[str, Any]) -> object:
    if "valueInteger" in resource:
        return resource["valueInteger"]
    return resource["valueCodeableConcept"]["coding"][0]["code"]
