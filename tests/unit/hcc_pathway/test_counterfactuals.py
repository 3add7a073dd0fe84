"""What would change: the smallest sets of unknown or near inputs that change the options."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.decision.counterfactuals import what_would_change
from hcc_pathway.decision.pathway import decide
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    DiagnosisState,
    EcogState,
    Findings,
    HistoryState,
    LastLine,
    SorafenibCourse,
)

MET, NOT_MET = Answer.MET, Answer.NOT_MET
_KNOWN = Findings(child_pugh=ChildPughState.A, ecog=EcogState.GOOD, afp=AfpState.BELOW)
_TOLERANT = msgspec.structs.replace(_KNOWN, progression=MET, exposure=MET)


def _changes(findings: Findings, **changes: object) -> list[tuple[str, tuple[str, ...]]]:
    effects = what_would_change(msgspec.structs.replace(findings, **changes))
    return [
        (
            " + ".join(f"{change.input}:{change.state}" for change in effect.changes),
            tuple(sorted(effect.appear + effect.disappear)),
        )
        for effect in effects
    ]


def test_a_patient_whose_inputs_are_known_and_far_from_borders_has_no_change() -> None:
    assert _changes(_TOLERANT) == []


@pytest.mark.rule("A10")
def test_unknown_afp_names_only_the_side_that_changes_the_options() -> None:
    assert _changes(_TOLERANT, afp=AfpState.UNKNOWN) == [
        ("alpha-fetoprotein:at-least-400", ("ramucirumab",))
    ]


@pytest.mark.rule("A16", "A17", "A18")
def test_unknown_liver_function_and_performance_status_name_what_would_take_all_away() -> None:
    unknown = {"child_pugh": ChildPughState.UNKNOWN, "ecog": EcogState.UNKNOWN}
    assert _changes(_TOLERANT, **unknown) == [
        ("child-pugh:c", ("regorafenib",)),
        ("ecog:3-4", ("regorafenib",)),
    ]


@pytest.mark.rule("A37")
def test_an_unexplained_end_shows_every_branch() -> None:
    assert _changes(_KNOWN, afp=AfpState.UNKNOWN) == [
        ("sorafenib-intolerance:met", ("cabozantinib", "nivolumab")),
        ("progression:met + sorafenib-exposure:met", ("regorafenib",)),
        ("progression:met + alpha-fetoprotein:at-least-400", ("ramucirumab",)),
    ]


@pytest.mark.rule("A4")
def test_exposure_near_the_minimum_names_the_other_side() -> None:
    near = frozenset({("sorafenib-exposure", "not-met")})
    assert _changes(_TOLERANT, near=near) == [("sorafenib-exposure:not-met", ("regorafenib",))]


@pytest.mark.rule("A35")
def test_an_unspecified_diagnosis_names_what_hcc_would_give() -> None:
    assert _changes(_TOLERANT, diagnosis=DiagnosisState.UNSPECIFIED) == [
        ("diagnosis:hcc", ("regorafenib",))
    ]


@pytest.mark.rule("A35", "A37")
def test_three_inputs_together_are_named_only_where_nothing_smaller_changes_anything() -> None:
    found = _changes(
        _KNOWN, diagnosis=DiagnosisState.UNSPECIFIED, last_line=LastLine.SORAFENIB, intolerance=MET
    )
    assert found == [("diagnosis:hcc", ("cabozantinib", "nivolumab"))]
    hidden = _changes(
        _KNOWN,
        diagnosis=DiagnosisState.UNSPECIFIED,
        history=HistoryState.TRUNCATED,
    )
    assert hidden == [
        (
            "sorafenib-intolerance:met + diagnosis:hcc + prior-lines:complete",
            ("cabozantinib", "nivolumab"),
        ),
    ]


@pytest.mark.rule("A1")
def test_running_sorafenib_shows_what_its_failure_would_open() -> None:
    assert _changes(_KNOWN, sorafenib=SorafenibCourse.RUNNING, exposure=MET) == [
        ("progression:met", ("regorafenib",)),
        ("sorafenib-intolerance:met", ("cabozantinib", "nivolumab")),
    ]


@pytest.mark.rule("A19")
def test_a_running_later_drug_shows_what_its_failure_would_open() -> None:
    assert _changes(_TOLERANT, lines_started=2, last_line=LastLine.OTHER_RUNNING) == [
        ("last-line:failed", ("cabozantinib",))
    ]


@pytest.mark.rule("A24")
def test_a_combination_shows_what_sorafenib_alone_would_give() -> None:
    assert _changes(_TOLERANT, sorafenib=SorafenibCourse.COMBINED) == [
        ("sorafenib-alone:met", ("regorafenib",))
    ]


def test_no_listed_set_holds_a_smaller_one_and_each_changes_the_options() -> None:
    for progression in Answer:
        for exposure in Answer:
            findings = msgspec.structs.replace(
                _KNOWN,
                progression=progression,
                exposure=exposure,
                afp=AfpState.UNKNOWN,
                child_pugh=ChildPughState.UNKNOWN,
            )
            effects = what_would_change(findings)
            sets = [frozenset(effect.changes) for effect in effects]
            assert effects
            assert not any(one < other for one in sets for other in sets)
            for effect in effects:
                after = {k: v for change in effect.changes for k, v in change.sets}
                changed = decide(msgspec.structs.replace(findings, **after)).therapies
                assert changed - decide(findings).therapies == set(effect.appear)
                assert decide(findings).therapies - changed == set(effect.disappear)


@pytest.mark.rule("A35", "A37")
def test_where_two_inputs_together_change_the_options_no_three_are_named() -> None:
    found = _changes(
        _KNOWN,
        sorafenib=SorafenibCourse.RUNNING,
        diagnosis=DiagnosisState.UNSPECIFIED,
        afp=AfpState.UNKNOWN,
    )
    assert found == [("sorafenib-intolerance:met + diagnosis:hcc", ("cabozantinib", "nivolumab"))]


@pytest.mark.rule("A24")
def test_a_combination_shows_every_branch_behind_sorafenib_alone() -> None:
    combined = {"sorafenib": SorafenibCourse.COMBINED, "afp": AfpState.AT_LEAST}
    assert _changes(_KNOWN, **combined) == [
        ("sorafenib-alone:met + progression:met", ("ramucirumab",)),
        (
            "sorafenib-alone:met + sorafenib-intolerance:met",
            ("cabozantinib", "nivolumab", "ramucirumab"),
        ),
    ]
    assert _changes(_KNOWN, **combined, progression=MET) == [
        ("sorafenib-alone:met", ("ramucirumab",)),
        (
            "sorafenib-alone:met + sorafenib-intolerance:met",
            ("cabozantinib", "nivolumab", "ramucirumab"),
        ),
        ("sorafenib-alone:met + sorafenib-exposure:met", ("ramucirumab", "regorafenib")),
    ]
