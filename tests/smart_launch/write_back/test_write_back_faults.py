"""Answers sent to an EHR that fails: what became of each is said, and none is there twice."""

import json
import logging
from typing import Any

import pytest

from tests.fetching.fault_server import Answers, reply
from tests.fetching.faults import QUICK as FAULTS
from tests.fetching.faults import cut_off
from tests.smart_launch.app_and_browser import Browser
from tests.smart_launch.told_ehr import ToldEhr
from tests.smart_launch.writing import write


@pytest.mark.parametrize("case", FAULTS)
def test_an_ehr_that_fails_is_said_and_never_a_500(
    browser: Browser, ehr: ToldEhr, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ehr.faults["/fhir/Observation"] = FAULTS[case][0]
    answer = write(browser, "ecog")
    assert answer.status_code == 502
    assert 'data-outcome="refused"' in answer.text or 'data-outcome="not-known"' in answer.text
    said = caplog.text + "".join(json.dumps(getattr(r, "fields", {})) for r in caplog.records)
    for secret in (*ehr.tokens, ehr.patient_id, "dr-1"):
        assert secret not in said
    del ehr.faults["/fhir/Observation"]
    assert write(browser, "ecog").status_code == 200  # and can be sent again
    assert len(ehr.created) == 1


def arrived_without_an_answer(ehr: ToldEhr) -> Answers:
    """Take what is created, then break off."""

    def answer(asked: Any) -> Any:  # noqa: ANN401 (a script)
        if asked.method != "POST":
            return ehr._fhir(asked)  # noqa: SLF001 (the honest answer)
        list(ehr._fhir(asked))  # noqa: SLF001 (the honest answer, kept back)
        return cut_off(asked)

    return answer


def test_what_arrived_without_an_answer_is_looked_for_before_it_is_sent_again(
    browser: Browser, ehr: ToldEhr
) -> None:
    ehr.faults["/fhir/Observation"] = arrived_without_an_answer(ehr)
    first = write(browser, "ecog")
    assert (first.status_code, 'data-outcome="not-known"' in first.text) == (502, True)
    again = write(browser, "ecog")
    assert (again.status_code, 'data-outcome="there-already"' in again.text) == (200, True)
    assert len(ehr.created) == 1


@pytest.mark.parametrize("status", [200, 412])
def test_a_server_that_holds_it_already_makes_no_second(
    browser: Browser, ehr: ToldEhr, status: int
) -> None:
    """Conditional creates: the one that matches (200), or several that do (412)."""
    ehr.faults["/fhir/Observation"] = lambda _: iter(
        [f"HTTP/1.1 {status} There\r\nContent-Length: 0\r\n\r\n".encode()]
    )
    answer = write(browser, "ecog")
    assert (answer.status_code, 'data-outcome="written"' in answer.text) == (200, True)


@pytest.mark.parametrize("status", [200, 201])
def test_a_login_page_in_place_of_an_answer_is_no_proof(
    browser: Browser, ehr: ToldEhr, status: int
) -> None:
    ehr.faults["/fhir/Observation"] = lambda _: reply(b"<html>", status, "text/html")
    answer = write(browser, "ecog")
    assert (answer.status_code, 'data-outcome="not-known"' in answer.text) == (502, True)


def test_one_answer_that_is_refused_does_not_lose_the_others(
    browser: Browser, ehr: ToldEhr
) -> None:
    honest = ehr._fhir  # noqa: SLF001 (the honest answer)
    ehr.faults["/fhir/Observation"] = lambda asked: (
        reply({}, 422) if b"407563006" in asked.body else honest(asked)
    )
    answer = write(browser)
    assert answer.status_code == 502
    assert answer.text.count('data-outcome="written"') == 2
    assert answer.text.count('data-outcome="refused"') == 1
    assert len(ehr.created) == 2
