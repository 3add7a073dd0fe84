"""Each line with its drugs, days, failure and records; what is one line, and what runs again."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability
from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus, StopReason
from hcc_pathway.treatment_history.lines_of_therapy import FailureKind, Regimen

from .drug_histories_for_tests import (
    ADMINISTERED,
    PRESCRIBED,
    drug,
    history,
    on,
    progression,
    regimens,
)

MET, UNKNOWN = Answer.MET, Answer.UNKNOWN
STOPPED, ACTIVE = DrugStatus.STOPPED, DrugStatus.ACTIVE
INTOLERANCE = StopReason.INTOLERANCE


def test_each_line_has_its_drugs_days_failure_and_records() -> None:
    first = drug("atezolizumab", "2025-01-01", "2025-02-01", evidence=ADMINISTERED)
    second = drug("bevacizumab", "2025-01-03", "2025-03-01", evidence=ADMINISTERED)
    third = drug("sorafenib", "2025-06-01", "2026-01-10", reason=INTOLERANCE)
    last = drug("regorafenib", "2026-02-01", status=ACTIVE, evidence=PRESCRIBED)

    found = history(last, second, third, first, progressions=(progression("2025-05-01"),))

    assert found.regimens == (
        Regimen(
            drugs=("atezolizumab", "bevacizumab"),
            first_day=on("2025-01-01"),
            last_day=on("2025-03-01"),
            running=False,
            failure=MET,
            failure_kinds=(FailureKind.PROGRESSION,),
            records=(first, second),
        ),
        Regimen(
            drugs=("sorafenib",),
            first_day=on("2025-06-01"),
            last_day=on("2026-01-10"),
            running=False,
            failure=MET,
            failure_kinds=(FailureKind.INTOLERANCE,),
            records=(third,),
        ),
        Regimen(
            drugs=("regorafenib",),
            first_day=on("2026-02-01"),
            last_day=None,
            running=True,
            failure=UNKNOWN,
            failure_kinds=(),
            records=(last,),
        ),
    )
    assert found.given == {"atezolizumab", "bevacizumab", "sorafenib", "regorafenib"}
    assert (found.repeated, found.resumed, found.current) == ((), (), ("regorafenib",))
    assert found.complete


def test_a_line_ends_when_its_last_drug_does_and_not_before() -> None:
    pair = (
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        drug("nivolumab", "2025-06-01", "2026-03-01"),
    )
    still = (pair[0], drug("nivolumab", "2025-06-01", status=ACTIVE, evidence=PRESCRIBED))
    unknown = (pair[0], drug("nivolumab", "2025-06-01", status=STOPPED, evidence=PRESCRIBED))

    assert [
        (line.last_day, line.running)
        for drugs in (pair, still, unknown)
        for line in history(*drugs).regimens
    ] == [(on("2026-03-01"), False), (None, True), (None, False)]


@pytest.mark.rule("A23", "A24")
@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        # begun within fourteen days of each other: one line where they are a known regimen
        (("atezolizumab", "2025-06-01"), ("bevacizumab", "2025-06-15"), True),
        (("atezolizumab", "2025-06-01"), ("bevacizumab", "2025-06-16"), False),
        (("atezolizumab", "2025-06-01"), ("ramucirumab", "2025-06-02"), False),
        (("atezolizumab", "2025-06-01"), ("ramucirumab", "2025-06-01"), True),
        (("bevacizumab", "2025-06-01"), ("atezolizumab", "2025-06-15"), True),
    ],
)
def test_infusions_are_one_line_when_begun_together_or_as_a_known_regimen(
    one: tuple[str, str], other: tuple[str, str], *, together: bool
) -> None:
    records = (drug(name, day, day, evidence=ADMINISTERED) for name, day in (one, other))

    assert len(history(*records).regimens) == (1 if together else 2)


def test_an_imprecise_start_on_the_same_earliest_day_proves_no_combination() -> None:
    in_june = DayBound(on("2025-06-01").earliest, on("2025-06-30").latest)
    imprecise = msgspec.structs.replace(
        drug("ramucirumab", "2025-06-01", "2025-06-01", evidence=ADMINISTERED), first_day=in_june
    )
    exact = drug("atezolizumab", "2025-06-01", "2025-06-01", evidence=ADMINISTERED)

    assert len(history(imprecise, exact).regimens) == 2


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("again", "resumed"),
    [
        (drug("lenvatinib", "2026-06-01", status=ACTIVE, evidence=PRESCRIBED), ("lenvatinib",)),
        (drug("lenvatinib", "2026-06-01", "2026-07-01"), ()),
        # a reason to stop, while another order of it runs
        (drug("lenvatinib", None, status=ACTIVE, evidence=PRESCRIBED), ()),
    ],
)
def test_an_earlier_drug_that_runs_again_after_the_last_line_is_resumed(
    again: DrugRecord, resumed: tuple[str, ...]
) -> None:
    found = history(
        drug("lenvatinib", "2025-01-01", "2025-05-20"),
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        again,
    )

    assert found.resumed == resumed


@pytest.mark.rule("A19")
def test_an_earlier_drug_that_failed_again_is_not_resumed() -> None:
    drugs = (
        drug("lenvatinib", "2025-01-01", "2025-05-20"),
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        drug("lenvatinib", "2026-06-01", status=ACTIVE, evidence=PRESCRIBED),
    )
    found = history(*drugs, progressions=(progression("2026-08-01"),))

    assert [one.drugs for one in found.repeated] == [("lenvatinib",)]
    assert found.repeated[0].failure is MET
    assert (found.resumed, found.current) == ((), ("lenvatinib",))


@pytest.mark.rule("A19", "A20")
def test_a_repeated_drug_answers_for_progression_until_the_next_line() -> None:
    drugs = (
        drug("lenvatinib", "2025-01-01", "2025-03-01"),
        drug("sorafenib", "2025-04-01", "2025-06-01"),
        drug("lenvatinib", "2025-07-01", "2025-09-01"),
        drug("regorafenib", "2025-10-01", "2026-06-01"),
    )
    before = history(*drugs, progressions=(progression("2025-09-15"),))
    after = history(*drugs, progressions=(progression("2025-10-15"),))

    assert [one.failure for one in before.repeated] == [MET]
    assert [one.failure for one in after.repeated] == [UNKNOWN]


def test_evidence_of_tablets_alone_makes_a_line() -> None:
    handed_over = DrugRecord(
        drug="sorafenib",
        evidence=DrugEvidence.DISPENSED,
        status=DrugStatus.COMPLETED,
        first_day=on("2025-06-01"),
        last_day=None,
        supply_ends=on("2025-06-30"),
        source="MedicationDispense/1",
    )

    (line,) = history(handed_over).regimens

    assert (line.first_day, line.last_day) == (on("2025-06-01"), on("2025-06-30"))


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("again", "resumed"),
    [("2026-02-01", ()), ("2026-03-31", ()), ("2026-04-01", ("lenvatinib",))],
)
def test_only_what_begins_again_after_the_last_of_all_lines_is_resumed(
    again: str, resumed: tuple[str, ...]
) -> None:
    in_march = DayBound(on("2026-03-01").earliest, on("2026-03-31").latest)
    found = history(
        drug("lenvatinib", "2025-01-01", "2025-05-20"),
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        msgspec.structs.replace(drug("regorafenib", None, "2026-04-05"), first_day=in_march),
        drug("lenvatinib", again, status=ACTIVE, evidence=PRESCRIBED),
    )

    assert regimens(found) == ["lenvatinib", "sorafenib", "regorafenib"]
    assert found.resumed == resumed


def test_without_any_line_nothing_is_resumed() -> None:
    assert history().resumed == ()


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("state", "complete"),
    [
        (Availability.COMPLETE, True),
        (Availability.ABSENT, True),
        (Availability.TRUNCATED, False),
        (Availability.FAILED, False),
    ],
)
def test_one_source_that_was_cut_or_failed_makes_the_history_incomplete(
    state: Availability, *, complete: bool
) -> None:
    assert history(sources=(("medicationRequests", state),)).complete is complete


@pytest.mark.rule("A19", "A20")
def test_a_line_begun_on_the_day_of_a_repeated_drug_takes_no_progression_from_it() -> None:
    in_october = DayBound(on("2025-10-01").earliest, on("2025-10-31").latest)
    found = history(
        drug("lenvatinib", "2025-01-01", "2025-03-01"),
        drug("sorafenib", "2025-04-01", "2025-06-01"),
        msgspec.structs.replace(drug("lenvatinib", None, "2025-11-05"), first_day=in_october),
        drug("regorafenib", "2025-10-01", "2026-06-01"),
        progressions=(progression("2025-12-01"),),
    )

    assert [one.failure for one in found.repeated] == [MET]


@pytest.mark.rule("A19", "A27")
def test_a_progression_on_the_next_line_is_no_failure_of_the_one_before() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        drug("regorafenib", "2026-02-01", "2026-06-01"),
        progressions=(progression("2026-05-01"),),
    )

    assert [line.failure for line in found.regimens] == [UNKNOWN, MET]
