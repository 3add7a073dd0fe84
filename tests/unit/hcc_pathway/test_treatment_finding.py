"""Sorafenib and the lines as findings: the last line, its failure, and how complete it all is."""

from datetime import timedelta

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability
from hcc_pathway.drug_record import DrugRecord, DrugStatus, IntoleranceRecord, StopReason
from hcc_pathway.findings.findings import HistoryState, LastLine, SorafenibCourse
from hcc_pathway.findings.treatment_finding import Documented, TreatmentFinding, treatment_finding

from .cases_for_tests import (
    TODAY,
    days_ago,
    drug,
    exactly,
    knowledge,
    progression,
    running,
    tolerant,
)

STOPPED = DrugStatus.STOPPED
COMPLETE, FAILED = Availability.COMPLETE, Availability.FAILED
TRUNCATED, ABSENT = Availability.TRUNCATED, Availability.ABSENT
OF_SORAFENIB = Documented(exactly(days_ago(30)), "Observation/pd")


def _found(*drugs: DrugRecord, **changes: object) -> TreatmentFinding:
    return treatment_finding(tolerant(**{"drugs": drugs, **changes}), knowledge(), TODAY)


def _again(name: str, start: int, end: int | None = None) -> DrugRecord:
    found = running(name, start) if end is None else drug(name, start, end)
    return msgspec.structs.replace(found, source=f"MedicationStatement/{name}-again")


def _allergy() -> IntoleranceRecord:
    return IntoleranceRecord(
        is_allergy=True, day=None, as_received="rash", source="AllergyIntolerance/1"
    )


@pytest.mark.rule("A24", "A33")
@pytest.mark.parametrize(
    ("drugs", "intolerances", "course"),
    [
        ((), (), SorafenibCourse.NEVER),
        ((), (_allergy(),), SorafenibCourse.ALLERGY_ONLY),
        ((running(),), (), SorafenibCourse.RUNNING),
        ((running(),), (_allergy(),), SorafenibCourse.RUNNING),
        ((drug(),), (), SorafenibCourse.ENDED),
        ((drug(), drug("lenvatinib")), (), SorafenibCourse.COMBINED),
        (
            (msgspec.structs.replace(drug(), adjuvant_or_trial=True),),
            (),
            SorafenibCourse.COMBINED,
        ),
    ],
)
def test_how_sorafenib_stands(
    drugs: tuple[DrugRecord, ...],
    intolerances: tuple[IntoleranceRecord, ...],
    course: SorafenibCourse,
) -> None:
    assert _found(*drugs, intolerances=intolerances).course is course


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("drugs", "last_line"),
    [
        ((), LastLine.NONE),
        ((drug(),), LastLine.SORAFENIB),
        ((drug(), running("regorafenib", 20)), LastLine.OTHER_RUNNING),
        ((drug(), drug("regorafenib", 20, 5)), LastLine.OTHER_ENDED),
        (
            (drug(), drug("regorafenib", 20, 5, status=STOPPED, reason=StopReason.NO_RESPONSE)),
            LastLine.OTHER_FAILED,
        ),
        (
            (drug(), drug("regorafenib", 20, 5, status=STOPPED, reason=StopReason.INTOLERANCE)),
            LastLine.OTHER_FAILED,
        ),
        # progressed while it still runs
        ((drug(end=200), running("regorafenib", 100)), LastLine.OTHER_FAILED),
        # the first drug again, after the second one failed
        (
            (
                drug("lenvatinib", 500, 400),
                drug("sorafenib", 390, 200),
                msgspec.structs.replace(running("lenvatinib", 20), source="again"),
            ),
            LastLine.OTHER_RUNNING,
        ),
    ],
)
def test_how_the_last_line_stands(drugs: tuple[DrugRecord, ...], last_line: LastLine) -> None:
    assert _found(*drugs).last_line is last_line


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), HistoryState.COMPLETE),
        ((COMPLETE,), HistoryState.COMPLETE),
        ((COMPLETE, ABSENT), HistoryState.COMPLETE),
        ((COMPLETE, FAILED), HistoryState.UNCONFIRMED),
        ((COMPLETE, TRUNCATED), HistoryState.TRUNCATED),
        ((COMPLETE, FAILED, TRUNCATED), HistoryState.TRUNCATED),
        # not one source was read in full
        ((FAILED,), HistoryState.TRUNCATED),
        ((ABSENT, FAILED), HistoryState.TRUNCATED),
        ((ABSENT,), HistoryState.TRUNCATED),
    ],
)
def test_how_complete_the_medication_history_is(
    states: tuple[Availability, ...], expected: HistoryState
) -> None:
    sources = tuple((f"source-{place}", state) for place, state in enumerate(states))

    assert _found(drug(), medication_sources=sources).history_state is expected


