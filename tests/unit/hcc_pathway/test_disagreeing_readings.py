"""Readings of one time that disagree decide nothing, and two that do disagree are named."""

import msgspec
import pytest

from hcc_pathway.answer import Phrase
from hcc_pathway.case import EcogReading, Reading
from hcc_pathway.findings.afp_finding import AfpFinding, afp_finding
from hcc_pathway.findings.findings import AfpState, EcogState
from hcc_pathway.findings.performance_finding import PerformanceFinding, performance_finding

from .cases_for_tests import TODAY, days_ago, ecog, knowledge, reading, tolerant


def _afp(*readings: Reading) -> AfpFinding:
    return afp_finding(tolerant(afp=readings), knowledge(), TODAY, inclusive=True)


def _ecog(*grades: EcogReading) -> PerformanceFinding:
    return performance_finding(tolerant(ecog=grades), knowledge(), TODAY)


def _afp_conflict(first: str, second: str) -> Phrase:
    return Phrase.of(
        "afp-readings-disagree",
        first=f"{first} ng/mL",
        second=f"{second} ng/mL",
        day=days_ago(9),
        threshold="400",
    )


@pytest.mark.rule("A10")
@pytest.mark.parametrize(
    ("values", "named"),
    [
        (("399", "500", "12"), ("399", "500")),
        (("399", "12", "500"), ("399", "500")),
        (("500", "600", "12"), ("500", "12")),
    ],
)
def test_of_three_afp_values_two_on_different_sides_of_the_threshold_are_named(
    values: tuple[str, ...], named: tuple[str, str]
) -> None:
    found = _afp(*(reading(value, source=f"{place}") for place, value in enumerate(values)))

    assert found.state is AfpState.UNKNOWN
    assert found.conflict == found.because == _afp_conflict(*named)


@pytest.mark.rule("A9", "A10")
@pytest.mark.parametrize(
    ("values", "undecided"),
    [
        (("812", "> 300"), "> 300"),
        (("> 300", "399"), "> 300"),
        (("399", "< 900", "> 300"), "< 900"),
    ],
)
def test_an_afp_that_proves_nothing_beside_one_that_does_leaves_it_open_without_a_conflict(
    values: tuple[str, ...], undecided: str
) -> None:
    found = _afp(*(reading(value, source=f"{place}") for place, value in enumerate(values)))

    assert (found.state, found.conflict, found.near) == (AfpState.UNKNOWN, None, None)
    assert found.because.id == "afp-undecided-comparator"
    assert dict(found.because.values)["value"] == f"{undecided} ng/mL"


@pytest.mark.rule("A10")
def test_an_afp_that_proves_nothing_hides_no_conflict_of_two_others() -> None:
    found = _afp(reading("> 300", source="0"), reading("812"), reading("12", source="b"))

    assert found.state is AfpState.UNKNOWN
    assert found.conflict == _afp_conflict("812", "12")


@pytest.mark.rule("A10")
def test_afp_values_whose_times_overlap_at_midnight_are_named_by_the_later_day() -> None:
    # a period of two days, which its record gives as the first of them
    period = msgspec.structs.replace(
        reading("399", age=10, source="b"), latest=reading("1", age=9).earliest.replace(hour=8)
    )

    assert _afp(period, reading("400", age=9, source="a")).conflict == _afp_conflict("400", "399")


@pytest.mark.rule("A18")
def test_of_three_ecog_grades_the_best_and_the_worst_are_named() -> None:
    found = _ecog(*(ecog(grade, source=name) for grade, name in ((1, "a"), (3, "b"), (0, "c"))))

    assert found.state is EcogState.UNKNOWN
    assert found.conflict == Phrase.of(
        "ecog-readings-disagree", first=0, second=3, day=days_ago(9)
    )


@pytest.mark.rule("A18")
def test_ecog_grades_whose_times_overlap_at_midnight_are_named_by_the_later_day() -> None:
    period = msgspec.structs.replace(
        ecog(2, age=10, source="b"), latest=ecog(2, age=9).earliest.replace(hour=8)
    )

    assert _ecog(period, ecog(1, age=9, source="a")).conflict == Phrase.of(
        "ecog-readings-disagree", first=1, second=2, day=days_ago(9)
    )
