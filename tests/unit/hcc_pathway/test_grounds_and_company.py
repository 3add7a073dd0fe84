"""Each drug in each situation: what it stands on, what stops it, and what stands beside it."""

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Decision, Ground
from hcc_pathway.decision.pathway import decide
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    EcogState,
    Findings,
    LastLine,
    SorafenibCourse,
)

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
_WELL = Findings(child_pugh=ChildPughState.A, ecog=EcogState.GOOD, afp=AfpState.BELOW)
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
TOLERATED = (Ground.PROGRESSION, Ground.EXPOSURE)
NOT_TOLERATED = (Ground.INTOLERANCE,)


def _on(findings: Findings, **changes: object) -> Decision:
    return decide(msgspec.structs.replace(findings, **changes))


def _withheld(decision: Decision) -> dict[str, tuple[str, Answer]]:
    return {item.therapy: (item.criterion, item.answer) for item in decision.withheld}


def _beside(decision: Decision) -> dict[str, tuple[str, str]]:
    return {item.therapy: (item.basis, item.text) for item in decision.beside}


@pytest.mark.rule("S3", "S5", "S6", "S7", "S8", "A5", "A19")
@pytest.mark.parametrize(
    ("findings", "grounds"),
    [
        (
            TOLERANT,
            {"regorafenib": TOLERATED, "ramucirumab": (Ground.PROGRESSION, Ground.AFP)},
        ),
        (
            INTOLERANT,
            {
                "cabozantinib": NOT_TOLERATED,
                "nivolumab": NOT_TOLERATED,
                "ramucirumab": (Ground.INTOLERANCE, Ground.AFP),
            },
        ),
        (
            CONFLICT,
            {
                "cabozantinib": NOT_TOLERATED,
                "nivolumab": NOT_TOLERATED,
                "ramucirumab": (Ground.PROGRESSION, Ground.INTOLERANCE, Ground.AFP),
                "regorafenib": TOLERATED,
            },
        ),
        (NOT_SHOWN, {"ramucirumab": (Ground.PROGRESSION, Ground.AFP)}),
        (THIRD, {"cabozantinib": (Ground.LAST_LINE_FAILED,)}),
    ],
)
def test_each_option_stands_on_the_facts_of_its_branch(
    findings: Findings, grounds: dict[str, tuple[Ground, ...]]
) -> None:
    decision = _on(findings, afp=AfpState.AT_LEAST)

    assert {offer.therapy: offer.grounds for offer in decision.offers} == grounds


@pytest.mark.rule("S3", "S5", "S6", "A3", "A4", "A10", "A13", "A30")
@pytest.mark.parametrize(
    ("findings", "withheld"),
    [
        (
            TOLERANT,
            {
                "cabozantinib": ("sorafenib-intolerance", NOT_MET),
                "nivolumab": ("sorafenib-intolerance", NOT_MET),
                "ramucirumab": ("afp-at-least-400", NOT_MET),
            },
        ),
        (
            msgspec.structs.replace(TOLERANT, afp=AfpState.UNKNOWN),
            {
                "cabozantinib": ("sorafenib-intolerance", NOT_MET),
                "nivolumab": ("sorafenib-intolerance", NOT_MET),
                "ramucirumab": ("afp-at-least-400", UNKNOWN),
            },
        ),
        (
            INTOLERANT,
            {
                "ramucirumab": ("afp-at-least-400", NOT_MET),
                "regorafenib": ("progression", UNKNOWN),
            },
        ),
        (
            msgspec.structs.replace(INTOLERANT, progression=NOT_MET),
            {
                "ramucirumab": ("afp-at-least-400", NOT_MET),
                "regorafenib": ("progression", NOT_MET),
            },
        ),
        (
            msgspec.structs.replace(INTOLERANT, progression=MET, exposure=NOT_MET),
            {
                "ramucirumab": ("afp-at-least-400", NOT_MET),
                "regorafenib": ("tolerated-sorafenib", NOT_MET),
            },
        ),
    ],
)
def test_each_other_drug_is_withheld_by_its_own_criterion(
    findings: Findings, withheld: dict[str, tuple[str, Answer]]
) -> None:
    assert _withheld(decide(findings)) == withheld


@pytest.mark.rule("A19")
@pytest.mark.parametrize("therapy", ["cabozantinib", "nivolumab", "ramucirumab", "regorafenib"])
def test_a_drug_given_before_the_second_line_is_not_offered_again(therapy: str) -> None:
    given = frozenset({"sorafenib", therapy})
    decision = _on(CONFLICT, afp=AfpState.AT_LEAST, given=given)

    assert _withheld(decision) == {therapy: ("not-already-given", NOT_MET)}


