"""Properties of the decision over its whole discrete space, drawn without randomness."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcc_pathway.answer import Answer
from hcc_pathway.decision.counterfactuals import what_would_change
from hcc_pathway.decision.pathway import decide
from hcc_pathway.findings.findings import (
    PATHWAY_DRUGS,
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

_DRUGS = ("sorafenib", "lenvatinib", "atezolizumab", "bevacizumab", *PATHWAY_DRUGS)
FINDINGS = st.builds(
    Findings,
    person=st.sampled_from(PersonState),
    diagnosis=st.sampled_from(DiagnosisState),
    sorafenib=st.sampled_from(SorafenibCourse),
    progression=st.sampled_from(Answer),
    intolerance=st.sampled_from(Answer),
    exposure=st.sampled_from(Answer),
    lines_started=st.integers(0, 3),
    last_line=st.sampled_from(LastLine),
    history=st.sampled_from(HistoryState),
    given=st.frozensets(st.sampled_from(_DRUGS)),
    immunotherapy_given=st.booleans(),
    afp=st.sampled_from(AfpState),
    afp_aged=st.booleans(),
    child_pugh=st.sampled_from(ChildPughState),
    liver_aged=st.booleans(),
    ecog=st.sampled_from(EcogState),
    ecog_aged=st.booleans(),
    liver_transplant=st.booleans(),
    progression_old=st.booleans(),
)
_UNKNOWNS = {
    "progression": ("progression", Answer.UNKNOWN),
    "sorafenib-intolerance": ("intolerance", Answer.UNKNOWN),
    "sorafenib-exposure": ("exposure", Answer.UNKNOWN),
    "alpha-fetoprotein": ("afp", AfpState.UNKNOWN),
    "child-pugh": ("child_pugh", ChildPughState.UNKNOWN),
    "ecog": ("ecog", EcogState.UNKNOWN),
    "diagnosis": ("diagnosis", DiagnosisState.UNSPECIFIED),
}


@given(FINDINGS)
def test_the_decision_is_total_alphabetical_and_offers_nothing_given(findings: Findings) -> None:
    decision = decide(findings)
    names = [offer.therapy for offer in decision.offers]
    assert names == sorted(set(names))
    assert not set(names) & findings.given
    assert all(offer.grounds for offer in decision.offers)
    assert not {one.therapy for one in decision.beside} & findings.given


@given(FINDINGS)
def test_each_pathway_drug_is_offered_or_withheld_exactly_once_where_the_class_applies(
    findings: Findings,
) -> None:
    decision = decide(findings)
    named = sorted(
        [offer.therapy for offer in decision.offers] + [one.therapy for one in decision.withheld]
    )
    applies = decision.patient_class.value != "not-applicable"
    assert named == (list(PATHWAY_DRUGS) if applies else [])


@pytest.mark.rule("A2")
@given(FINDINGS, st.sampled_from(sorted(_UNKNOWNS)))
def test_an_input_set_to_unknown_adds_no_option_unless_it_is_asked_for(
    findings: Findings, name: str
) -> None:
    field, unknown = _UNKNOWNS[name]
    after = decide(msgspec.structs.replace(findings, **{field: unknown}))
    added = after.therapies - decide(findings).therapies
    assert not added or name in {question.input for question in after.questions}


@given(FINDINGS)
def test_what_would_change_names_only_real_changes(findings: Findings) -> None:
    for effect in what_would_change(findings):
        sets = {name: value for change in effect.changes for name, value in change.sets}
        after = decide(msgspec.structs.replace(findings, **sets)).therapies
        before = decide(findings).therapies
        assert sorted(after - before) == list(effect.appear)
        assert sorted(before - after) == list(effect.disappear)