@pytest.mark.rule("S4")
@pytest.mark.parametrize(
    ("state", "answer"), [(COMPLETE, Answer.NOT_MET), (TRUNCATED, Answer.UNKNOWN)]
)
def test_a_cut_source_leaves_days_without_the_dose_open(
    state: Availability, answer: Answer
) -> None:
    found = _found(drug(mg=200), medication_sources=(("medicationStatements", state),))

    assert found.exposure.answer is answer


@pytest.mark.rule("A22", "A23")
@pytest.mark.parametrize(
    ("names", "given"),
    [
        ((), False),
        (("lenvatinib",), False),
        (("nivolumab",), True),
        (("atezolizumab", "lenvatinib"), True),
        (("a-trial-drug",), False),
        (("a-trial-drug", "pembrolizumab"), True),
    ],
)
def test_a_checkpoint_inhibitor_given_before_is_seen(
    names: tuple[str, ...], *, given: bool
) -> None:
    before = (drug(name, 900 - 100 * place, 850 - 100 * place) for place, name in enumerate(names))

    assert _found(drug(), *before).immunotherapy_given is given


@pytest.mark.rule("A27")
@pytest.mark.parametrize(
    ("drugs", "days", "expected"),
    [
        # no later line: the progression of sorafenib, where there is one
        ((drug(),), (30,), OF_SORAFENIB),
        ((drug(),), (), None),
        ((), (30,), None),
        # of a later line the first progression after it began
        ((drug(end=200), running("regorafenib", 100)), (150, 30, 20), OF_SORAFENIB),
        ((drug(end=200), running("regorafenib", 100)), (150, 100), None),
        ((drug(end=200), running("regorafenib", 100)), (99,), 99),
        # else the day on which it was stopped because it did not work
        (
            (
                drug(end=200),
                drug("regorafenib", 100, 40, status=STOPPED, reason=StopReason.NO_RESPONSE),
            ),
            (150,),
            Documented(exactly(days_ago(40)), "MedicationStatement/regorafenib"),
        ),
        (
            (
                drug(end=200),
                drug("regorafenib", 100, 40, status=STOPPED, reason=StopReason.INTOLERANCE),
            ),
            (150,),
            None,
        ),
    ],
)
def test_the_progression_that_the_next_line_answers_to(
    drugs: tuple[DrugRecord, ...], days: tuple[int, ...], expected: Documented | int | None
) -> None:
    if isinstance(expected, int):
        expected = Documented(exactly(days_ago(expected)), "Observation/pd")
    found = _found(*drugs, progressions=tuple(progression(day) for day in days))

    assert found.progression == expected


@pytest.mark.rule("A27")
def test_two_progressions_of_one_day_are_told_apart_by_their_source() -> None:
    one = progression(30)
    other = msgspec.structs.replace(one, source="Observation/a")
    drugs = (drug(end=200), running("regorafenib", 100))

    for order in ((one, other), (other, one)):
        found = _found(*drugs, progressions=order).progression
        assert found == Documented(one.day, "Observation/a")


@pytest.mark.rule("A19")
def test_of_a_last_line_without_a_start_any_progression_counts() -> None:
    undated = msgspec.structs.replace(drug("regorafenib", 100, 5), first_day=None)
    found = _found(undated, progressions=(progression(900),))

    assert found.progression == Documented(exactly(days_ago(900)), "Observation/pd")


@pytest.mark.rule("A19")
def test_lines_of_which_one_has_no_day_are_unconfirmed() -> None:
    undated = msgspec.structs.replace(drug("regorafenib"), first_day=None, last_day=None)

    found = _found(drug(end=200), undated)
    assert found.history.undated == ("regorafenib",)
    assert found.history_state is HistoryState.UNCONFIRMED
    assert _found(drug(end=200), drug("regorafenib", 100, 5)).history.undated == ()


