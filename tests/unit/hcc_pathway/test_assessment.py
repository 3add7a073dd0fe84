"""From a case to the discrete findings that the pathway decides on."""

from datetime import date

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, CautionRecord, DiagnosisKind, PatientCase
from hcc_pathway.drug_record import DayBound, DrugEvidence, IntoleranceRecord
from hcc_pathway.findings.assessment import Assessment, assess, diagnosis_state, years_between
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    DiagnosisState,
    EcogState,
    Findings,
    HistoryState,
    LastLine,
    PersonState,
    SorafenibCourse,
)
from hcc_pathway.site_policy import SitePolicy

from .cases_for_tests import (
    TODAY,
    diagnosis,
    drug,
    ecog,
    exactly,
    intolerant,
    knowledge,
    progression,
    reading,
    running,
    tolerant,
)

HCC, UNSPECIFIED = DiagnosisKind.HCC, DiagnosisKind.UNSPECIFIED
OTHER_SUBTYPE = DiagnosisKind.OTHER_SUBTYPE


def _assessed(case: PatientCase, site: SitePolicy | None = None) -> Assessment:
    return assess(case, knowledge(), TODAY, site or SitePolicy())


def _findings(**changes: object) -> Findings:
    return _assessed(tolerant(**changes)).findings


def test_a_complete_case_gives_each_finding() -> None:
    assert _findings() == Findings(
        person=PersonState.ADULT,
        diagnosis=DiagnosisState.HCC,
        sorafenib=SorafenibCourse.ENDED,
        progression=Answer.MET,
        exposure=Answer.MET,
        lines_started=1,
        last_line=LastLine.SORAFENIB,
        history=HistoryState.COMPLETE,
        given=frozenset({"sorafenib"}),
        afp=AfpState.AT_LEAST,
        child_pugh=ChildPughState.A,
        ecog=EcogState.GOOD,
        near=frozenset({("ecog", "2")}),
    )


def test_documented_intolerance_and_a_failed_source_are_findings() -> None:
    sources = (
        ("medicationStatements", Availability.COMPLETE),
        ("medicationRequests", Availability.FAILED),
    )
    found = _assessed(intolerant(medication_sources=sources)).findings

    assert (found.progression, found.intolerance) == (Answer.UNKNOWN, Answer.MET)
    assert found.history is HistoryState.UNCONFIRMED


@pytest.mark.rule("A31")
@pytest.mark.parametrize(
    ("changes", "marked"),
    [
        ({}, (False, False, False)),
        ({"afp": (reading("812", age=31),)}, (True, False, False)),
        ({"inr": (reading("1.1", "1", age=31),)}, (False, True, False)),
        ({"ecog": (ecog(0, age=31),)}, (False, False, True)),
    ],
)
def test_what_is_aged_is_marked_where_it_belongs(
    changes: dict[str, object], marked: tuple[bool, bool, bool]
) -> None:
    found = _findings(**changes)

    assert (found.afp_aged, found.liver_aged, found.ecog_aged) == marked


@pytest.mark.rule("A9")
@pytest.mark.parametrize(("inclusive", "state"), [(True, "at-least-400"), (False, "below-400")])
def test_the_site_says_how_the_threshold_is_read(state: str, *, inclusive: bool) -> None:
    site = SitePolicy(afp_inclusive=inclusive)
    known = _assessed(tolerant(afp=(reading("400"),)), site)

    assert (known.findings.afp.value, known.site) == (state, site)


