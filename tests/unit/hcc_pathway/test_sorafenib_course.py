"""Sorafenib among the lines, field by field."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import ProgressionRecord
from hcc_pathway.drug_record import DayBound, DrugRecord, DrugStatus, IntoleranceRecord, StopReason
from hcc_pathway.treatment_history.sorafenib_course import SorafenibHistory, SorafenibStatus

from .drug_histories_for_tests import (
    ADMINISTERED,
    PRESCRIBED,
    drug,
    history,
    on,
    progression,
)

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


@pytest.mark.rule("A27")
def test_of_two_stretches_of_sorafenib_each_keeps_its_progressions() -> None:
    stretches = (
        drug("sorafenib", "2025-01-01", "2025-03-01"),
        drug("lenvatinib", "2025-04-01", "2025-06-01"),
        drug("sorafenib", "2025-07-01", "2025-09-01"),
    )
    seen = (progression("2025-03-10"), progression("2025-09-10"))

    assert history(*stretches, progressions=seen).sorafenib.progression_day == on("2025-03-10")
    assert history(*stretches, progressions=seen[1:]).sorafenib.progression_day == on("2025-09-10")


@pytest.mark.rule("A27")
def test_a_drug_that_may_have_begun_on_the_same_day_does_not_take_the_progression_away() -> None:
    in_june = DayBound(on("2025-06-01").earliest, on("2025-06-30").latest)
    other = msgspec.structs.replace(
        drug("ramucirumab", "2025-06-01", "2025-06-01", evidence=ADMINISTERED), first_day=in_june
    )

    found = history(WHOLE, other, progressions=(progression("2026-01-20"),)).sorafenib

    assert (found.partners, found.progression) == ((), MET)