@pytest.mark.rule("A19")
def test_a_single_line_needs_no_day_to_be_placed() -> None:
    found = _found(msgspec.structs.replace(drug(), first_day=None))

    assert found.history.undated == ()
    assert found.history_state is HistoryState.COMPLETE


@pytest.mark.rule("A19", "A32")
@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (
            StopReason.INTOLERANCE,
            Documented(exactly(days_ago(40)), "MedicationStatement/regorafenib"),
        ),
        (StopReason.NO_RESPONSE, None),
        (None, None),
    ],
)
def test_a_last_line_that_was_not_tolerated_is_named(
    reason: StopReason | None, expected: Documented | None
) -> None:
    found = _found(drug(end=200), drug("regorafenib", 100, 40, status=STOPPED, reason=reason))

    assert found.last_line_not_tolerated == expected
    assert _found().last_line_not_tolerated is None


def _days_at_dose(days: int, unknown: int = 0) -> tuple[DrugRecord, ...]:
    """Give 28 days before the progression 30 days ago: at dose, unread, and the rest at 200 mg."""
    anchor = days_ago(30)
    first = anchor - timedelta(days=28)
    parts = ((days, 800), (unknown, None), (28 - days - unknown, 200))
    records = []
    for length, mg in parts:
        if length:
            last = first + timedelta(days=length - 1)
            records.append(
                msgspec.structs.replace(
                    drug(mg=mg),
                    first_day=exactly(first),
                    last_day=exactly(last),
                    asserted_on=last,
                    source=f"MedicationStatement/{mg}",
                )
            )
            first = last + timedelta(days=1)
    return tuple(records)


@pytest.mark.rule("A4", "A8")
@pytest.mark.parametrize(
    ("days", "unknown", "answer", "near"),
    [
        (28, 0, Answer.MET, None),
        (23, 0, Answer.MET, None),
        (22, 0, Answer.MET, Answer.NOT_MET),
        (20, 0, Answer.MET, Answer.NOT_MET),
        (19, 0, Answer.NOT_MET, Answer.MET),
        (17, 0, Answer.NOT_MET, Answer.MET),
        (16, 0, Answer.NOT_MET, None),
        (15, 2, Answer.NOT_MET, Answer.MET),
        (14, 2, Answer.NOT_MET, None),
        (15, 9, Answer.UNKNOWN, None),
    ],
)
def test_exposure_within_three_days_of_the_minimum_is_near_it(
    days: int, unknown: int, answer: Answer, near: Answer | None
) -> None:
    found = _found(*_days_at_dose(days, unknown))

    assert found.exposure.primary is not None
    assert (found.exposure.primary.yes, found.exposure.answer) == (days, answer)
    assert found.near_exposure is near


def test_without_a_window_nothing_is_near() -> None:
    assert _found(progressions=()).near_exposure is None


@pytest.mark.rule("A19", "A20")
def test_the_last_treatment_is_the_drug_that_runs_again_else_the_last_line() -> None:
    again = msgspec.structs.replace(running("lenvatinib", 20), source="again")
    before = (drug("lenvatinib", 500, 400), drug("sorafenib", 390, 200))

    resumed = _found(*before, again).last_regimen
    assert resumed is not None
    assert (resumed.drugs, resumed.running) == (("lenvatinib",), True)
    line = _found(*before).last_regimen
    assert line is not None
    assert (line.drugs, line.running) == (("sorafenib",), False)
    assert _found().last_regimen is None


@pytest.mark.rule("A19", "A20")
@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # of three lines the third
        ((drug("regorafenib", 190, 100),), "regorafenib"),
        # a drug given again and ended is no treatment that runs
        ((_again("lenvatinib", 180, 100),), "sorafenib"),
        # of two drugs that run again the one begun later
        ((_again("lenvatinib", 10), _again("sorafenib", 5)), "sorafenib"),
        ((_again("sorafenib", 10), _again("lenvatinib", 5)), "lenvatinib"),
    ],
)
def test_of_several_treatments_the_one_begun_last_is_named(
    after: tuple[DrugRecord, ...], expected: str
) -> None:
    before = (drug("lenvatinib", 500, 400), drug("sorafenib", 390, 200))

    last = _found(*before, *after, progressions=()).last_regimen
    assert last is not None
    assert last.drugs == (expected,)
