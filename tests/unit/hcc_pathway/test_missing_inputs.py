"""What is asked for in each situation, with exactly the therapies that hang on the answer."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
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
    SorafenibCourse,
)

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
_WELL = Findings(child_pugh=ChildPughState.A, ecog=EcogState.GOOD, afp=AfpState.BELOW)
TOLERANT = msgspec.structs.replace(_WELL, progression=MET, exposure=MET)
INTOLERANT = msgspec.structs.replace(_WELL, intolerance=MET)
NOT_SHOWN = msgspec.structs.replace(_WELL, progression=MET, exposure=NOT_MET)
THIRD = msgspec.structs.replace(
    TOLERANT,
    lines_started=2,
    last_line=LastLine.OTHER_FAILED,
    given=frozenset({"sorafenib", "regorafenib"}),
)
# Sorafenib after another drug, and ended for a reason nobody wrote down.
SORAFENIB_SECOND = msgspec.structs.replace(
    _WELL, lines_started=2, given=frozenset({"lenvatinib", "sorafenib"})
)
CABOZANTINIB_GIVEN = frozenset({"cabozantinib", "sorafenib"})


def _asked(findings: Findings, **changes: object) -> dict[str, tuple[str, ...]]:
    decision = decide(msgspec.structs.replace(findings, **changes))
    return {question.input: question.would_decide for question in decision.questions}


@pytest.mark.rule("A10", "A17", "A18", "A27", "A31")
@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, {}),
        ({"afp": AfpState.UNKNOWN}, {"alpha-fetoprotein": ("ramucirumab",)}),
        ({"child_pugh": ChildPughState.UNKNOWN}, {"child-pugh": ("cabozantinib", "nivolumab")}),
        ({"ecog": EcogState.UNKNOWN}, {"ecog": ("cabozantinib", "nivolumab")}),
        ({"progression_old": True}, {"progression": ("cabozantinib", "nivolumab")}),
        (
            {"history": HistoryState.UNCONFIRMED},
            {"prior-lines": ("cabozantinib", "nivolumab")},
        ),
        ({"history": HistoryState.TRUNCATED}, {"prior-lines": PATHWAY_DRUGS}),
        (
            {"diagnosis": DiagnosisState.UNSPECIFIED},
            {"diagnosis": ("cabozantinib", "nivolumab")},
        ),
    ],
)
def test_each_question_names_the_therapies_that_hang_on_it(
    changes: dict[str, object], asked: dict[str, tuple[str, ...]]
) -> None:
    assert _asked(INTOLERANT, **changes) == asked


@pytest.mark.rule("A16", "A18", "A35")
@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"diagnosis": DiagnosisState.UNSPECIFIED, "ecog": EcogState.UNKNOWN}, {"diagnosis"}),
        ({"child_pugh": ChildPughState.C, "ecog": EcogState.UNKNOWN}, set()),
        ({"ecog": EcogState.POOR, "child_pugh": ChildPughState.UNKNOWN}, set()),
    ],
)
def test_where_one_barrier_stops_every_drug_no_other_condition_is_asked_for(
    changes: dict[str, object], asked: set[str]
) -> None:
    assert set(_asked(TOLERANT, **changes)) == asked


@pytest.mark.rule("A4", "A17", "A18")
def test_where_no_drug_passes_its_own_criterion_the_condition_is_not_asked_for() -> None:
    asked = _asked(NOT_SHOWN, child_pugh=ChildPughState.UNKNOWN, ecog=EcogState.UNKNOWN)

    assert asked == {"sorafenib-intolerance": ("cabozantinib", "nivolumab")}


@pytest.mark.rule("A10", "A19", "A21")
@pytest.mark.parametrize("state", [{"afp": AfpState.UNKNOWN}, {"afp_aged": True}])
def test_in_the_third_line_afp_decides_nothing_and_is_not_asked_for(
    state: dict[str, object],
) -> None:
    assert _asked(THIRD, **state) == {}


@pytest.mark.rule("A2", "A4")
@pytest.mark.parametrize(
    ("exposure", "asked"),
    [
        (NOT_MET, {"sorafenib-intolerance": ("cabozantinib", "nivolumab")}),
        (
            UNKNOWN,
            {
                "sorafenib-exposure": ("regorafenib",),
                "sorafenib-intolerance": ("cabozantinib", "nivolumab"),
            },
        ),
    ],
)
def test_progression_without_shown_tolerance_asks_how_sorafenib_was_tolerated(
    exposure: Answer, asked: dict[str, tuple[str, ...]]
) -> None:
    assert _asked(NOT_SHOWN, exposure=exposure) == asked
    # in a later line the answer decides nothing
    assert _asked(THIRD, exposure=exposure) == {}


@pytest.mark.rule("A37")
@pytest.mark.parametrize(
    ("afp", "with_ramucirumab"),
    [
        (AfpState.AT_LEAST, ("ramucirumab",)),
        (AfpState.UNKNOWN, ("ramucirumab",)),
        (AfpState.BELOW, ()),
    ],
)
def test_an_unexplained_end_asks_what_each_branch_would_open(
    afp: AfpState, with_ramucirumab: tuple[str, ...]
) -> None:
    assert _asked(_WELL, afp=afp) == {
        "progression": (*with_ramucirumab, "regorafenib"),
        "sorafenib-intolerance": ("cabozantinib", "nivolumab", *with_ramucirumab),
    }


@pytest.mark.rule("A19", "A37")
@pytest.mark.parametrize(
    ("given", "therapies"),
    [
        (frozenset({"lenvatinib", "sorafenib"}), ("cabozantinib",)),
        (CABOZANTINIB_GIVEN, ()),
    ],
)
def test_an_unexplained_end_of_sorafenib_as_second_drug_decides_on_cabozantinib(
    given: frozenset[str], therapies: tuple[str, ...]
) -> None:
    assert _asked(SORAFENIB_SECOND, given=given) == {
        "progression": therapies,
        "sorafenib-intolerance": therapies,
    }


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("given", "therapies"),
    [
        (frozenset({"regorafenib", "sorafenib"}), ("cabozantinib",)),
        (CABOZANTINIB_GIVEN, ()),
    ],
)
def test_an_unexplained_end_of_a_later_drug_decides_on_cabozantinib(
    given: frozenset[str], therapies: tuple[str, ...]
) -> None:
    asked = _asked(THIRD, last_line=LastLine.OTHER_ENDED, given=given)

    assert asked == {"progression": therapies}


@pytest.mark.rule("A24", "A33")
@pytest.mark.parametrize("course", [SorafenibCourse.COMBINED, SorafenibCourse.ALLERGY_ONLY])
def test_sorafenib_that_cannot_be_judged_leaves_every_drug_open(course: SorafenibCourse) -> None:
    assert _asked(TOLERANT, sorafenib=course) == {"sorafenib-exposure": PATHWAY_DRUGS}
