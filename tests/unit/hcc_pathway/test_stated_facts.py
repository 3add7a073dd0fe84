"""What a clinician states against what is recorded: which of the two holds, and from which day."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, Grade, SignRecord, Statement, StatementAbout
from hcc_pathway.findings.findings import HistoryState
from hcc_pathway.findings.treatment_finding import treatment_finding
from hcc_pathway.liver_function.child_pugh_points import ASCITES, sign

from .cases_for_tests import TODAY, days_ago, drug, knowledge, tolerant


def ascites(grade: Grade, recorded: int | None, *, answered: bool = False) -> SignRecord:
    """Ascites recorded so many days ago; None: on a day that nobody recorded."""
    day = None if recorded is None else days_ago(recorded)
    return SignRecord(
        present=True,
        grade=grade,
        recorded_on=day,
        as_received="ascites",
        source=f"{grade}-{recorded}",
        answered_on=day if answered else None,
    )


@pytest.mark.rule("A34")
@pytest.mark.parametrize(
    ("recorded", "points"),
    [
        pytest.param(5, 2, id="before the answer: past"),
        pytest.param(3, 2, id="on the day of the answer: past"),
        pytest.param(2, 3, id="after the answer: it holds"),
        pytest.param(None, 2, id="on an unknown day: past"),
    ],
)
def test_an_answered_grade_takes_the_place_of_what_was_recorded_until_its_day(
    recorded: int | None, points: int
) -> None:
    answered = ascites(Grade.MILD, 3, answered=True)
    records = [ascites(Grade.SEVERE, recorded), answered]
    found = sign("ascites", records, ASCITES, knowledge(), TODAY)
    assert (found.low, found.high) == (points, points)
    assert answered.source in found.sources


def stated(about: StatementAbout, *, holds: bool) -> Statement:
    return Statement(about=about, holds=holds, recorded_on=TODAY, source="answered")


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("holds", "undated", "state"),
    [
        (True, False, HistoryState.COMPLETE),
        (True, True, HistoryState.UNCONFIRMED),
        (False, False, HistoryState.TRUNCATED),
    ],
)
def test_that_there_are_no_other_lines_completes_a_cut_list_whose_lines_have_days(
    *, holds: bool, undated: bool, state: HistoryState
) -> None:
    drugs = [drug()]
    if undated:
        without_days = {"first_day": None, "last_day": None, "drug": "lenvatinib"}
        drugs.append(msgspec.structs.replace(drug(), **without_days))
    case = tolerant(
        drugs=tuple(drugs),
        medication_sources=(("medicationRequests", Availability.TRUNCATED),),
        statements=(stated(StatementAbout.NO_OTHER_LINES, holds=holds),),
    )
    assert treatment_finding(case, knowledge(), TODAY).history_state is state


@pytest.mark.rule("S4")
def test_days_that_are_stated_are_never_near_the_number_that_is_enough() -> None:
    twenty_days = tolerant(drugs=(drug(start=53, end=34),))
    assert treatment_finding(twenty_days, knowledge(), TODAY).near_exposure is Answer.NOT_MET
    dose = stated(StatementAbout.TOLERATED_DOSE, holds=True)
    case = msgspec.structs.replace(twenty_days, statements=(dose,))
    assert treatment_finding(case, knowledge(), TODAY).near_exposure is None
