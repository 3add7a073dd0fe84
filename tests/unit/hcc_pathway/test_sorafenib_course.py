"""Sorafenib among the lines, field by field, and each line with its days and its failure."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import (
    DayBound,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    IntoleranceRecord,
    ProgressionRecord,
    StopReason,
)
from hcc_pathway.lines_of_therapy import FailureKind, Regimen
from hcc_pathway.sorafenib_course import SorafenibHistory, SorafenibStatus

from .test_lines_of_therapy import ADMINISTERED, PRESCRIBED, drug, history, on, progression

MET, UNKNOWN = Answer.MET, Answer.UNKNOWN
NOT_TAKEN, STOPPED, ACTIVE = DrugStatus.NOT_TAKEN, DrugStatus.STOPPED, DrugStatus.ACTIVE
INTOLERANCE, NO_RESPONSE = StopReason.INTOLERANCE, StopReason.NO_RESPONSE
WHOLE = drug("sorafenib", "2025-06-01", "2026-01-10")
RUNNING = drug("sorafenib", "2025-06-01", status=ACTIVE, evidence=PRESCRIBED)


def event(
    day: str | None, source: str = "AdverseEvent/1", *, allergy: bool = False
) -> IntoleranceRecord:
    return IntoleranceRecord(
        is_allergy=allergy,
        day=None if day is None else on(day),
        as_received="rash",
        source=source,
    )


def refused(day: str | None, reason: StopReason | None = INTOLERANCE) -> DrugRecord:
    return msgspec.structs.replace(
        drug("sorafenib", day, status=NOT_TAKEN, reason=reason), source="refused"
    )


def test_sorafenib_with_progression_is_described_field_by_field() -> None:
    found = history(
        drug("lenvatinib", "2025-01-01", "2025-05-20"),
        WHOLE,
        progressions=(progression("2026-01-20"),),
    )

    assert found.sorafenib == SorafenibHistory(
        status=SorafenibStatus.ENDED,
        position=1,
        first_day=on("2025-06-01"),
        last_day=on("2026-01-10"),
        progression=MET,
        progression_day=on("2026-01-20"),
        progression_source="Observation/2026-01-20",
        progression_as_received="progressed",
    )


def test_sorafenib_with_intolerance_is_described_field_by_field() -> None:
    stopped = drug("sorafenib", "2025-06-01", "2026-01-10", status=STOPPED, reason=INTOLERANCE)
    found = history(
        stopped,
        intolerances=(event("2026-01-12"), event(None, "AllergyIntolerance/1", allergy=True)),
    )

    assert found.sorafenib == SorafenibHistory(
        status=SorafenibStatus.ENDED,
        position=0,
        first_day=on("2025-06-01"),
        last_day=on("2026-01-10"),
        intolerance=MET,
        intolerance_sources=("AdverseEvent/1", "AllergyIntolerance/1", stopped.source),
        allergy_sources=("AllergyIntolerance/1",),
    )


def test_a_combination_names_its_partners_and_an_end_in_two_stretches() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2025-08-01"),
        drug("nivolumab", "2025-06-01", "2025-08-01"),
        drug("lenvatinib", "2025-09-01", "2025-10-01"),
        drug("sorafenib", "2025-11-01", "2026-01-10"),
    ).sorafenib

    assert (found.status, found.partners) == (SorafenibStatus.COMBINED, ("nivolumab",))
    assert (found.first_day, found.last_day) == (on("2025-06-01"), on("2026-01-10"))


@pytest.mark.rule("A33")
def test_without_any_course_reactions_and_refusals_are_only_noted() -> None:
    found = history(
        refused("2026-01-01"),
        msgspec.structs.replace(refused("2026-01-01", None), source="no reason"),
        msgspec.structs.replace(refused("2026-01-01", NO_RESPONSE), source="other reason"),
        msgspec.structs.replace(
            drug("regorafenib", "2026-01-01", status=NOT_TAKEN, reason=INTOLERANCE), source="rego"
        ),
        intolerances=(
            event("2026-01-01", "b", allergy=True),
            event("2026-01-01", "a", allergy=True),
            event("2026-01-01"),
        ),
    )

    assert found.sorafenib == SorafenibHistory(
        status=SorafenibStatus.NONE,
        intolerance_noted=("AdverseEvent/1", "refused"),
        allergy_sources=("a", "b"),
    )


@pytest.mark.rule("A32")
@pytest.mark.parametrize(
    ("records", "counted", "noted"),
    [
        # refused from the last day on, or on a day nobody recorded
        ((WHOLE, refused("2026-01-10")), ("refused",), ()),
        ((WHOLE, refused("2026-01-09")), (), ("refused",)),
        ((WHOLE, refused(None)), ("refused",), ()),
        ((RUNNING, refused(None)), (), ("refused",)),
        ((WHOLE, refused("2026-01-11", None)), (), ()),
    ],
)
def test_a_refusal_counts_when_no_sorafenib_day_follows(
    records: tuple[DrugRecord, ...], counted: tuple[str, ...], noted: tuple[str, ...]
) -> None:
    found = history(*records).sorafenib

    assert (found.intolerance_sources, found.intolerance_noted) == (counted, noted)
    assert found.intolerance is (MET if counted else UNKNOWN)


@pytest.mark.rule("A32")
def test_intolerance_before_a_later_stretch_is_only_noted_even_beside_one_that_counts() -> None:
    early = drug("sorafenib", "2025-06-01", "2025-08-01", status=STOPPED, reason=INTOLERANCE)
    late = drug("sorafenib", "2025-11-01", "2026-01-10", status=STOPPED, reason=INTOLERANCE)
    between = drug("lenvatinib", "2025-09-01", "2025-10-01")

    found = history(early, between, late, intolerances=(event("2025-07-01"),)).sorafenib

    assert found.intolerance_sources == (late.source,)
    assert found.intolerance_noted == tuple(sorted(("AdverseEvent/1", early.source)))


def test_a_source_that_counts_once_is_not_noted_as_well() -> None:
    events = (event("2025-07-01"), event("2026-01-11"))

    found = history(WHOLE, intolerances=events).sorafenib

    assert (found.intolerance_sources, found.intolerance_noted) == (("AdverseEvent/1",), ())


@pytest.mark.rule("A27")
@pytest.mark.parametrize(
    ("seen", "anchor"),
    [
        # the earliest day; of equal days the more precise, then the source
        ((("2026-01-15", "2026-01-15", "b"), ("2026-01-12", "2026-01-20", "a")), "a"),
        ((("2026-01-12", "2026-01-20", "a"), ("2026-01-12", "2026-01-12", "b")), "b"),
        ((("2026-01-12", "2026-01-12", "b"), ("2026-01-12", "2026-01-12", "a")), "a"),
    ],
)
def test_the_first_of_several_progressions_anchors(
    seen: tuple[tuple[str, str, str], ...], anchor: str
) -> None:
    progressions = tuple(
        ProgressionRecord(
            day=DayBound(on(first).earliest, on(last).latest),
            as_received=f"words of {source}",
            source=source,
        )
        for first, last, source in seen
    )

    found = history(WHOLE, progressions=progressions).sorafenib

    assert found.progression_source == anchor
    assert found.progression_as_received == f"words of {anchor}"


@pytest.mark.rule("A25", "A27")
def test_a_dated_progression_goes_before_a_stop_without_a_day() -> None:
    stopped = drug(
        "sorafenib", "2025-06-01", status=STOPPED, evidence=PRESCRIBED, reason=NO_RESPONSE
    )
    dated = history(stopped, progressions=(progression("2026-01-20"),)).sorafenib
    undated = history(stopped, msgspec.structs.replace(stopped, source="a")).sorafenib

    assert (dated.progression_source, dated.progression_day) == (
        "Observation/2026-01-20",
        on("2026-01-20"),
    )
    assert (undated.progression_source, undated.progression_day) == ("a", None)
    assert undated.progression_as_received == ""


@pytest.mark.rule("A24", "A27")
def test_a_partner_begun_later_does_not_take_the_progression_away() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        drug("nivolumab", "2025-08-01", "2026-01-10"),
        progressions=(progression("2025-12-01"),),
    ).sorafenib

    assert (found.partners, found.progression) == (("nivolumab",), MET)


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