@pytest.mark.rule("A19", "A20")
@pytest.mark.parametrize(("lines", "counted"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_three_lines_stand_for_three_and_more(lines: int, counted: int) -> None:
    names = ("sorafenib", "regorafenib", "cabozantinib", "lenvatinib")[:lines]
    drugs = tuple(
        drug(name, 900 - 200 * place, 800 - 200 * place) for place, name in enumerate(names)
    )
    found = _findings(drugs=drugs)

    assert (found.lines_started, found.given) == (counted, frozenset(names))


@pytest.mark.rule("A23")
def test_immunotherapy_before_is_a_finding() -> None:
    assert _findings(drugs=(drug("nivolumab", 900, 800), drug())).immunotherapy_given


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("drugs", "long_before"),
    [
        ((drug(end=100),), False),
        ((drug(end=101),), True),
        # after a later line it says nothing any more
        ((drug(end=101), drug("regorafenib", 90, 40)), False),
    ],
)
def test_a_last_dose_long_before_progression_counts_while_sorafenib_is_the_last_line(
    drugs: tuple[object, ...], *, long_before: bool
) -> None:
    assert _findings(drugs=drugs).last_dose_long_before_progression is long_before


@pytest.mark.rule("A6")
def test_windows_that_disagree_are_a_finding() -> None:
    assert not _findings().windows_disagree
    assert _findings(drugs=(drug(end=80),)).windows_disagree


@pytest.mark.rule("A8")
def test_exposure_by_orders_alone_is_a_finding() -> None:
    order = msgspec.structs.replace(drug(), evidence=DrugEvidence.PRESCRIBED)

    assert _findings(drugs=(order,)).based_on_prescriptions
    assert not _findings(drugs=(drug(),)).based_on_prescriptions


@pytest.mark.rule("A27")
@pytest.mark.parametrize(("age", "old"), [(89, False), (90, False), (91, True)])
def test_progression_is_old_after_ninety_days(age: int, *, old: bool) -> None:
    case = {"drugs": (drug(end=age + 2),), "progressions": (progression(age),)}

    assert _findings(**case).progression_old is old


@pytest.mark.rule("A27")
def test_an_imprecise_progression_is_as_old_as_its_latest_day() -> None:
    seen = msgspec.structs.replace(
        progression(), day=DayBound(date(2026, 8, 1), date(2026, 8, 31))
    )

    assert not _findings(drugs=(drug(end=120),), progressions=(seen,)).progression_old
    assert not _findings(progressions=()).progression_old


@pytest.mark.rule("A35")
@pytest.mark.parametrize(
    ("kinds", "conditions", "state", "deciding"),
    [
        ((HCC,), Availability.COMPLETE, DiagnosisState.HCC, (HCC,)),
        ((UNSPECIFIED, HCC), Availability.COMPLETE, DiagnosisState.HCC, (HCC,)),
        ((HCC, OTHER_SUBTYPE), Availability.COMPLETE, DiagnosisState.EXCLUDED, (OTHER_SUBTYPE,)),
        (
            (UNSPECIFIED, UNSPECIFIED),
            Availability.COMPLETE,
            DiagnosisState.UNSPECIFIED,
            (UNSPECIFIED, UNSPECIFIED),
        ),
        ((), Availability.COMPLETE, DiagnosisState.NONE, ()),
        ((), Availability.TRUNCATED, DiagnosisState.UNSPECIFIED, ()),
        ((), Availability.FAILED, DiagnosisState.UNSPECIFIED, ()),
    ],
)
def test_the_most_specific_diagnosis_decides_and_is_kept(
    kinds: tuple[DiagnosisKind, ...],
    conditions: Availability,
    state: DiagnosisState,
    deciding: tuple[DiagnosisKind, ...],
) -> None:
    case = tolerant(diagnoses=tuple(diagnosis(kind) for kind in kinds), conditions=conditions)

    found, kept = diagnosis_state(case)

    assert (found, tuple(one.kind for one in kept)) == (state, deciding)
    known = _assessed(case)
    assert (known.findings.diagnosis, known.diagnoses) == (found, kept)


@pytest.mark.rule("A36")
@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({"birth": exactly(date(2008, 11, 22))}, PersonState.ADULT),  # 18 today
        ({"birth": exactly(date(2008, 11, 23))}, PersonState.UNDER_AGE),
        ({"birth": exactly(date(2008, 12, 1))}, PersonState.UNDER_AGE),
        ({"birth": exactly(date(2008, 10, 30))}, PersonState.ADULT),
        # a year alone: 18 is possible, so nobody is excluded
        ({"birth": DayBound(date(2008, 1, 1), date(2008, 12, 31))}, PersonState.ADULT),
        ({"birth": None}, PersonState.ADULT),
        ({"deceased": True}, PersonState.DECEASED),
        ({"deceased": True, "birth": exactly(date(2020, 1, 1))}, PersonState.DECEASED),
    ],
)
def test_only_who_is_certainly_under_age_or_dead_is_no_adult(
    changes: dict[str, object], person: PersonState
) -> None:
    assert _findings(**changes).person is person


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1961, 5, 17), date(2026, 5, 16), 64),
        (date(1961, 5, 17), date(2026, 5, 17), 65),
        (date(1961, 5, 17), date(2026, 5, 18), 65),
        (date(1961, 5, 17), date(2026, 6, 1), 65),
        (date(1964, 2, 29), date(2026, 2, 28), 61),
    ],
)
def test_years_of_age_are_completed_years(birth: date, on: date, years: int) -> None:
    assert years_between(birth, on) == years


