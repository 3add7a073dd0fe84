"""What the recommendation document carries besides the options: pathway, codes, notices."""

import pytest

from hcc_pathway.case import Availability
from hcc_pathway.drug_record import StopReason
from hcc_pathway.recommendation import Notice, PathwayVersion

from .answers_for_tests import answer as _answer
from .cases_for_tests import TODAY, drug, intolerant, knowledge, reading, tolerant

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
WITHDRAWN_IN_US = "nivolumab-us-hcc-withdrawal"


def test_a_document_names_its_pathway_with_the_version_and_its_day() -> None:
    answer = _answer(tolerant())

    assert answer.pathway == PathwayVersion(id="kim-2020", version=knowledge().about.version)
    assert answer.as_of == TODAY


@pytest.mark.parametrize(
    ("therapy", "rxnorm", "atc"),
    [
        ("cabozantinib", "1363268", "L01EX07"),
        ("nivolumab", "1597876", "L01FF01"),
        ("ramucirumab", "1535922", "L01FG02"),
    ],
)
def test_an_option_carries_the_codes_of_its_drug(therapy: str, rxnorm: str, atc: str) -> None:
    codes = {option.therapy: option.codes for option in _answer(intolerant()).options}

    assert [(one.system, one.code) for one in codes[therapy]] == [(RXNORM, rxnorm), (ATC, atc)]


@pytest.mark.rule("S6", "A10")
@pytest.mark.parametrize(
    ("afp", "expected"),
    [
        ((), "unknown"),
        ((reading("399", "IU/mL"),), "unknown"),
        ((reading("812", age=91),), "unknown"),
        ((reading("399"),), "not-met"),
    ],
)
def test_what_is_withheld_for_lack_of_knowledge_is_told_from_what_is_not_met(
    afp: tuple[object, ...], expected: str
) -> None:
    withheld = {
        one.therapy: (one.criterion, one.answer) for one in _answer(tolerant(afp=afp)).withheld
    }

    assert withheld.get("ramucirumab") == ("afp-at-least-400", expected)


@pytest.mark.rule("A5")
def test_a_conflict_says_what_contradicts_what_and_names_the_record() -> None:
    conflicts = _answer(tolerant(drugs=(drug(reason=StopReason.INTOLERANCE),))).conflicts

    assert [one.id for one in conflicts] == ["tolerant-and-intolerant"]
    assert "sorafenib was tolerated" in conflicts[0].text
    assert "intolerance that ended it is documented" in conflicts[0].text
    assert "(MedicationStatement/sorafenib)" in conflicts[0].text


@pytest.mark.rule("A30")
@pytest.mark.parametrize(
    ("jurisdiction", "of_nivolumab_or_ramucirumab"),
    [
        ("US", {WITHDRAWN_IN_US, "ramucirumab-us-threshold"}),
        ("JP", {WITHDRAWN_IN_US, "ramucirumab-jp-threshold"}),
        ("KR", {WITHDRAWN_IN_US}),
        ("CA", {WITHDRAWN_IN_US, "nivolumab-ca-hcc-conditional-approval"}),
        (
            None,
            {
                WITHDRAWN_IN_US,
                "ramucirumab-us-threshold",
                "ramucirumab-jp-threshold",
                "nivolumab-ca-hcc-conditional-approval",
            },
        ),
    ],
)
def test_a_site_reads_its_own_notices_and_the_withdrawal_and_without_one_all(
    jurisdiction: str | None, of_nivolumab_or_ramucirumab: set[str]
) -> None:
    notices = _answer(intolerant(), jurisdiction=jurisdiction).notices

    named = {one.id for one in notices if one.therapy in {"nivolumab", "ramucirumab"}}
    assert named == of_nivolumab_or_ramucirumab


@pytest.mark.rule("A30")
def test_a_notice_says_for_which_drug_it_is_and_what_was_decided_when() -> None:
    text = (
        "US: the indication of nivolumab alone in hepatocellular carcinoma was withdrawn on"
        " 2021-07-23."
    )

    assert _answer(intolerant(), jurisdiction="KR").notices == (
        Notice(id=WITHDRAWN_IN_US, therapy="nivolumab", text=text),
    )


@pytest.mark.rule("A30")
def test_a_drug_that_the_document_does_not_name_has_no_notice() -> None:
    assert _answer(tolerant(), jurisdiction="KR").notices == ()


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    "part", ["conditions", "observations", "procedures", "allergies", "medicationStatements"]
)
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("complete", None),
        ("absent", None),
        ("failed", "could not be read: what it holds is unknown"),
        ("truncated", "could not be read in full: what else it holds is unknown"),
        ("not-offered", "this FHIR server does not offer it: what it would hold is unknown"),
    ],
)
def test_a_part_of_the_chart_that_was_not_read_in_full_is_named(
    part: str, state: str, said: str | None
) -> None:
    found = Availability(state)
    changes: dict[str, object] = {part: found}
    if part == "medicationStatements":
        changes = {"medication_sources": ((part, found),)}

    ignored = [(one.source, one.because) for one in _answer(tolerant(**changes)).ignored]
    assert ignored == ([] if said is None else [(part, said)])
