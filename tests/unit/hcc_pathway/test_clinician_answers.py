"""A clinician's answers become records that name themselves, beside those of the chart."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcc_pathway.case import (
    Answered,
    Availability,
    DiagnosisKind,
    PatientCase,
)
from hcc_pathway.clinician_answers.answered_case import supposing, with_answers
from hcc_pathway.clinician_answers.answers import (
    AnswerRefused,
    ClinicianAnswers,
    SignGrade,
    answers_as_json,
    answers_from_json,
)
from hcc_pathway.clinician_answers.sources import is_answered, source_of_answer
from hcc_pathway.clinician_answers.usable import require_usable
from hcc_pathway.drug_record import IntoleranceRecord
from hcc_pathway.explanation.wording import speaking
from hcc_pathway.knowledge_base.knowledge import LANGUAGES
from hcc_pathway.recommendation import Recommendation

from .answers_for_tests import answer, names
from .cases_for_tests import (
    TODAY,
    days_ago,
    diagnosis,
    drug,
    ecog,
    intolerant,
    progression,
    running,
    tolerant,
)

MARK = "answered by you, not from the chart"
_DAYS = st.dates(date(2026, 9, 30), TODAY)
_YES_OR_NO = st.none() | st.booleans()
_GRADES = st.none() | st.sampled_from(SignGrade)


@st.composite
def _answers(draw: st.DrawFn) -> ClinicianAnswers:
    progressed = draw(_YES_OR_NO)
    not_tolerated = draw(_YES_OR_NO)
    afp = draw(st.none() | st.decimals(0, 90000, places=1))
    return ClinicianAnswers(
        progressed=progressed,
        progressed_on=draw(_DAYS) if progressed else None,
        took_minimum_dose=draw(_YES_OR_NO),
        not_tolerated=not_tolerated,
        stopped_on=draw(st.none() | _DAYS) if not_tolerated else None,
        no_other_lines=draw(_YES_OR_NO),
        is_hcc=draw(_YES_OR_NO),
        afp_ng_per_ml=afp,
        afp_on=None if afp is None else draw(st.none() | _DAYS),
        bilirubin_mg_per_dl=draw(st.none() | st.decimals(0, 20, places=1)),
        albumin_g_per_dl=draw(st.none() | st.decimals(1, 6, places=1)),
        inr=draw(st.none() | st.decimals(1, 6, places=1)),
        ascites=draw(_GRADES),
        encephalopathy=draw(_GRADES),
        child_pugh=draw(st.none() | st.sampled_from("ABC")),
        ecog=draw(st.none() | st.integers(0, 4)),
        answered_at=draw(st.none() | st.just(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))),
    )


FIRST_SORAFENIB = tolerant().drugs[0].first_day
assert FIRST_SORAFENIB is not None
BEFORE_SORAFENIB = FIRST_SORAFENIB.earliest - timedelta(days=1)

CHARTS = st.sampled_from(
    [
        tolerant(),
        intolerant(),
        tolerant(progressions=()),
        tolerant(afp=(), ecog=(), ascites=(), inr=()),
        tolerant(drugs=(running(),), progressions=()),
        PatientCase(),
    ]
)


def answered(case: PatientCase, **answers: object) -> Recommendation:
    given_answers = ClinicianAnswers(**answers)  # type: ignore[arg-type]  # by name
    return answer(with_answers(case, given_answers, on=TODAY, zone=UTC))


@given(CHARTS)
def test_no_answers_leave_the_case_as_it_is(case: PatientCase) -> None:
    assert with_answers(case, ClinicianAnswers(), on=TODAY, zone=UTC) is case
    assert supposing(case, ClinicianAnswers(), on=TODAY, zone=UTC) == case


@given(CHARTS, _answers())
def test_answers_remove_no_record_of_the_chart_and_name_every_record_they_add(
    case: PatientCase, answers: ClinicianAnswers
) -> None:
    after = with_answers(case, answers, on=TODAY, zone=UTC)
    for field in PatientCase.__struct_fields__:
        before, now = getattr(case, field), getattr(after, field)
        if field == "answered":
            assert now == (Answered(case, answers) if answers else None)
            continue
        if not isinstance(before, tuple):
            assert now == before
            continue
        assert now[: len(before)] == before
        assert all(is_answered(added.source) for added in now[len(before) :])
    assert (after == case) is not bool(answers)


@given(_answers())
def test_answers_survive_being_written_and_read(answers: ClinicianAnswers) -> None:
    assert answers_from_json(answers_as_json(answers)) == answers


def test_nothing_written_is_no_answer() -> None:
    assert not answers_from_json(b"")


@pytest.mark.parametrize(
    "written", [b"{", b"[]", b'{"ecog": 5}', b'{"afpNgPerMl": "x"}', b'{"x":1}']
)
def test_answers_that_cannot_be_read_are_refused_without_a_value(written: bytes) -> None:
    with pytest.raises(AnswerRefused) as refused:
        answers_from_json(written)
    assert str(refused.value) == "The answer 'answers' cannot be used: not-readable."


@pytest.mark.parametrize(
    ("answers", "field", "because"),
    [
        ({"progressed": True}, "progressed_on", "day-needed"),
        ({"afp_ng_per_ml": Decimal(-1)}, "afp_ng_per_ml", "out-of-range"),
        ({"inr": Decimal("NaN")}, "inr", "out-of-range"),
        ({"afp_ng_per_ml": Decimal(9), "afp_on": days_ago(-1)}, "afp_on", "in-the-future"),
        ({"ecog": 1, "afp_on": TODAY}, "afp_on", "day-without-answer"),
        ({"ecog": 1, "laboratory_on": TODAY}, "laboratory_on", "day-without-answer"),
        ({"progressed": False, "progressed_on": TODAY}, "progressed_on", "day-without-answer"),
        ({"not_tolerated": False, "stopped_on": TODAY}, "stopped_on", "day-without-answer"),
        ({"stopped_on": TODAY}, "stopped_on", "day-without-answer"),
        ({"ecog": 1, "answered_on": {"ecog": days_ago(-1)}}, "ecog", "in-the-future"),
        (
            {"progressed": True, "progressed_on": date(1026, 10, 30)},
            "progressed_on",
            "long-past",
        ),
        (
            {"afp_ng_per_ml": Decimal(9), "afp_on": date(1961, 5, 16)},
            "afp_on",
            "before-birth",
        ),
        (
            {"progressed": True, "progressed_on": BEFORE_SORAFENIB},
            "progressed_on",
            "before-sorafenib",
        ),
        (
            {"not_tolerated": True, "stopped_on": BEFORE_SORAFENIB},
            "stopped_on",
            "before-sorafenib",
        ),
        ({"sorafenib_from": date(2026, 5, 1)}, "sorafenib_to", "day-needed"),
        (
            {"sorafenib_from": date(2026, 5, 2), "sorafenib_to": date(2026, 5, 1)},
            "sorafenib_to",
            "ends-before-it-begins",
        ),
    ],
)
def test_an_answer_of_which_no_record_can_be_made_is_refused(
    answers: dict[str, object], field: str, because: str
) -> None:
    with pytest.raises(AnswerRefused) as refused:
        answered(tolerant(), **answers)
    assert (refused.value.field, refused.value.because) == (field, because)


@pytest.mark.rule("A37", "S3", "S9")
def test_progression_that_is_answered_opens_the_branch_and_says_who_said_it() -> None:
    silent = tolerant(progressions=())
    assert names(answer(silent)) == []
    found = answered(silent, progressed=True, progressed_on=days_ago(20))
    assert names(found) == ["ramucirumab", "regorafenib"]
    assert found.options[0].reasons[0] == (
        f"Progression on {days_ago(20)} on or after sorafenib ({MARK} (progression))"
    )


@pytest.mark.rule("A3", "S5", "A37")
@pytest.mark.parametrize("ended", [True, False])
def test_intolerance_that_is_answered_opens_its_branch_whether_or_not_an_end_is_recorded(
    *, ended: bool
) -> None:
    chart = tolerant(drugs=(drug() if ended else running(),), progressions=())
    found = answered(chart, not_tolerated=True)
    assert found.patient_class == "intolerant"
    assert names(found) == ["cabozantinib", "nivolumab", "ramucirumab"]
    assert MARK in found.options[0].reasons[0]


@pytest.mark.rule("S4", "A4")
def test_a_dose_that_is_answered_decides_what_the_records_leave_open() -> None:
    unreadable = tolerant(drugs=(drug(mg=None),))
    assert answer(unreadable).patient_class == "undetermined"
    found = answered(unreadable, took_minimum_dose=True)
    assert found.patient_class == "tolerant"
    (regorafenib,) = [one for one in found.options if one.therapy == "regorafenib"]
    assert regorafenib.reasons[1] == (
        "At least 400 mg of sorafenib a day on at least 20 of the 28 days"
        f" ({MARK} (sorafenib dose))"
    )
    lower = answered(unreadable, took_minimum_dose=False)
    assert lower.patient_class == "undetermined"
    assert {one.therapy: one.answer for one in lower.withheld}["regorafenib"] == "not-met"


@pytest.mark.rule("A5")
def test_a_dose_that_is_answered_against_the_days_on_record_is_named_as_a_conflict() -> None:
    found = answered(tolerant(), took_minimum_dose=False)
    (conflict,) = found.conflicts
    assert conflict.id == "exposure-stated-against-records"
    assert "28 of 28 at the dose (MedicationStatement/" in conflict.text
    assert MARK in conflict.text
    counted, stated = (one for one in found.inputs if one.input == "sorafenib-exposure")
    assert msgspec.to_builtins(counted.value)["yes"] == 28
    assert (stated.value, stated.as_received) == (None, "no")


def test_a_no_is_shown_and_opens_nothing() -> None:
    silent = tolerant(progressions=())
    found = answered(silent, progressed=False, not_tolerated=False)
    assert names(found) == []
    rows = {one.input: one.value for one in found.inputs if MARK in one.source}
    assert rows == {"progression": False, "sorafenib-intolerance": False}


@pytest.mark.rule("A34")
@pytest.mark.parametrize(
    ("grade", "points"), [("none", 1), ("mild", 2), ("moderate", 3), ("severe", 3)]
)
def test_a_grade_that_is_answered_settles_what_was_recorded_without_one(
    grade: str, points: int
) -> None:
    ungraded = tolerant(ascites=(msgspec.structs.replace(tolerant().ascites[0], present=True),))
    found = answered(ungraded, ascites=SignGrade(grade))
    (child_pugh,) = [one for one in found.inputs if one.input == "child-pugh"]
    assert msgspec.to_builtins(child_pugh.value)["components"]["ascites"] == points
    assert "ascites" not in {one.input for one in found.missing}


@pytest.mark.rule("A19")
def test_that_no_other_lines_were_given_completes_a_list_that_was_cut() -> None:

    cut = tolerant(medication_sources=(("medicationRequests", Availability.TRUNCATED),))
    assert names(answer(cut)) == []
    assert names(answered(cut, no_other_lines=True)) == ["ramucirumab", "regorafenib"]
    assert names(answered(cut, no_other_lines=False)) == []


def test_each_measured_answer_is_used_and_its_question_goes_away() -> None:
    bare = tolerant(afp=(), ecog=(), bilirubin=(), albumin=(), inr=(), ascites=())
    assert {"alpha-fetoprotein", "ecog", "child-pugh", "inr"} <= {
        one.input for one in answer(bare).missing
    }
    found = answered(
        bare,
        afp_ng_per_ml=Decimal(812),
        ecog=1,
        bilirubin_mg_per_dl=Decimal("0.9"),
        albumin_g_per_dl=Decimal(4),
        inr=Decimal("1.1"),
        ascites=SignGrade.NONE,
    )
    assert found.missing == ()
    assert names(found) == ["ramucirumab", "regorafenib"]
    assert sum(MARK in one.source for one in found.inputs) == 7


@pytest.mark.rule("A35")
def test_a_diagnosis_that_is_answered_decides_what_the_code_left_open() -> None:

    unspecified = tolerant(diagnoses=(diagnosis(DiagnosisKind.UNSPECIFIED),))
    assert names(answer(unspecified)) == []
    assert names(answered(unspecified, is_hcc=True)) == ["ramucirumab", "regorafenib"]
    assert answered(unspecified, is_hcc=False).patient_class == "not-applicable"


@pytest.mark.rule("A33")
def test_sorafenib_that_is_answered_where_only_an_allergy_is_recorded_is_a_line() -> None:

    allergy = IntoleranceRecord(
        is_allergy=True, day=None, as_received="rash", source="AllergyIntolerance/a"
    )
    chart = tolerant(drugs=(), progressions=(), intolerances=(allergy,))
    found = answered(chart, sorafenib_from=days_ago(90), sorafenib_to=days_ago(60))
    assert (answer(chart).line, found.line) == ("undetermined", "second")


@pytest.mark.parametrize(
    ("supposed", "options"),
    [
        ({"afp_ng_per_ml": Decimal(12)}, ["regorafenib"]),
        ({"progressed": False}, []),
        (
            {"not_tolerated": True, "took_minimum_dose": False},
            ["cabozantinib", "nivolumab", "ramucirumab"],
        ),
        ({"child_pugh": "C"}, []),
        ({"ecog": 3}, []),
        ({"ecog": 0, "child_pugh": "A"}, ["ramucirumab", "regorafenib"]),
    ],
)
def test_what_is_supposed_takes_the_place_of_what_is_recorded(
    supposed: dict[str, object], options: list[str]
) -> None:
    chart = tolerant(ecog=(ecog(1, age=0),), progressions=(progression(),))
    answers = ClinicianAnswers(**supposed)  # type: ignore[arg-type]  # by name
    assert names(answer(supposing(chart, answers, on=TODAY, zone=UTC))) == options


def test_intolerance_supposed_away_leaves_no_trace_of_it() -> None:
    answers = ClinicianAnswers(not_tolerated=False)
    assert names(answer(supposing(intolerant(), answers, on=TODAY, zone=UTC))) == []


def test_each_fact_has_a_source_of_its_own() -> None:
    facts = ("progression", "sorafenib-exposure", "sorafenib-intolerance", "prior-lines")
    assert len({source_of_answer(fact) for fact in facts}) == len(facts)
    assert not is_answered("Observation/afp-1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_known_as_one_in_whatever_language_it_is_worded(language: str) -> None:
    with speaking(language):
        source = source_of_answer("progression")
    assert is_answered(source)


@pytest.mark.parametrize("field", ["progressed", "not_tolerated"])
def test_a_day_on_which_sorafenib_began_is_no_day_before_it(field: str) -> None:
    assert FIRST_SORAFENIB is not None
    day = {"progressed": "progressed_on", "not_tolerated": "stopped_on"}[field]
    given_answers = {field: True, day: FIRST_SORAFENIB.earliest}
    require_usable(ClinicianAnswers(**given_answers), TODAY, tolerant())  # type: ignore[arg-type]  # by name


@pytest.mark.rule("A31")
def test_an_answer_without_a_day_of_its_own_is_of_the_day_on_which_it_was_given() -> None:
    yesterday = days_ago(1)
    kept = ClinicianAnswers(ecog=1, child_pugh="B").dated(yesterday, ClinicianAnswers())
    again = ClinicianAnswers(ecog=1, child_pugh="A").dated(TODAY, kept)
    assert again.answered_on == {"ecog": yesterday, "child_pugh": TODAY}
    assert (again.day_of("ecog", TODAY), again.day_of("inr", TODAY)) == (yesterday, TODAY)
    after = with_answers(tolerant(ecog=()), again, on=TODAY, zone=UTC)
    assert [one.recorded_on for one in after.ecog] == [yesterday]
    assert after.stored_child_pugh[-1].recorded_on == TODAY


@given(CHARTS, _answers(), _answers())
def test_a_supposition_is_judged_as_if_the_question_had_not_been_answered_before(
    case: PatientCase, answers: ClinicianAnswers, supposed: ClinicianAnswers
) -> None:
    left = answers.without(supposed.given)
    assert left.given == answers.given - supposed.given
    after = supposing(
        with_answers(case, answers, on=TODAY, zone=UTC), supposed, on=TODAY, zone=UTC
    )
    again = supposing(with_answers(case, left, on=TODAY, zone=UTC), supposed, on=TODAY, zone=UTC)
    assert after == again