def _caution(concern: str, detail: str = "") -> CautionRecord:
    return CautionRecord(
        concern=concern,
        detail=detail,
        as_received="x",
        recorded_on=None,
        source=f"Condition/{concern}",
    )


@pytest.mark.rule("A26", "A33")
def test_documented_concerns_are_named_and_a_transplant_is_a_finding() -> None:
    known = _assessed(
        tolerant(
            cautions=(
                _caution("liver-transplant"),
                _caution("interacting-medication", "strong-cyp3a4-inhibitor"),
            ),
            intolerances=(
                IntoleranceRecord(is_allergy=True, day=None, as_received="rash", source="a"),
            ),
        )
    )

    assert known.concerns == {"liver-transplant", "strong-cyp3a4-inhibitor", "sorafenib-allergy"}
    assert known.findings.liver_transplant
    assert _assessed(tolerant()).concerns == frozenset()
    assert not _findings().liver_transplant


@pytest.mark.rule("A30")
@pytest.mark.parametrize(
    ("jurisdiction", "withdrawn"), [("US", {"nivolumab"}), ("KR", set()), (None, set())]
)
def test_what_is_withdrawn_depends_on_the_site(
    jurisdiction: str | None, withdrawn: set[str]
) -> None:
    known = _assessed(tolerant(), SitePolicy(jurisdiction=jurisdiction))

    assert known.findings.withdrawn == withdrawn


@pytest.mark.rule("A9", "A17", "A18")
def test_every_input_near_a_border_is_named_with_the_state_across_it() -> None:
    near = _findings(
        afp=(reading("399"),),
        ecog=(ecog(2),),
        albumin=(reading("3.0", "g/dL"),),
        drugs=(drug(end=34),),
    ).near

    assert near == {
        ("alpha-fetoprotein", "at-least-400"),
        ("child-pugh", "b"),
        ("ecog", "0-1"),
        ("ecog", "3-4"),
    }


@pytest.mark.rule("A4")
def test_exposure_near_the_minimum_is_named_with_the_answer_across_it() -> None:
    low = msgspec.structs.replace(
        drug(mg=200, start=300, end=51), source="MedicationStatement/low"
    )
    high = drug(mg=800, start=50, end=30)

    found = _findings(drugs=(low, high), ecog=(ecog(0),))

    assert found.exposure is Answer.MET
    assert found.near == {("sorafenib-exposure", "not-met")}


def test_the_assessment_keeps_what_it_was_made_of() -> None:
    case = tolerant(drugs=(running(),))
    known = _assessed(case)

    assert (known.case, known.on, known.site) == (case, TODAY, SitePolicy())
    assert known.treatment.course is SorafenibCourse.RUNNING
    assert known.afp.state is AfpState.AT_LEAST
    assert known.liver.state is ChildPughState.A
    assert known.performance.state is EcogState.GOOD
