"""One day of sorafenib: which evidence speaks, what it says, and what it keeps open."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import DayBound, DosePattern, DrugEvidence, DrugRecord, DrugStatus
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.treatment_history.drug_periods import periods_of
from hcc_pathway.treatment_history.sorafenib_days import ExposureDay, SorafenibDays
from hcc_pathway.treatment_history.sorafenib_exposure import Anchor, exposure

from .drug_histories_for_tests import (
    ACTIVE,
    ADMINISTERED,
    APRIL,
    COMPLETED,
    DISPENSED,
    IN_MARCH,
    JUNE,
    MARCH,
    MAY,
    NOT_TAKEN,
    ON_HOLD,
    PRESCRIBED,
    STATED,
    STOPPED,
    TODAY,
    UNKNOWN_STATUS,
)
from .drug_histories_for_tests import dosed as record

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
DAY = timedelta(days=1)
MID_MARCH = date(2026, 3, 15)
KNOWLEDGE = load_knowledge().as_of(date(2026, 11, 22))


def on(day: date, *records: DrugRecord) -> ExposureDay:
    for order in (records, records[::-1]):
        days = SorafenibDays(periods_of("sorafenib", order), Decimal(400))
        found = days.on(day)
        assert found == days.on(day)
    return found


def said(day: date, *records: DrugRecord) -> tuple[Answer, DrugEvidence | None, tuple[str, ...]]:
    found = on(day, *records)
    assert found.day == day
    return found.answer, found.evidence, found.sources


def given(mg: str | None, first: date | DayBound = MARCH, source: str = "a") -> DrugRecord:
    last = first
    return record(ADMINISTERED, COMPLETED, mg, first, last, source=source)


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("records", "answer"),
    [
        ([given("400")], MET),
        ([given("399")], NOT_MET),
        ([given("200"), given("200", source="b")], MET),
        ([given("200"), given("199", source="b")], NOT_MET),
        # a dose that cannot be read may be any
        ([given("399"), given(None, source="b")], UNKNOWN),
        ([given("400"), given(None, source="b")], MET),
        # and so may one whose day is not certain
        ([given("200"), given("200", IN_MARCH, source="b")], UNKNOWN),
        ([given("200"), given("100", IN_MARCH, source="b")], NOT_MET),
        # what was given on another day adds nothing
        ([given("399"), given("400", APRIL, source="b")], NOT_MET),
        ([given("400"), given("0", APRIL, source="b")], MET),
    ],
)
def test_what_was_given_on_a_day_is_summed(records: list[DrugRecord], answer: Answer) -> None:
    assert on(MARCH, *records).answer is answer


@pytest.mark.rule("A8")
def test_what_was_given_goes_before_what_was_stated() -> None:
    statement = record(STATED, COMPLETED, "800", MARCH, MAY, source="s")

    assert said(MARCH, given("200"), statement) == (NOT_MET, ADMINISTERED, ("a",))
    assert said(APRIL, given("200"), statement) == (MET, STATED, ("s",))
    # a day on which it was perhaps given stays open, and names both
    perhaps = given("200", IN_MARCH)
    assert said(MID_MARCH, perhaps, statement) == (UNKNOWN, ADMINISTERED, ("a", "s"))


@pytest.mark.rule("A8")
def test_a_day_of_which_no_record_speaks_is_unknown() -> None:
    tablets = record(DISPENSED, COMPLETED, "800", supply=MAY)

    assert said(MAY + DAY, tablets) == (UNKNOWN, None, ())
    assert said(MARCH - DAY, tablets) == (UNKNOWN, None, ())
    assert said(MAY + DAY) == (UNKNOWN, None, ())


def _tablets(mg: str | None = "800", supply: date = JUNE) -> DrugRecord:
    return record(DISPENSED, COMPLETED, mg, supply=supply, source="t")


def _order(status: DrugStatus, mg: str | None, first: date = MARCH, **more: object) -> DrugRecord:
    made = record(PRESCRIBED, status, mg, first, source="o")
    bounds = {name: DayBound(day, day) for name, day in more.items() if isinstance(day, date)}
    return msgspec.structs.replace(made, **bounds)


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("order", "tablets", "day", "expected"),
    [
        # tablets are taken as the order in force says
        (_order(ACTIVE, "800"), _tablets(), APRIL, (MET, DISPENSED, ("o", "t"))),
        (_order(ACTIVE, "200"), _tablets(), APRIL, (UNKNOWN, DISPENSED, ("o", "t"))),
        (_order(ACTIVE, "200"), _tablets("200"), APRIL, (NOT_MET, DISPENSED, ("o", "t"))),
        (_order(ACTIVE, "200"), _tablets(None), APRIL, (NOT_MET, DISPENSED, ("o", "t"))),
        (_order(ACTIVE, None), _tablets(), APRIL, (MET, DISPENSED, ("t",))),
        # from the day of the order on
        (_order(ACTIVE, "200", APRIL), _tablets(), APRIL - DAY, (MET, DISPENSED, ("t",))),
        (_order(ACTIVE, "200", APRIL), _tablets(), APRIL, (UNKNOWN, DISPENSED, ("o", "t"))),
        # on hold, or nobody knows how it stands
        (_order(ON_HOLD, "800"), _tablets(), APRIL, (UNKNOWN, PRESCRIBED, ("o",))),
        (_order(UNKNOWN_STATUS, "800"), _tablets(), APRIL, (UNKNOWN, PRESCRIBED, ("o",))),
        # after the end of the order tablets in hand say nothing; after its supply they do
        (
            _order(COMPLETED, "800", last_day=APRIL),
            _tablets(),
            APRIL,
            (MET, DISPENSED, ("o", "t")),
        ),
        (_order(COMPLETED, "800", last_day=APRIL), _tablets(), APRIL + DAY, (UNKNOWN, None, ())),
        (
            _order(COMPLETED, "800", supply_ends=APRIL),
            _tablets(),
            APRIL + DAY,
            (MET, DISPENSED, ("o", "t")),
        ),
    ],
)
def test_tablets_in_hand_count_as_the_order_in_force_says(
    order: DrugRecord,
    tablets: DrugRecord,
    day: date,
    expected: tuple[Answer, DrugEvidence | None, tuple[str, ...]],
) -> None:
    assert said(day, order, tablets) == expected


def _stated(status: DrugStatus, mg: str | None, *days: date | DayBound) -> DrugRecord:
    return record(STATED, status, mg, *days, source="s")


def _missed(first: date | DayBound, last: date | DayBound) -> DrugRecord:
    return record(STATED, NOT_TAKEN, None, first, last, source="m")


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("records", "day", "expected"),
    [
        # not taken on a certain day goes before any dose
        (
            [_stated(COMPLETED, "800", MARCH, MAY), _missed(APRIL, APRIL)],
            APRIL,
            (NOT_MET, STATED, ("m",)),
        ),
        (
            [_stated(COMPLETED, "800", MARCH, MAY), _missed(APRIL, APRIL)],
            APRIL + DAY,
            (MET, STATED, ("s",)),
        ),
        # perhaps not taken leaves the day open
        (
            [_stated(COMPLETED, "800", MARCH, MAY), _missed(IN_MARCH, APRIL)],
            MID_MARCH,
            (UNKNOWN, STATED, ("m", "s")),
        ),
        # a statement without a dose leaves it to the order
        (
            [_stated(COMPLETED, None, MARCH, MAY), _order(ACTIVE, "800")],
            APRIL,
            (MET, PRESCRIBED, ("o",)),
        ),
        # one that ended on an unknown day does not
        (
            [_stated(COMPLETED, None, MARCH), _order(ACTIVE, "800")],
            APRIL,
            (UNKNOWN, STATED, ("s",)),
        ),
        # of a statement of unknown status the days are unknown, whatever was prescribed
        (
            [_stated(UNKNOWN_STATUS, "800", MARCH, MAY), _order(ACTIVE, "200")],
            APRIL,
            (UNKNOWN, STATED, ("s",)),
        ),
        (
            [_stated(UNKNOWN_STATUS, None, MARCH, MAY), _order(ACTIVE, "800")],
            APRIL,
            (UNKNOWN, STATED, ("s",)),
        ),
        # the statement that began last governs; two of one day have to agree
        (
            [
                _stated(COMPLETED, "800", MARCH, MAY),
                record(STATED, COMPLETED, "200", APRIL, MAY, source="later"),
            ],
            APRIL,
            (NOT_MET, STATED, ("later",)),
        ),
        (
            [
                _stated(COMPLETED, "800", MARCH, MAY),
                record(STATED, COMPLETED, "200", MARCH, MAY, source="same"),
            ],
            APRIL,
            (UNKNOWN, STATED, ("s", "same")),
        ),
    ],
)
def test_what_was_stated_of_a_day(
    records: list[DrugRecord],
    day: date,
    expected: tuple[Answer, DrugEvidence | None, tuple[str, ...]],
) -> None:
    assert said(day, *records) == expected


@pytest.mark.rule("A8", "A32")
@pytest.mark.parametrize(
    ("later", "day", "answer"),
    [
        (None, MAY, MET),
        (None, MAY + DAY, NOT_MET),
        (None, JUNE, NOT_MET),
        # until a later record begins nobody knows when it was taken up again
        (record(PRESCRIBED, ACTIVE, "800", JUNE, source="o"), MAY + DAY, UNKNOWN),
        (record(PRESCRIBED, ACTIVE, "800", JUNE, source="o"), JUNE, MET),
        # an order that was open before the end, or began on its day, is closed by it
        (record(PRESCRIBED, ACTIVE, "800", MAY, source="o"), MAY + DAY, NOT_MET),
        (record(PRESCRIBED, ACTIVE, "800", MARCH, source="o"), MAY + DAY, NOT_MET),
    ],
)
def test_after_a_documented_end_sorafenib_was_not_taken(
    later: DrugRecord | None, day: date, answer: Answer
) -> None:
    end = _stated(STOPPED, "800", MARCH, MAY)
    records = [end] if later is None else [end, later]

    assert on(day, *records).answer is answer


@pytest.mark.rule("A8")
def test_on_the_last_possible_day_of_an_imprecise_end_sorafenib_may_have_been_taken() -> None:
    end = _stated(COMPLETED, "800", MARCH, DayBound(APRIL, MAY))
    order = record(PRESCRIBED, ACTIVE, "800", source="o")

    assert said(MAY, end, order) == (MET, STATED, ("o", "s"))
    assert said(MAY + DAY, end, order) == (NOT_MET, STATED, ("s",))


def test_of_two_documented_ends_the_later_one_is_named() -> None:
    first = record(STATED, STOPPED, "800", MARCH, APRIL, source="z")
    second = record(STATED, STOPPED, "800", APRIL + DAY, MAY, source="a")
    same_day = record(STATED, STOPPED, "800", APRIL + DAY, MAY, source="b")

    assert said(JUNE, first, second) == (NOT_MET, STATED, ("a",))
    assert said(JUNE, first, second, same_day) == (NOT_MET, STATED, ("b",))


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("adhered", "tablets", "expected"),
    [
        (True, "200", (MET, STATED, ("o",))),
        (False, "800", (UNKNOWN, STATED, ("o",))),
        (None, "200", (UNKNOWN, DISPENSED, ("o", "t"))),
    ],
)
def test_adherence_stated_on_the_order_counts_like_a_statement(
    tablets: str,
    expected: tuple[Answer, DrugEvidence | None, tuple[str, ...]],
    *,
    adhered: bool | None,
) -> None:
    order = record(PRESCRIBED, ACTIVE, "800", source="o", adhered=adhered)

    assert said(APRIL, order, _tablets(tablets)) == expected
    # before it began it says nothing
    assert on(MARCH - DAY, order, _tablets(tablets)).evidence is None


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("adhered", "tablets", "answers"),
    [
        (True, (), [MET, NOT_MET]),
        (None, (_tablets(None),), [MET, NOT_MET]),
        (None, (_tablets("800"),), [MET, UNKNOWN]),
    ],
)
def test_an_order_of_every_other_day_is_read_for_the_day_asked(
    tablets: tuple[DrugRecord, ...], answers: list[Answer], *, adhered: bool | None
) -> None:
    doses = (Decimal(800), Decimal(0))
    order = msgspec.structs.replace(
        record(PRESCRIBED, ACTIVE, None, source="o", adhered=adhered),
        dose=DosePattern(doses, doses),
    )

    assert [on(day, order, *tablets).answer for day in (MARCH, MARCH + DAY)] == answers


@pytest.mark.rule("A8")
def test_a_hold_that_was_lifted_says_nothing_any_more() -> None:
    hold = record(STATED, ON_HOLD, None, MARCH, asserted=APRIL, source="h")
    again = record(PRESCRIBED, ACTIVE, "800", MAY, source="o")

    assert said(APRIL, hold, again) == (NOT_MET, STATED, ("h",))
    assert said(MAY - DAY, hold, again) == (NOT_MET, STATED, ("h",))
    assert said(MAY, hold, again) == (MET, PRESCRIBED, ("o",))
    # an order from before the hold, or of its day, does not lift it
    for first in (MARCH, APRIL):
        order = record(PRESCRIBED, ACTIVE, "800", first, source="o")
        assert said(MAY, hold, order) == (NOT_MET, STATED, ("h",))


@pytest.mark.rule("A6")
def test_without_progression_the_window_ends_with_the_last_dose_alone() -> None:
    found = exposure(
        [record(STATED, COMPLETED, "800", MARCH, MAY)],
        progression=None,
        knowledge=KNOWLEDGE,
        on=TODAY,
    )

    assert found.primary is not None
    assert (found.primary.anchor, found.primary.last_day) == (Anchor.LAST_DOSE, MAY)
    assert (found.literal, found.last_sorafenib_day) == (None, MAY)
    assert (found.answer, found.windows_disagree) == (MET, False)


@pytest.mark.rule("A6")
def test_without_any_window_none_disagrees() -> None:
    found = exposure([], progression=None, knowledge=KNOWLEDGE, on=TODAY)

    assert (found.answer, found.primary, found.windows_disagree) == (UNKNOWN, None, False)


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("evidence", "status", "last"),
    [
        (STATED, COMPLETED, JUNE),
        (STATED, UNKNOWN_STATUS, JUNE),
        (PRESCRIBED, UNKNOWN_STATUS, JUNE),
        (PRESCRIBED, NOT_TAKEN, None),  # adherence: no tablet was taken
    ],
)
def test_the_last_day_is_that_of_any_record_unless_it_says_not_taken(
    evidence: DrugEvidence, status: DrugStatus, last: date | None
) -> None:
    known = record(DISPENSED, COMPLETED, "800", supply=MAY, source="t")
    other = record(evidence, status, "800", MARCH, JUNE, source="x")

    assert (
        exposure(
            [known, other], progression=None, knowledge=KNOWLEDGE, on=TODAY
        ).last_sorafenib_day
        == last
    )


@pytest.mark.rule("A8")
def test_a_dose_not_given_is_known_from_its_administration() -> None:
    found = on(APRIL, record(ADMINISTERED, NOT_TAKEN, None, APRIL, APRIL))

    assert (found.answer, found.evidence) == (NOT_MET, ADMINISTERED)


@pytest.mark.rule("A8")
def test_a_dose_given_that_cannot_be_read_has_no_upper_end() -> None:
    assert on(MARCH, given("400"), given(None, source="b")).dose == (Decimal(400), None)
