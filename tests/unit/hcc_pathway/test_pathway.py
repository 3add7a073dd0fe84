"""The clinical table: class, line and options for discrete findings."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Decision
from hcc_pathway.decision.pathway import decide
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

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
HIGH, LOW = AfpState.AT_LEAST, AfpState.BELOW
_WELL = Findings(child_pugh=ChildPughState.A, ecog=EcogState.GOOD, afp=LOW)
TOLERANT = msgspec.structs.replace(_WELL, progression=MET, exposure=MET)
INTOLERANT = msgspec.structs.replace(_WELL, intolerance=MET)
CONFLICT = msgspec.structs.replace(TOLERANT, intolerance=MET)
NOT_SHOWN = msgspec.structs.replace(_WELL, progression=MET, exposure=NOT_MET)
THIRD = msgspec.structs.replace(
    TOLERANT,
    lines_started=2,
    last_line=LastLine.OTHER_FAILED,
    given=frozenset({"sorafenib", "regorafenib"}),
)


def _on(findings: Findings, **changes: object) -> Decision:
    return decide(msgspec.structs.replace(findings, **changes))


def _names(decision: Decision) -> list[str]:
    return [offer.therapy for offer in decision.offers]


def _withheld(decision: Decision) -> dict[str, tuple[str, Answer]]:
    return {item.therapy: (item.criterion, item.answer) for item in decision.withheld}


def _asked(decision: Decision) -> set[str]:
    return {question.input for question in decision.questions}


@pytest.mark.rule("S1", "S3", "S4", "S6", "S7", "S9", "A2", "A11", "A13", "A30")
@pytest.mark.parametrize(
    ("findings", "afp", "patient_class", "options"),
    [
        (TOLERANT, LOW, "tolerant", ["regorafenib"]),
        (TOLERANT, HIGH, "tolerant", ["ramucirumab", "regorafenib"]),
        (TOLERANT, AfpState.UNKNOWN, "tolerant", ["regorafenib"]),
    ],
)
def test_tolerated_and_progressed_gives_regorafenib(
    findings: Findings, afp: AfpState, patient_class: str, options: list[str]
) -> None:
    decision = _on(findings, afp=afp)
    assert (decision.patient_class.value, decision.line.value) == (patient_class, "second")
    assert _names(decision) == options


@pytest.mark.rule("S5", "S7", "S12", "A1", "A2", "A12")
@pytest.mark.parametrize(
    ("afp", "options"),
    [(LOW, ["cabozantinib", "nivolumab"]), (HIGH, ["cabozantinib", "nivolumab", "ramucirumab"])],
)
def test_documented_intolerance_gives_nivolumab_and_cabozantinib(
    afp: AfpState, options: list[str]
) -> None:
    decision = _on(INTOLERANT, afp=afp)
    assert decision.patient_class.value == "intolerant"
    assert _names(decision) == options


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("progression", "exposure", "patient_class"),
    [
        (MET, MET, "conflicting"),
        (MET, NOT_MET, "intolerant"),
        (MET, UNKNOWN, "intolerant"),
        (UNKNOWN, MET, "intolerant"),
        (UNKNOWN, UNKNOWN, "intolerant"),
    ],
)
def test_conflict_needs_progression_exposure_and_intolerance(
    progression: Answer, exposure: Answer, patient_class: str
) -> None:
    decision = _on(INTOLERANT, progression=progression, exposure=exposure)
    assert decision.patient_class.value == patient_class


@pytest.mark.rule("A5")
def test_conflict_offers_the_union_of_both_branches() -> None:
    assert _names(_on(CONFLICT, afp=HIGH)) == [
        "cabozantinib",
        "nivolumab",
        "ramucirumab",
        "regorafenib",
    ]


@pytest.mark.rule("S7", "A2", "A3", "A4", "A30")
@pytest.mark.parametrize("exposure", [NOT_MET, UNKNOWN])
def test_progression_without_shown_tolerance_withholds_regorafenib_and_asks(
    exposure: Answer,
) -> None:
    decision = _on(NOT_SHOWN, exposure=exposure, afp=HIGH)
    assert decision.patient_class.value == "undetermined"
    assert _names(decision) == ["ramucirumab"]
    assert _withheld(decision) == {
        "cabozantinib": ("sorafenib-intolerance", UNKNOWN),
        "nivolumab": ("sorafenib-intolerance", UNKNOWN),
        "regorafenib": ("tolerated-sorafenib", exposure),
    }
    assert ("cabozantinib", "label") in [(one.therapy, one.basis) for one in decision.beside]
    assert "sorafenib-intolerance" in _asked(decision)
    assert ("sorafenib-exposure" in _asked(decision)) is (exposure is UNKNOWN)


@pytest.mark.rule("S1", "A1", "A2")
def test_running_sorafenib_without_progression_has_no_options() -> None:
    decision = _on(_WELL, sorafenib=SorafenibCourse.RUNNING)
    assert (decision.patient_class.value, decision.line.value) == ("not-applicable", "second")
    assert (decision.offers, decision.withheld, decision.beside) == ((), (), ())


@pytest.mark.rule("A32")
def test_intolerance_while_sorafenib_goes_on_does_not_count() -> None:
    running = SorafenibCourse.RUNNING
    assert _on(INTOLERANT, sorafenib=running).patient_class.value == "not-applicable"
    assert _on(CONFLICT, sorafenib=running).patient_class.value == "tolerant"


@pytest.mark.rule("S9", "A2", "A37")
def test_an_unexplained_end_asks_both_questions_and_offers_nothing() -> None:
    decision = _on(_WELL, exposure=MET)
    assert decision.patient_class.value == "undetermined"
    assert decision.offers == ()
    assert {"progression", "sorafenib-intolerance"} <= _asked(decision)
    assert set(_withheld(decision).values()) == {("sorafenib-failure", UNKNOWN)}


@pytest.mark.rule("S6", "S8", "A19", "A21")
@pytest.mark.parametrize("afp", list(AfpState))
@pytest.mark.parametrize("exposure", list(Answer))
def test_the_third_line_is_cabozantinib_whatever_exposure_or_afp(
    afp: AfpState, exposure: Answer
) -> None:
    decision = _on(THIRD, afp=afp, exposure=exposure)
    assert decision.line.value == "third"
    assert _names(decision) == ["cabozantinib"]
    assert _withheld(decision)["ramucirumab"] == ("second-line-only", NOT_MET)
    assert decision.beside == ()


@pytest.mark.rule("A19")
def test_cabozantinib_already_given_is_not_offered_again() -> None:
    decision = _on(THIRD, given=frozenset({"sorafenib", "cabozantinib"}))
    assert decision.offers == ()
    assert _withheld(decision)["cabozantinib"] == ("not-already-given", NOT_MET)


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("last", "asked"), [(LastLine.OTHER_RUNNING, set()), (LastLine.OTHER_ENDED, {"progression"})]
)
def test_a_later_drug_without_documented_failure_stops_the_pathway(
    last: LastLine, asked: set[str]
) -> None:
    decision = _on(THIRD, last_line=last)
    assert decision.patient_class.value == "not-applicable"
    assert decision.offers == ()
    assert _asked(decision) == asked


@pytest.mark.rule("A19", "A20")
def test_after_three_lines_the_pathway_has_nothing() -> None:
    decision = _on(THIRD, lines_started=3)
    assert (decision.line.value, decision.patient_class.value) == ("beyond-third", "tolerant")
    assert set(_withheld(decision).values()) == {("line", NOT_MET)}


@pytest.mark.rule("A16", "A18", "A35")
@pytest.mark.parametrize("base", [TOLERANT, INTOLERANT, CONFLICT, NOT_SHOWN, THIRD])
@pytest.mark.parametrize(
    ("field", "state", "stop"),
    [
        ("child_pugh", ChildPughState.C, ("child-pugh", NOT_MET)),
        ("ecog", EcogState.POOR, ("ecog", NOT_MET)),
        ("diagnosis", DiagnosisState.UNSPECIFIED, ("diagnosis", UNKNOWN)),
    ],
)
def test_a_barrier_withholds_every_drug_that_would_be_offered(
    base: Findings, field: str, state: object, stop: tuple[str, Answer]
) -> None:
    free = _on(base, afp=HIGH)
    barred = _on(base, afp=HIGH, **{field: state})
    assert (barred.offers, barred.beside) == ((), ())
    assert {name for name, found in _withheld(barred).items() if found == stop} == set(
        _names(free)
    )
    assert barred.patient_class is free.patient_class


@pytest.mark.rule("A15", "A17", "A18", "A23", "A27", "A31")
@pytest.mark.parametrize("base", [TOLERANT, INTOLERANT, CONFLICT, NOT_SHOWN, THIRD])
@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"child_pugh": ChildPughState.B}, {"outside-trial-population"}),
        (
            {"child_pugh": ChildPughState.AT_LEAST_B},
            {"outside-trial-population", "liver-function-unconfirmed"},
        ),
        ({"child_pugh": ChildPughState.UNKNOWN}, {"liver-function-unconfirmed"}),
        ({"liver_aged": True}, {"stale-liver-function"}),
        ({"ecog": EcogState.TWO}, {"outside-trial-population"}),
        ({"ecog": EcogState.UNKNOWN}, {"performance-status-unconfirmed"}),
        ({"ecog_aged": True}, {"stale-performance-status"}),
        ({"progression_old": True}, {"progression-old"}),
        ({"last_dose_long_before_progression": True}, {"last-dose-long-before-progression"}),
        ({"history": HistoryState.UNCONFIRMED}, {"prior-lines-unconfirmed"}),
        ({"immunotherapy_given": True}, {"prior-immunotherapy"}),
    ],
)
def test_what_is_uncertain_flags_every_option_and_removes_none(
    base: Findings, changes: dict[str, object], flags: set[str]
) -> None:
    free, flagged = _on(base, afp=HIGH), _on(base, afp=HIGH, **changes)
    assert _names(flagged) == _names(free)
    assert all(flags == set(offer.flags) for offer in flagged.offers)


@pytest.mark.rule("A6", "A10", "A26", "A30")
@pytest.mark.parametrize(
    ("changes", "flag", "therapy"),
    [
        ({"afp_aged": True}, "stale-afp", "ramucirumab"),
        ({"based_on_prescriptions": True}, "based-on-prescriptions", "regorafenib"),
        ({"windows_disagree": True}, "exposure-windows-disagree", "regorafenib"),
        ({"liver_transplant": True}, "transplant-rejection-risk", "nivolumab"),
        ({"withdrawn": frozenset({"nivolumab"})}, "indication-withdrawn", "nivolumab"),
    ],
)
def test_a_flag_of_one_drug_stands_on_that_drug_alone(
    changes: dict[str, object], flag: str, therapy: str
) -> None:
    decision = _on(CONFLICT, afp=HIGH, **changes)
    assert [offer.therapy for offer in decision.offers if flag in offer.flags] == [therapy]


@pytest.mark.rule("S10", "A13", "A30")
def test_tolerated_second_line_names_cabozantinib_by_label_and_the_guideline() -> None:
    assert [(one.therapy, one.basis) for one in decide(TOLERANT).beside] == [
        ("atezolizumab-bevacizumab", "guideline"),
        ("cabozantinib", "label"),
        ("durvalumab", "guideline"),
        ("durvalumab-tremelimumab", "guideline"),
        ("nivolumab-ipilimumab", "guideline"),
        ("pembrolizumab", "guideline"),
    ]


@pytest.mark.rule("S17", "A15", "A30")
@pytest.mark.parametrize(
    ("base", "state", "named"),
    [
        (TOLERANT, ChildPughState.A, False),
        (TOLERANT, ChildPughState.B, True),
        (TOLERANT, ChildPughState.AT_LEAST_B, True),
        (TOLERANT, ChildPughState.UNKNOWN, False),
        (INTOLERANT, ChildPughState.B, False),
        (CONFLICT, ChildPughState.B, False),
    ],
)
def test_nivolumab_is_named_by_evidence_only_in_tolerant_child_pugh_b(
    base: Findings, state: ChildPughState, *, named: bool
) -> None:
    beside = [(one.therapy, one.basis) for one in _on(base, child_pugh=state).beside]
    assert (("nivolumab", "evidence") in beside) is named


@pytest.mark.rule("A22", "A23")
@pytest.mark.parametrize(
    ("given", "first"),
    [
        ({"lenvatinib"}, "atezolizumab-bevacizumab"),
        ({"atezolizumab", "bevacizumab"}, "cabozantinib"),
        ({"durvalumab", "tremelimumab"}, "atezolizumab-bevacizumab"),
        ({"tislelizumab"}, None),
    ],
)
def test_without_sorafenib_only_the_guideline_speaks(given: set[str], first: str | None) -> None:
    decision = _on(
        _WELL,
        sorafenib=SorafenibCourse.NEVER,
        last_line=LastLine.OTHER_RUNNING,
        given=frozenset(given),
    )
    assert (decision.patient_class.value, decision.line.value) == ("not-applicable", "second")
    assert (decision.offers, decision.withheld) == ((), ())
    assert next((one.therapy for one in decision.beside), None) == first
    assert all(one.basis == "guideline" for one in decision.beside)


@pytest.mark.rule("A24", "A33")
@pytest.mark.parametrize(
    ("course", "criterion"),
    [
        (SorafenibCourse.COMBINED, "sorafenib-alone"),
        (SorafenibCourse.ALLERGY_ONLY, "sorafenib-exposure"),
    ],
)
def test_sorafenib_that_cannot_be_judged_leaves_class_and_line_undetermined(
    course: SorafenibCourse, criterion: str
) -> None:
    decision = _on(TOLERANT, sorafenib=course)
    assert (decision.patient_class.value, decision.line.value) == ("undetermined",) * 2
    assert set(_withheld(decision).values()) == {(criterion, UNKNOWN)}
    assert "sorafenib-exposure" in _asked(decision)


@pytest.mark.rule("A35", "A36")
@pytest.mark.parametrize(
    "changes",
    [
        {"person": PersonState.UNDER_AGE},
        {"person": PersonState.DECEASED},
        {"diagnosis": DiagnosisState.NONE},
        {"diagnosis": DiagnosisState.EXCLUDED},
    ],
)
def test_who_the_pathway_is_not_for_gets_no_drug_and_no_question(
    changes: dict[str, object],
) -> None:
    decision = _on(CONFLICT, afp=HIGH, **changes)
    assert decision.patient_class.value == "not-applicable"
    assert (decision.offers, decision.beside, decision.withheld, decision.questions) == ((),) * 4


@pytest.mark.rule("A19", "A20")
def test_a_cut_medication_list_leaves_the_line_open() -> None:
    decision = _on(TOLERANT, history=HistoryState.TRUNCATED, afp=HIGH)
    assert (decision.patient_class.value, decision.line.value) == ("tolerant", "undetermined")
    assert set(_withheld(decision).values()) == {("prior-lines", UNKNOWN)}
    assert "prior-lines" in _asked(decision)


@pytest.mark.rule("A22")
def test_a_cut_medication_list_proves_no_never() -> None:
    cut = _on(_WELL, sorafenib=SorafenibCourse.NEVER, history=HistoryState.TRUNCATED)
    assert cut.patient_class.value == "undetermined"


@pytest.mark.rule("A10", "A17", "A18", "A27", "A31")
@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"afp": AfpState.UNKNOWN}, "alpha-fetoprotein"),
        ({"afp_aged": True}, "alpha-fetoprotein"),
        ({"child_pugh": ChildPughState.UNKNOWN}, "child-pugh"),
        ({"child_pugh": ChildPughState.AT_LEAST_B}, "child-pugh"),
        ({"liver_aged": True}, "child-pugh"),
        ({"ecog": EcogState.UNKNOWN}, "ecog"),
        ({"ecog_aged": True}, "ecog"),
        ({"progression_old": True}, "progression"),
        ({"history": HistoryState.UNCONFIRMED}, "prior-lines"),
        ({"diagnosis": DiagnosisState.UNSPECIFIED}, "diagnosis"),
    ],
)
def test_what_is_unknown_or_old_is_asked_for(changes: dict[str, object], asked: str) -> None:
    assert asked not in _asked(decide(TOLERANT))
    assert asked in _asked(_on(TOLERANT, **changes))
