"""AFP against 400 ng/mL: boundary, comparators, units, age, ties (S6, A9, A10)."""

import pytest

from hcc_pathway.explanation.wording import say
from hcc_pathway.findings.afp_finding import AfpFinding, afp_finding
from hcc_pathway.findings.findings import AfpState

from .cases_for_tests import TODAY, knowledge, reading, tolerant

HIGH, LOW, UNKNOWN = AfpState.AT_LEAST, AfpState.BELOW, AfpState.UNKNOWN


def _found(*readings: object, inclusive: bool = True) -> AfpFinding:
    return afp_finding(tolerant(afp=readings), knowledge(), TODAY, inclusive=inclusive)


@pytest.mark.rule("S6", "A9")
@pytest.mark.parametrize(
    ("value", "at_least", "greater_than"),
    [
        ("399", LOW, LOW),
        ("399.99", LOW, LOW),
        ("400", HIGH, LOW),
        ("400.01", HIGH, HIGH),
        ("401", HIGH, HIGH),
        ("> 399", UNKNOWN, UNKNOWN),
        ("> 400", HIGH, HIGH),
        (">= 400", HIGH, UNKNOWN),
        ("> 20000", HIGH, HIGH),
        ("< 400", LOW, LOW),
        ("<= 400", UNKNOWN, LOW),
        ("<= 399", LOW, LOW),
        ("< 401", UNKNOWN, UNKNOWN),
    ],
)
def test_afp_qualifies_by_what_its_comparator_proves(
    value: str, at_least: AfpState, greater_than: AfpState
) -> None:
    assert _found(reading(value)).state is at_least
    assert _found(reading(value), inclusive=False).state is greater_than


@pytest.mark.rule("A10")
@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("311.9", LOW),
        ("312", UNKNOWN),
        ("400", UNKNOWN),
        ("482", UNKNOWN),
        ("482.1", HIGH),
        ("< 312", LOW),
        ("> 482", HIGH),
        (">= 482", UNKNOWN),
    ],
)
def test_afp_in_iu_is_undecidable_between_312_and_482(value: str, state: AfpState) -> None:
    assert _found(reading(value, "IU/mL")).state is state


@pytest.mark.rule("A10")
def test_afp_in_moles_decides_nothing() -> None:
    found = _found(reading("90000", "pmol/L"))
    assert found.state is UNKNOWN
    assert "the unit is not a mass concentration" in say(found.because)


@pytest.mark.rule("A10")
@pytest.mark.parametrize(
    ("age", "state", "aged"),
    [
        (0, HIGH, False),
        (30, HIGH, False),
        (31, HIGH, True),
        (90, HIGH, True),
        (91, UNKNOWN, False),
    ],
)
def test_afp_is_current_for_30_days_and_usable_for_90(
    age: int, state: AfpState, *, aged: bool
) -> None:
    found = _found(reading("812", age=age))
    assert (found.state, found.aged) == (state, aged)


@pytest.mark.rule("A10")
def test_the_latest_afp_by_effective_date_decides() -> None:
    found = _found(reading("3000", age=20, source="old"), reading("12", age=3, source="new"))
    assert found.state is LOW
    assert [one.source for one in found.readings] == ["Observation/new"]


@pytest.mark.rule("A10")
def test_two_values_of_one_time_on_both_sides_are_unknown_and_a_conflict() -> None:
    found = _found(reading("399", source="a"), reading("400", source="b"))
    assert found.state is UNKNOWN
    assert found.conflict is not None
    assert "both sides of 400 ng/mL" in say(found.conflict)


@pytest.mark.rule("A10")
def test_two_values_of_one_time_on_one_side_agree() -> None:
    found = _found(reading("500", source="a"), reading("400", source="b"))
    assert (found.state, found.conflict) == (HIGH, None)


@pytest.mark.parametrize(
    ("value", "near"),
    [("299", None), ("300", HIGH), ("399", HIGH), ("400", LOW), ("500", LOW), ("501", None)],
)
def test_a_value_within_a_quarter_of_the_threshold_is_near_it(
    value: str, near: AfpState | None
) -> None:
    assert _found(reading(value)).near is near


def test_the_sentence_names_value_day_and_threshold() -> None:
    assert say(_found(reading("399", age=21)).because) == (
        "AFP 399 ng/mL on 2026-11-01 is below 400 ng/mL"
    )
    assert say(_found(reading("400", age=21), inclusive=False).because) == (
        "AFP 400 ng/mL on 2026-11-01 is not above 400 ng/mL"
    )
    assert say(_found().because) == "No AFP value is recorded"
