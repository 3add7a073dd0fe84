"""Every row of the table gets its finding, or silence, from both order hooks."""

import pytest

from hcc_pathway.order_check.order_findings import FindingKind
from tests.orders.ordering import (
    HOOKS,
    Json,
    answered,
    cases,
    changed,
    draft,
    kind_of,
    order_call,
    patient_view_call,
    site,
)

CASES = cases()
FEWEST_ROWS = 60


def _row(case: Json, hook: str) -> object:
    sentence = f"{hook}: {case['says']}"
    return pytest.param(case, hook, id=sentence, marks=pytest.mark.rule(*case["rules"]))


ROWS = [(case, hook) for case in CASES for hook in HOOKS if hook in case.get("hooks", HOOKS)]


@pytest.mark.parametrize(("case", "hook"), [_row(case, hook) for case, hook in ROWS])
def test_an_order_gets_the_finding_that_matters_or_silence(case: Json, hook: str) -> None:
    call = changed(patient_view_call(case["chart"]), case)
    subject = {"reference": f"Patient/{call['context']['patientId']}"}
    drafts = [draft(order, subject) for order in case["orders"]]

    asked = order_call(call, hook, drafts, case.get("selected"))
    cards = answered(asked, site(case.get("site")))

    assert kind_of(cards) == case["finds"]


def test_the_table_is_long_enough_and_a_third_of_it_is_silence() -> None:
    silent = [case for case in CASES if case["finds"] == "silence"]
    assert len(CASES) >= FEWEST_ROWS
    assert len(silent) * 3 >= len(CASES)
    assert len({case["says"] for case in CASES}) == len(CASES)


def test_every_kind_of_finding_has_a_row() -> None:
    assert {case["finds"] for case in CASES} == {*FindingKind, "silence"}
