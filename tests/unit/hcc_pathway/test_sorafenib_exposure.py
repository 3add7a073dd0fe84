"""Sorafenib exposure from drug records: thresholds, windows, and what must not matter."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import (
    CycleAnchor,
    DayBound,
    DosePattern,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
)
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.treatment_history.sorafenib_exposure import Anchor, SorafenibExposure, exposure

KNOWLEDGE = load_knowledge().as_of(date(2026, 11, 22))
TODAY = date(2026, 11, 22)
PROGRESSION = date(2026, 6, 1)


def bound(day: date) -> DayBound:
    return DayBound(day, day)


def daily(mg: str) -> DosePattern:
    return DosePattern((Decimal(mg),), (Decimal(mg),))


def stated(first: date, last: date, dose: DosePattern | None, source: str = "s") -> DrugRecord:
    return DrugRecord(
        drug="sorafenib",
        evidence=DrugEvidence.STATED,
        status=DrugStatus.COMPLETED,
        first_day=bound(first),
        last_day=bound(last),
        dose=dose,
        source=source,
    )


def found(*records: DrugRecord, complete: bool = True) -> SorafenibExposure:
    return exposure(
        records, progression=bound(PROGRESSION), knowledge=KNOWLEDGE, on=TODAY, complete=complete
    )


@pytest.mark.rule("S4", "A8")
@pytest.mark.parametrize(
    ("mg", "expected"),
    [
        ("399", Answer.NOT_MET),
        ("399.99", Answer.NOT_MET),
        ("400", Answer.MET),
        ("400.0", Answer.MET),
        ("401", Answer.MET),
    ],
)
def test_four_hundred_milligrams_a_day_are_enough(mg: str, expected: Answer) -> None:
    record = stated(date(2026, 1, 1), date(2026, 5, 31), daily(mg))
    assert found(record).answer is expected


@pytest.mark.rule("S4", "A7", "A8")
@pytest.mark.parametrize(
    ("days", "expected"), [(19, Answer.NOT_MET), (20, Answer.MET), (21, Answer.MET)]
)
def test_twenty_days_are_enough(days: int, expected: Answer) -> None:
    last_full = PROGRESSION - timedelta(days=28 - days + 1)
    result = found(
        stated(date(2026, 1, 1), last_full, daily("800"), "high"),
        stated(last_full + timedelta(days=1), date(2026, 5, 31), daily("200"), "low"),
    )
    assert result.primary is not None
    assert (result.primary.yes, result.primary.no) == (days, 28 - days)
    assert result.answer is expected


@pytest.mark.rule("S4", "A7")
@pytest.mark.parametrize(
    ("unknown", "expected"), [(8, Answer.NOT_MET), (9, Answer.UNKNOWN), (28, Answer.UNKNOWN)]
)
def test_unknown_days_leave_it_open_only_where_they_could_suffice(
    unknown: int, expected: Answer
) -> None:
    # 11 days at dose; with 8 unknown days 19 are possible, with 9 unknown days 20
    first_unknown = PROGRESSION - timedelta(days=unknown)
    records = [stated(first_unknown, date(2026, 5, 31), None, "unread")]
    if unknown < 28:
        records += [
            stated(date(2026, 5, 4), date(2026, 5, 14), daily("800"), "high"),
            stated(date(2026, 5, 15), first_unknown - timedelta(days=1), daily("200"), "low"),
        ]
    result = found(*records)
    assert result.primary is not None
    assert result.primary.unknown == unknown
    assert result.answer is expected


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("last", "anchor", "first_day"),
    [
        (date(2026, 5, 30), Anchor.LAST_DOSE, date(2026, 5, 3)),
        (date(2026, 5, 31), Anchor.PROGRESSION, date(2026, 5, 4)),
        (date(2026, 6, 1), Anchor.PROGRESSION, date(2026, 5, 4)),
        (date(2026, 6, 9), Anchor.PROGRESSION, date(2026, 5, 4)),
    ],
)
def test_the_window_ends_at_the_earlier_of_progression_and_last_dose(
    last: date, anchor: Anchor, first_day: date
) -> None:
    result = found(stated(date(2026, 1, 1), last, daily("800")))
    assert result.primary is not None
    assert (result.primary.anchor, result.primary.first_day) == (anchor, first_day)
    assert len(result.primary.days) == 28
    assert result.last_sorafenib_day == last


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("gap", "flagged"), [(69, False), (70, False), (71, True)])
def test_more_than_seventy_days_from_last_dose_to_progression_are_said(
    gap: int,
    flagged: bool,  # noqa: FBT001 - the expected value of a table row
) -> None:
    last = PROGRESSION - timedelta(days=gap)
    result = found(stated(date(2026, 1, 1), last, daily("800")))
    assert result.last_dose_to_progression_days == gap
    assert result.last_dose_long_before_progression is flagged
    assert result.windows_disagree


@pytest.mark.rule("A6")
def test_without_progression_and_without_an_end_there_is_no_window() -> None:
    record = msgspec.structs.replace(
        stated(date(2026, 1, 1), PROGRESSION, daily("800")),
        last_day=None,
        status=DrugStatus.ACTIVE,
        evidence=DrugEvidence.PRESCRIBED,
    )
    result = exposure([record], progression=None, knowledge=KNOWLEDGE, on=TODAY)
    assert result.primary is None
    assert result.answer is Answer.UNKNOWN


@pytest.mark.rule("A8")
def test_days_of_the_week_are_counted_on_the_calendar() -> None:
    sundays = DosePattern(
        (Decimal(0),) * 6 + (Decimal(400),),
        (Decimal(0),) * 6 + (Decimal(400),),
        CycleAnchor.MONDAY,
    )
    result = found(stated(date(2026, 1, 1), date(2026, 5, 31), sundays))
    assert result.primary is not None
    assert [d.day for d in result.primary.days if d.answer is Answer.MET] == [
        date(2026, 5, day) for day in (10, 17, 24, 31)
    ]


@pytest.mark.rule("A8")
def test_each_day_says_by_which_evidence_and_records_it_is_known() -> None:
    order = msgspec.structs.replace(
        stated(date(2026, 1, 1), PROGRESSION, daily("800"), "order"),
        last_day=None,
        status=DrugStatus.ACTIVE,
        evidence=DrugEvidence.PRESCRIBED,
    )
    missed = msgspec.structs.replace(
        stated(date(2026, 5, 10), date(2026, 5, 10), None, "missed"), status=DrugStatus.NOT_TAKEN
    )
    result = found(order, missed)
    assert result.primary is not None
    by_day = {day.day: day for day in result.primary.days}
    assert by_day[date(2026, 5, 10)].evidence is DrugEvidence.STATED
    assert by_day[date(2026, 5, 10)].sources == ("missed",)
    assert by_day[date(2026, 5, 11)].evidence is DrugEvidence.PRESCRIBED
    assert by_day[date(2026, 5, 11)].sources == ("order",)
    assert result.based_on_prescriptions


_DAYS = st.dates(date(2026, 4, 1), date(2026, 6, 10))
_DOSES = st.sampled_from(
    [
        None,
        daily("200"),
        daily("400"),
        daily("800"),
        DosePattern((Decimal(200),), (Decimal(400),)),
        DosePattern((Decimal(800), Decimal(0)), (Decimal(800), Decimal(0))),
    ]
)


@st.composite
def _records(draw: st.DrawFn) -> DrugRecord:
    first = draw(_DAYS)
    last = draw(st.none() | _DAYS)
    evidence = draw(st.sampled_from(list(DrugEvidence)))
    dispensed = evidence is DrugEvidence.DISPENSED
    status = draw(st.sampled_from(list(DrugStatus)))
    asserted = draw(st.none() | _DAYS)
    end = None if last is None else bound(max(first, last))
    return DrugRecord(
        drug=draw(st.sampled_from(["sorafenib", "sorafenib", "sorafenib", "regorafenib"])),
        evidence=evidence,
        status=DrugStatus.COMPLETED if dispensed else status,
        first_day=bound(first),
        last_day=None if dispensed else end,
        supply_ends=end if dispensed else None,
        asserted_on=asserted,
        dose=draw(_DOSES),
        source=f"{evidence}/{draw(st.integers(1, 9))}",
    )


@pytest.mark.rule("A6", "A8")
@given(records=st.lists(_records(), max_size=6), data=st.data())
def test_neither_the_order_of_records_nor_the_same_record_twice_matters(
    records: list[DrugRecord], data: st.DataObject
) -> None:
    same = [record for record in records if record.evidence is DrugEvidence.STATED]
    shuffled = data.draw(st.permutations([*records, *same]))
    assert found(*shuffled) == found(*records)


@pytest.mark.rule("S4", "A6")
@given(records=st.lists(_records(), max_size=6))
def test_a_cut_search_never_turns_unknown_into_no(records: list[DrugRecord]) -> None:
    whole, cut = found(*records), found(*records, complete=False)
    assert whole.primary is not None
    assert cut.primary is not None
    assert cut.primary.no == 0
    assert cut.primary.yes == whole.primary.yes
    assert whole.primary.yes + whole.primary.no + whole.primary.unknown == 28
