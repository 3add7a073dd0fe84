"""What would change where AFP is asked again, or where one question stands before all others."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import PatientCase
from hcc_pathway.decision.counterfactuals import what_would_change
from hcc_pathway.drug_record import IntoleranceRecord
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    EcogState,
    Findings,
    LastLine,
    SorafenibCourse,
)
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy

from .cases_for_tests import TODAY, days_ago, exactly, knowledge, reading, running, tolerant

ALLERGY = IntoleranceRecord(
    is_allergy=True, day=exactly(days_ago(50)), as_received="rash", source="AllergyIntolerance/1"
)
_ALLERGY_ONLY = Findings(
    sorafenib=SorafenibCourse.ALLERGY_ONLY,
    lines_started=0,
    last_line=LastLine.NONE,
    given=frozenset(),
    afp=AfpState.BELOW,
    child_pugh=ChildPughState.A,
    ecog=EcogState.GOOD,
)


def _answer(case: PatientCase, *, inclusive: bool = True) -> Recommendation:
    return select(case, knowledge(), on=TODAY, site=SitePolicy(afp_inclusive=inclusive))


def _changes(findings: Findings, **changes: object) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (" + ".join(change.input for change in effect.changes), effect.appear + effect.disappear)
        for effect in what_would_change(msgspec.structs.replace(findings, **changes))
    ]


@pytest.mark.rule("A10")
@pytest.mark.parametrize(
    ("value", "inclusive", "repeated"),
    [
        ("5000", True, "a repeated AFP is below 400 ng/mL"),
        ("5000", False, "a repeated AFP is not above 400 ng/mL"),
        ("12", True, "a repeated AFP is at or above 400 ng/mL"),
        ("12", False, "a repeated AFP is above 400 ng/mL"),
    ],
)
def test_afp_of_31_to_90_days_names_what_a_repeat_on_the_other_side_would_change(
    value: str, repeated: str, *, inclusive: bool
) -> None:
    answer = _answer(tolerant(afp=(reading(value, age=60),)), inclusive=inclusive)
    (change,) = answer.what_would_change
    assert change.condition.startswith(repeated)
    assert change.then == ("ramucirumab",)


@pytest.mark.rule("A10")
def test_a_current_afp_far_from_the_threshold_names_no_repeat() -> None:
    assert _answer(tolerant(afp=(reading("5000", age=30),))).what_would_change == ()


@pytest.mark.rule("A33")
def test_an_allergy_alone_shows_every_branch_that_an_end_of_sorafenib_would_open() -> None:
    assert _changes(_ALLERGY_ONLY) == [
        ("sorafenib-taken + sorafenib-intolerance", ("cabozantinib", "nivolumab")),
        ("sorafenib-taken + progression + sorafenib-exposure", ("regorafenib",)),
    ]
    assert _changes(_ALLERGY_ONLY, afp=AfpState.UNKNOWN) == [
        ("sorafenib-taken + sorafenib-intolerance", ("cabozantinib", "nivolumab")),
        ("sorafenib-taken + progression + sorafenib-exposure", ("regorafenib",)),
        ("sorafenib-taken + progression + alpha-fetoprotein", ("ramucirumab",)),
    ]


@pytest.mark.rule("A33")
def test_the_branches_of_an_allergy_alone_are_those_of_sorafenib_as_the_only_line() -> None:
    first = what_would_change(_ALLERGY_ONLY)[0].changes[0]

    assert msgspec.structs.replace(_ALLERGY_ONLY, **dict(first.sets)) == msgspec.structs.replace(
        _ALLERGY_ONLY,
        sorafenib=SorafenibCourse.ENDED,
        lines_started=1,
        last_line=LastLine.SORAFENIB,
        given=frozenset({"sorafenib"}),
    )


@pytest.mark.rule("A33")
def test_an_allergy_beside_another_line_opens_nothing_that_can_be_computed() -> None:
    answer = _answer(tolerant(drugs=(running("lenvatinib"),), intolerances=(ALLERGY,)))
    assert answer.what_would_change == ()


@pytest.mark.rule("A33")
def test_the_branches_of_an_allergy_alone_are_worded() -> None:
    answer = _answer(tolerant(drugs=(), progressions=(), intolerances=(ALLERGY,)))
    first = answer.what_would_change[0]
    assert first.condition.startswith("sorafenib was taken and has ended and ")


@pytest.mark.rule("A24")
def test_a_combination_with_nothing_documented_shows_the_branches_of_an_unexplained_end() -> None:
    combined = msgspec.structs.replace(
        _ALLERGY_ONLY,
        sorafenib=SorafenibCourse.COMBINED,
        lines_started=1,
        last_line=LastLine.SORAFENIB,
        given=frozenset({"sorafenib", "nivolumab"}),
    )
    assert _changes(combined) == [
        ("sorafenib-alone + sorafenib-intolerance", ("cabozantinib",)),
        ("sorafenib-alone + progression + sorafenib-exposure", ("regorafenib",)),
    ]
    assert _changes(combined, progression=Answer.MET, exposure=Answer.MET) == [
        ("sorafenib-alone", ("regorafenib",))
    ]