@pytest.mark.rule("A13", "A15", "A30")
@pytest.mark.parametrize(
    ("findings", "given", "named"),
    [
        (TOLERANT, {"sorafenib"}, {"cabozantinib": "label", "nivolumab": "evidence"}),
        (TOLERANT, {"sorafenib", "cabozantinib"}, {"nivolumab": "evidence"}),
        (TOLERANT, {"sorafenib", "nivolumab"}, {"cabozantinib": "label"}),
        (NOT_SHOWN, {"sorafenib"}, {"cabozantinib": "label"}),
        (NOT_SHOWN, {"sorafenib", "cabozantinib"}, {}),
        (INTOLERANT, {"sorafenib"}, {}),
        (CONFLICT, {"sorafenib"}, {}),
    ],
)
def test_label_and_evidence_name_no_option_and_nothing_already_given(
    findings: Findings, given: set[str], named: dict[str, str]
) -> None:
    decision = _on(findings, given=frozenset(given), child_pugh=ChildPughState.B)

    found = {therapy: basis for therapy, (basis, _) in _beside(decision).items()}
    assert {name: basis for name, basis in found.items() if basis != "guideline"} == named


@pytest.mark.rule("A22")
@pytest.mark.parametrize(
    ("given", "afp", "named", "text"),
    [
        (
            {"lenvatinib"},
            AfpState.BELOW,
            {
                "atezolizumab-bevacizumab",
                "cabozantinib",
                "durvalumab",
                "durvalumab-tremelimumab",
                "nivolumab",
                "nivolumab-ipilimumab",
                "pembrolizumab",
            },
            "beside-after-lenvatinib",
        ),
        (
            {"lenvatinib", "cabozantinib", "durvalumab"},
            AfpState.UNKNOWN,
            {
                "atezolizumab-bevacizumab",
                "nivolumab",
                "nivolumab-ipilimumab",
                "pembrolizumab",
            },
            "beside-after-lenvatinib",
        ),
        (
            {"atezolizumab", "bevacizumab"},
            AfpState.BELOW,
            {
                "cabozantinib",
                "durvalumab-tremelimumab",
                "lenvatinib",
                "nivolumab-ipilimumab",
                "sorafenib",
            },
            "beside-after-atezolizumab-bevacizumab",
        ),
        (
            {"durvalumab", "tremelimumab"},
            AfpState.AT_LEAST,
            {"atezolizumab-bevacizumab", "cabozantinib", "lenvatinib", "sorafenib"},
            "beside-after-durvalumab-tremelimumab",
        ),
        ({"atezolizumab"}, AfpState.AT_LEAST, set(), ""),
    ],
)
def test_after_another_first_line_the_guideline_names_what_was_not_given(
    given: set[str], afp: AfpState, named: set[str], text: str
) -> None:
    decision = _on(
        _WELL,
        sorafenib=SorafenibCourse.NEVER,
        last_line=LastLine.OTHER_FAILED,
        given=frozenset(given),
        afp=afp,
    )

    assert _beside(decision) == dict.fromkeys(named, ("guideline", text))


@pytest.mark.rule("S6", "A22")
@pytest.mark.parametrize(
    ("given", "afp", "entry"),
    [
        ({"lenvatinib"}, AfpState.AT_LEAST, ("guideline", "beside-after-lenvatinib-afp")),
        ({"lenvatinib"}, AfpState.BELOW, None),
        ({"lenvatinib"}, AfpState.UNKNOWN, None),
        ({"lenvatinib", "ramucirumab"}, AfpState.AT_LEAST, None),
        (
            {"atezolizumab", "bevacizumab"},
            AfpState.AT_LEAST,
            ("guideline", "beside-after-atezolizumab-bevacizumab-afp"),
        ),
    ],
)
def test_after_another_first_line_ramucirumab_needs_a_high_afp_and_says_so(
    given: set[str], afp: AfpState, entry: tuple[str, str] | None
) -> None:
    decision = _on(
        _WELL,
        sorafenib=SorafenibCourse.NEVER,
        last_line=LastLine.OTHER_FAILED,
        given=frozenset(given),
        afp=afp,
    )

    assert _beside(decision).get("ramucirumab") == entry


@pytest.mark.rule("A16")
def test_a_barrier_stands_beside_the_criteria_that_stop_the_other_drugs() -> None:
    assert _withheld(_on(TOLERANT, child_pugh=ChildPughState.C)) == {
        "cabozantinib": ("sorafenib-intolerance", NOT_MET),
        "nivolumab": ("sorafenib-intolerance", NOT_MET),
        "ramucirumab": ("afp-at-least-400", NOT_MET),
        "regorafenib": ("child-pugh", NOT_MET),
    }


@pytest.mark.rule("A19", "A20")
@pytest.mark.parametrize(
    ("course", "started", "line"),
    [
        (SorafenibCourse.NEVER, 0, "first"),
        (SorafenibCourse.NEVER, 1, "second"),
        (SorafenibCourse.ENDED, 0, "second"),  # sorafenib itself was a line
        (SorafenibCourse.ENDED, 1, "second"),
        (SorafenibCourse.ENDED, 2, "third"),
        (SorafenibCourse.ENDED, 3, "beyond-third"),
    ],
)
def test_the_line_chosen_next_follows_the_lines_started(
    course: SorafenibCourse, started: int, line: str
) -> None:
    assert _on(_WELL, sorafenib=course, lines_started=started).line.value == line
