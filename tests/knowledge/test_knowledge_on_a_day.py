"""Asking the knowledge: what held on a day, by code, by name, by jurisdiction."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hcc_pathway.errors import DayOutsideKnowledge
from hcc_pathway.knowledge_base.knowledge import (
    canonical_system,
    load_knowledge,
    load_knowledge_from,
)
from hcc_pathway.recommendation import Coding, PathwayVersion

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 22)
KNOWLEDGE = load_knowledge().as_of(DAY)
SCT, LOINC = "http://snomed.info/sct", "http://loinc.org"
CM = "http://hl7.org/fhir/sid/icd-10-cm"


def test_knowledge_is_loaded_once_and_a_day_is_prepared_once() -> None:
    assert load_knowledge() is load_knowledge()
    assert load_knowledge().as_of(DAY) is load_knowledge().as_of(DAY)


def test_the_pathway_is_named_with_its_version() -> None:
    assert KNOWLEDGE.pathway == PathwayVersion(id="kim-2020", version="1.0.0")
    assert KNOWLEDGE.about.drugs == ("cabozantinib", "nivolumab", "ramucirumab", "regorafenib")


def test_the_pathway_drugs_are_the_four_of_the_editorial() -> None:
    marked = {drug.id for drug in KNOWLEDGE.drugs.values() if drug.pathway_drug}
    assert marked == set(KNOWLEDGE.about.drugs)


def test_before_the_pathway_there_is_no_answer() -> None:
    with pytest.raises(DayOutsideKnowledge, match="holds from 2020-06-02"):
        load_knowledge().as_of(date(2020, 6, 1))
    assert load_knowledge().as_of(date(2020, 6, 2)).parameter("fresh-days") == 30


def test_a_later_value_holds_from_its_day_on(knowledge_copy: Path) -> None:
    path = knowledge_copy / "parameters" / "freshness.yaml"
    first = "        value: 30\n        evidence: [adopted-readings]\n"
    later = "      - effective_from: 2027-01-01\n        value: 21\n        evidence: [kim-2020]\n"
    text = path.read_text(encoding="utf-8")
    assert first in text
    path.write_text(text.replace(first, first + later), encoding="utf-8")

    knowledge = load_knowledge_from(knowledge_copy)

    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2))
    assert [knowledge.as_of(day).parameter("fresh-days") for day in days] == [30, 21, 21]


def test_an_indication_ends_with_its_last_day() -> None:
    def us_labels(day: date) -> int:
        drug = load_knowledge().as_of(day).drugs["nivolumab"]
        return sum(indication.jurisdiction == "US" for indication in drug.indications)

    assert [us_labels(day) for day in (date(2021, 7, 22), date(2021, 7, 23))] == [1, 0]


def test_an_unknown_parameter_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        KNOWLEDGE.parameter("no-such-parameter")


def test_nothing_of_the_knowledge_can_be_changed() -> None:
    with pytest.raises(TypeError):
        KNOWLEDGE.drugs["regorafenib"] = KNOWLEDGE.drugs["sorafenib"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        KNOWLEDGE.drugs["regorafenib"].label = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("system", "code", "value_set"),
    [
        (LOINC, "1834-1", "alpha-fetoprotein"),
        (LOINC, "31993-9", "alpha-fetoprotein-excluded"),
        (LOINC, "89262-0", "ecog"),
        (LOINC, "89243-0", "karnofsky"),
        (LOINC, "97509-4", "disease-status"),
        (SCT, "271299001", "disease-progression"),
        (SCT, "407563006", "treatment-not-tolerated"),
        (SCT, "266721009", "no-response-to-treatment"),
        (SCT, "7058009", "other-stop-reason"),
        (SCT, "109841003", "hepatocellular-carcinoma"),
        (SCT, "25370001", "hepatocellular-carcinoma"),
        (CM, "C22.0", "hepatocellular-carcinoma"),
        ("http://hl7.org/fhir/sid/icd-10", "C22.0", "hepatocellular-carcinoma"),
        (SCT, "187769009", "liver-cancer-unspecified"),
        (SCT, "95214007", "liver-cancer-unspecified"),
        (CM, "C22.8", "liver-cancer-unspecified"),
        (CM, "C22.9", "liver-cancer-unspecified"),
        (SCT, "253018005", "liver-cancer-other-subtype"),
        (SCT, "274902006", "liver-cancer-other-subtype"),
        (SCT, "3191000175106", "child-pugh-score"),
        (SCT, "710066005", "child-pugh-class-b"),
        (SCT, "389026000", "ascites"),
        (SCT, "13920009", "hepatic-encephalopathy"),
        (SCT, "24484000", "severity-severe"),
        (CM, "Z94.4", "liver-transplant"),
        (CM, "K75.4", "autoimmune-disease"),
        (CM, "I85.01", "bleeding-risk"),
        (SCT, "702565001", "not-taken-as-prescribed"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "495881", "drug-sorafenib"),
        ("http://www.whocc.no/atc", "L01EX05", "drug-regorafenib"),
    ],
)
def test_a_code_leads_to_its_value_set(system: str, code: str, value_set: str) -> None:
    assert KNOWLEDGE.concepts[system, code] == (value_set,)


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (CM, "C22.1"), (CM, "C22.7"), (CM, "C78.7"), (CM, "K72.90"), (CM, "Z85.05"),
        (LOINC, "61151-7"), (LOINC, "75622-1"), (SCT, "737297006"), (SCT, "28670008"),
        ("http://www.whocc.no/atc", "S01LA08"),
    ],
)  # fmt: skip
def test_a_code_that_means_something_else_decides_nothing(system: str, code: str) -> None:
    deciding = {"hepatocellular-carcinoma", "hepatic-encephalopathy", "extrahepatic-spread"}
    found = KNOWLEDGE.concepts.get((system, code), ())
    assert not deciding & set(found)
    assert (system, code) in {(CM, "K72.90"), (CM, "Z85.05")} or not found


def test_a_code_that_fixes_a_score_carries_its_points() -> None:
    points = {
        code.display: code.points
        for letter in "abc"
        for code in KNOWLEDGE.value_sets[f"child-pugh-class-{letter}"].codes
        if code.points is not None
    }
    assert points == {
        f"Child-Pugh Class {'A' if n < 7 else 'B' if n < 10 else 'C'}{n}": n for n in range(5, 16)
    }
    grades = [code.points for code in KNOWLEDGE.value_sets["ecog-grade"].codes]
    assert grades == [0, 1, 2, 3, 4, 0]


@pytest.mark.parametrize(
    ("alias", "canonical"),
    [
        ("urn:oid:2.16.840.1.113883.6.90", CM),
        ("urn:oid:2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
        ("urn:oid:2.16.840.1.113883.6.1", LOINC),
        ("urn:oid:2.16.840.1.113883.6.96", SCT),
        (SCT, SCT),
        ("urn:oid:1.2.3", "urn:oid:1.2.3"),
    ],
)
def test_a_code_system_is_known_under_its_other_names(alias: str, canonical: str) -> None:
    assert canonical_system(alias) == KNOWLEDGE.canonical_system(alias) == canonical


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("nexavar", "sorafenib"), ("stivarga", "regorafenib"), ("cabometyx", "cabozantinib"),
        ("cometriq", "cabozantinib"), ("cyramza", "ramucirumab"), ("opdivo", "nivolumab"),
        ("yervoy", "ipilimumab"), ("keytruda", "pembrolizumab"), ("tecentriq", "atezolizumab"),
        ("avastin", "bevacizumab"), ("imfinzi", "durvalumab"), ("imjudo", "tremelimumab"),
        ("lenvima", "lenvatinib"), ("tevimbra", "tislelizumab"), ("sorafenib", "sorafenib"),
    ],
)  # fmt: skip
def test_a_brand_leads_to_its_drug(name: str, drug: str) -> None:
    assert KNOWLEDGE.drug_names[name] == drug
    assert name in KNOWLEDGE.drugs[drug].names


def test_a_drug_carries_its_codes_as_the_document_does() -> None:
    rxnorm, atc, *_ = KNOWLEDGE.codings("regorafenib")
    assert rxnorm == Coding(
        system="http://www.nlm.nih.gov/research/umls/rxnorm", code="1312397", display="regorafenib"
    )
    assert atc.code == "L01EX05"


def test_the_withdrawal_shows_everywhere_and_decides_in_its_own_jurisdiction() -> None:
    for jurisdiction in (None, "US", "KR"):
        shown = {notice.id: notice for notice in KNOWLEDGE.notices(jurisdiction)}
        withdrawal = shown["nivolumab-us-hcc-withdrawal"]
        assert withdrawal.decides_for(jurisdiction) is (jurisdiction == "US")


@pytest.mark.parametrize(("day", "holds"), [(date(2021, 7, 22), False), (date(2021, 7, 23), True)])
def test_the_withdrawal_holds_from_its_day_on(day: date, holds: bool) -> None:  # noqa: FBT001 - a table
    shown = {notice.id for notice in load_knowledge().as_of(day).notices("US")}
    assert ("nivolumab-us-hcc-withdrawal" in shown) is holds


def test_without_a_jurisdiction_the_notices_of_all_are_shown() -> None:
    everywhere = {notice.id for notice in KNOWLEDGE.notices(None)}
    assert {"ramucirumab-us-threshold", "ramucirumab-jp-threshold"} <= everywhere
    in_japan = {notice.id for notice in KNOWLEDGE.notices("JP")}
    assert in_japan == {"nivolumab-us-hcc-withdrawal", "ramucirumab-jp-threshold"}


def test_plain_approvals_are_stored_and_not_shown() -> None:
    assert not [n for n in KNOWLEDGE.notices(None) if n.id.endswith("hcc-accelerated-approval")]
    assert len(KNOWLEDGE.all_notices) > len(KNOWLEDGE.notices(None))


def test_parameters_keep_their_units() -> None:
    assert KNOWLEDGE.units["afp-threshold-ng-per-ml"] == "ng/mL"
    assert KNOWLEDGE.parameters["albi-grade-1-highest"] == Decimal("-2.60")


def test_interacting_drugs_are_found_by_us_and_international_names() -> None:
    inducers = KNOWLEDGE.value_sets["strong-cyp3a4-inducer"].names
    assert {"rifampicin", "rifampin"} <= set(inducers)
    assert "ketoconazole" in KNOWLEDGE.value_sets["strong-cyp3a4-inhibitor"].names
