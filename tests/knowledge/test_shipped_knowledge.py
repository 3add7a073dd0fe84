"""The shipped knowledge holds what the clinical reference demands; nothing unverified shows."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore] # no stubs

from hcc_pathway.knowledge_base.check import Severity, check
from hcc_pathway.knowledge_base.figure_checks import numbers
from hcc_pathway.knowledge_base.files import FOLDERS, PACKAGE_ROOT, SINGLE_FILES, read_folder
from hcc_pathway.knowledge_base.json_schema import SCHEMA_FOLDER, schemas
from hcc_pathway.knowledge_base.knowledge import load_knowledge

if TYPE_CHECKING:
    from pathlib import Path

    from hcc_pathway.knowledge_base.schema import Drug, Regimen

DAY = date(2026, 11, 22)
KNOWLEDGE = load_knowledge().as_of(DAY)
STORED = {file.content.id: file.content for file in read_folder(PACKAGE_ROOT)[0].evidence}
YAML_FILES = sorted(PACKAGE_ROOT.rglob("*.yaml"))

# what the editorial printed wrongly -> where it is stored right, and words of the right value
CORRECTED = (
    ("E1", "lee-2020", "nivolumab 48, regorafenib 102"),
    ("E2", "keynote-240", "one-sided P=.0238 against a threshold of .0174"),
    ("E3", "celestial", "CELESTIAL"),
    ("E4", "reach", "9.2 against 7.6 months, HR 0.87, P=.14"),
    ("E5", "celestial", "<400 and >=400 ng/mL: 8.5 against 5.2 months, HR 0.71"),
    ("E6", "celestial", "707 in the analysed population"),
    ("E7", "kim-2020", "Barcelona Clinic Liver Cancer"),
    ("E8", "kim-2020", "the bracket is dropped"),
    ("E9", "checkmate-040", "15.1 months (13.0-18.2)"),
    ("E10", "kim-2020", "the AFP restriction of the figure and of the text governs"),
    ("E11", "celestial", "FDA 2019-01-14, EMA 2018-11-12"),
    ("E12", "kim-2020", "include patients who progressed"),
    ("E13", "resorce", "the last 28 days of treatment"),
    ("E14", "kim-2020", "an immune; CheckMate"),
    ("E15", "liao-2019", "Shlomai 2019 (US$469,374 per QALY), Sieg 2020 (Germany"),
)
# trial -> hazard ratio, its interval and the result as the clinical reference verifies them
RESULTS = (
    ("resorce", "0.63", "0.50-0.79", "10.6 months (95% CI 9.1-12.1) against 7.8 months (6.3-8.8)"),
    ("celestial", "0.76", "0.63-0.92", "10.2 against 8.0 months"),
    ("celestial", "0.71", "0.54-0.94", "8.5 against 5.2 months"),
    ("celestial", "0.81", "0.62-1.04", "13.9 against 10.3 months"),
    ("celestial", "0.63", "0.46-0.86", "cabozantinib against placebo"),
    ("celestial", "0.84", "0.66-1.06", "cabozantinib against placebo"),
    ("reach", "0.87", "0.72-1.05", "9.2 against 7.6 months"),
    ("reach-2", "0.71", "0.53-0.95", "8.5 months (7.0-10.6) against 7.3 months (5.4-9.1)"),
    ("checkmate-459", "0.85", "0.72-1.02", "16.4 against 14.7 months"),
    ("keynote-240", "0.781", "0.611-0.998", "13.9 months (11.6-16.0) against 10.6 months (8.3-13.5)"),  # noqa: E501 - one row
    ("keynote-240", "0.718", "0.570-0.904", "pembrolizumab against placebo"),
    ("keynote-394", "0.79", "0.63-0.99", "14.6 months (12.6-18.0) against 13.0 months (10.5-15.1)"),  # noqa: E501 - one row
    ("imbrave150", "0.58", "0.42-0.79", "against sorafenib"),
    ("himalaya", "0.78", "96.02% CI 0.65-0.92", "16.4 against 13.8 months"),
    ("checkmate-9dw", "0.79", "0.65-0.96", "23.7 against 20.6 months"),
    ("lee-2020", "0.54", "0.30-0.96", "nivolumab against regorafenib"),
    ("lee-2020", "5.195", "2.073-13.018", "class B against A"),
    ("lee-2020", "0.340", "0.177-0.653", "nivolumab against regorafenib"),
)  # fmt: skip
PATIENTS = {
    "resorce": 573, "reach": 565, "reach-2": 292, "checkmate-040": 154, "checkmate-459": 743,
    "checkmate-040-nivolumab-ipilimumab": 148, "checkmate-040-cohort-5": 49, "keynote-224": 104,
    "keynote-240": 413, "keynote-394": 453, "imbrave150": 501, "himalaya": 1171,
    "checkmate-9dw": 668, "lee-2020": 150, "kuo-2021": 90, "lee-kim-2024": 189, "choi-2020": 203,
    "celestial": None, "reflect": None,
}  # fmt: skip
PARAMETERS = {
    "sorafenib-minimum-mg-per-day": "400", "sorafenib-minimum-days": "20",
    "sorafenib-window-days": "28", "last-dose-to-progression-days": "70",
    "afp-threshold-ng-per-ml": "400", "afp-undecidable-low-iu-per-ml": "312",
    "afp-undecidable-high-iu-per-ml": "482", "fresh-days": "30", "usable-days": "90",
    "progression-old-days": "90", "unclosed-record-overlap-days": "14", "adult-age-years": "18",
    "child-pugh-bilirubin-two-points-from-mg-per-dl": "2",
    "child-pugh-bilirubin-two-points-to-mg-per-dl": "3",
    "child-pugh-albumin-two-points-from-g-per-dl": "2.8",
    "child-pugh-albumin-two-points-to-g-per-dl": "3.5",
    "child-pugh-inr-two-points-from": "1.7", "child-pugh-inr-two-points-to": "2.3",
    "child-pugh-class-a-highest": "6", "child-pugh-class-b-highest": "9",
    "albi-bilirubin-coefficient": "0.66", "albi-albumin-coefficient": "-0.085",
    "albi-grade-1-highest": "-2.60", "albi-grade-2-highest": "-1.39",
    "bilirubin-umol-per-l-per-mg-per-dl": "17.1",
    "ecog-highest-in-trials": "1", "ecog-highest-with-drug": "2",
}  # fmt: skip


def test_the_shipped_knowledge_has_no_finding_on_the_day_of_its_review() -> None:
    assert check(today=DAY) == []


@pytest.mark.parametrize(("error", "item", "right"), CORRECTED, ids=[row[0] for row in CORRECTED])
def test_every_error_of_the_editorial_is_stored_corrected(
    error: str, item: str, right: str
) -> None:
    corrections = {c.id: c for c in STORED[item].corrections}
    assert right in corrections[error].right
    assert corrections[error].printed not in {"", corrections[error].right}


def test_each_correction_stands_in_one_place_only() -> None:
    stored = [c.id for item in STORED.values() for c in item.corrections]
    assert sorted(stored) == sorted(row[0] for row in CORRECTED)


@pytest.mark.parametrize(("item", "ratio", "interval", "result"), RESULTS)
def test_a_verified_result_is_stored_as_published(
    item: str, ratio: str, interval: str, result: str
) -> None:
    stored = [
        (figure.hazard_ratio, figure.confidence_interval, figure.result)
        for figure in KNOWLEDGE.evidence[item].figures
    ]
    assert (ratio, interval, result) in stored


@pytest.mark.parametrize(("item", "patients"), PATIENTS.items())
def test_the_number_of_patients_is_the_verified_one(item: str, patients: int | None) -> None:
    assert KNOWLEDGE.evidence[item].n == patients


@pytest.mark.parametrize(("parameter", "value"), PARAMETERS.items())
@pytest.mark.rule("S4", "S6", "A6", "A8", "A9", "A10", "A17", "A18", "A24", "A27", "A31", "A36")
def test_every_parameter_has_the_value_of_the_reference(parameter: str, value: str) -> None:
    assert KNOWLEDGE.parameter(parameter) == Decimal(value)


@pytest.mark.parametrize("parameter", sorted(KNOWLEDGE.parameters))
def test_every_parameter_is_read_by_code(parameter: str) -> None:
    read_as = {f'"{parameter}"', f'"{parameter.rstrip("01234")}{{grade}}"', f'= "{parameter}"'}
    sources = [
        path.read_text(encoding="utf-8")
        for package in ("hcc_pathway", "fhir_mappings")
        for path in (PACKAGE_ROOT.parents[1] / package).rglob("*.py")
    ]
    assert any(reading in source for source in sources for reading in read_as)


def test_every_caveat_is_shown_or_is_background_with_its_reason() -> None:
    of_section = [f"S{n}" for n in range(18, 29)]
    assert [caveat.id for caveat in KNOWLEDGE.caveats] == ["S11", "S16", *of_section]
    assert [caveat.id for caveat in KNOWLEDGE.caveats if not caveat.shown] == ["S28"]
    assert all(caveat.shown or caveat.background_because for caveat in KNOWLEDGE.caveats)


@pytest.mark.rule("S14")
def test_nivolumab_was_studied_after_failure_of_and_intolerance_to_sorafenib() -> None:
    population = KNOWLEDGE.evidence["checkmate-040"].population
    assert "with and without prior sorafenib" in population
    assert "intolerant patients included" in population
    assert "154 after sorafenib" in population


@pytest.mark.rule("S11", "A29")
def test_the_subgroups_of_cabozantinib_are_text_without_an_interaction_test() -> None:
    (age,) = [
        figure
        for figure in KNOWLEDGE.evidence["kim-2020"].figures
        if figure.outcome == "age in the cabozantinib subgroup"
    ]
    assert age.result == "at least 65 years"
    assert age.note == "also men and extrahepatic spread; no interaction test is reported"


def _shown_texts() -> list[str]:
    """Everything of the knowledge that a card, a page or a suggestion can show."""
    therapies: list[Drug | Regimen] = [
        *KNOWLEDGE.drugs.values(),
        *KNOWLEDGE.regimens.values(),
    ]
    return [
        *(item.card_text for item in KNOWLEDGE.evidence.values()),
        *(item.limits for item in KNOWLEDGE.evidence.values()),
        *(caution.text for therapy in therapies for caution in therapy.cautions),
        *(remark.text for therapy in therapies for remark in therapy.also_consider),
        *(text.text for drug in KNOWLEDGE.drugs.values() for text in drug.indications),
        *(drug.dosing.text for drug in KNOWLEDGE.drugs.values() if drug.dosing),
        *(notice.text for notice in KNOWLEDGE.all_notices),
        *(caveat.text for caveat in KNOWLEDGE.caveats if caveat.shown),
        KNOWLEDGE.about.provenance,
        KNOWLEDGE.about.intended_use,
    ]


@pytest.mark.parametrize(
    "unverified",
    [
        "773", "707", "22 months", "about 7.6 months", "13.6", "0.92 (", "954", "21.2 ",
        "1.21", "25-35", "HBV-related", "28 days before surgery", "low-fat", "6-12 months",
        "colitis", "2.8 against 1.6", "no high-quality data",
    ],
)  # fmt: skip
def test_no_background_figure_reaches_a_shown_text(unverified: str) -> None:
    assert not [text for text in _shown_texts() if unverified in text]


def test_a_background_figure_is_stored_but_not_handed_out() -> None:
    stored = [f.verification for item in STORED.values() for f in item.figures]
    handed_out = [f.verification for item in KNOWLEDGE.evidence.values() for f in item.figures]
    assert stored.count("background") >= 20
    assert set(handed_out) == {"verified", "computed"}
    assert len(handed_out) == len(stored) - stored.count("background")


def test_a_correction_that_rests_on_background_is_not_handed_out() -> None:
    handed_out = {c.id for item in KNOWLEDGE.evidence.values() for c in item.corrections}
    assert {row[0] for row in CORRECTED} - handed_out == {"E6"}


def test_items_that_must_not_be_cited_have_no_card_text() -> None:
    silent = {"imbrave251", "leap-002", "reflect", "bclc-2022-2025", "easl-esmo", "apasl-2024"}
    assert not [name for name in silent if KNOWLEDGE.evidence[name].card_text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HR 0.63, 95% CI 0.50-0.79", {"0.63", "0.50", "0.79"}),
        ("P=.0238 against .0174", {"0.0238", "0.0174"}),
        ("phase 1/2 and phase 3, CYP3A4, B7-B8, PD-1", set[str]()),
        ("US$469,374 in 2019", {"469374", "2019"}),
    ],
)
def test_the_numbers_of_a_text_are_those_a_reader_sees(text: str, found: set[str]) -> None:
    assert numbers(text) == {Decimal(number).normalize() for number in found}


def test_reviews_that_are_past_due_are_reported_and_do_not_block_the_start() -> None:
    findings = check(today=date(2029, 1, 1))

    due = [found for found in findings if found.key == "review.next_review"]
    assert len(due) == len(YAML_FILES)
    assert {found.severity for found in findings} == {Severity.DUE}
    assert all(found.line > 1 for found in due)
    assert load_knowledge().as_of(date(2029, 1, 1)).parameter("fresh-days") == 30


def test_a_notice_whose_source_is_old_is_reported() -> None:
    findings = [found for found in check(today=date(2027, 6, 1)) if found.key == "checked_on"]

    assert "nivolumab-us-hcc-withdrawal.yaml" in {found.path.split("/")[-1] for found in findings}


def test_nobody_is_said_to_have_reviewed_who_has_not() -> None:
    reviews = [drug.review for drug in KNOWLEDGE.drugs.values()]
    reviews += [regimen.review for regimen in KNOWLEDGE.regimens.values()]
    assert all("not a clinician" in review.checked_by for review in reviews)
    assert all("clinical pharmacist" in review.outstanding for review in reviews)


def test_the_published_schemas_are_those_of_the_code() -> None:
    stored = {path.stem: path.read_bytes() for path in SCHEMA_FOLDER.glob("*.json")}
    assert stored == dict(schemas()), "run python -m hcc_pathway.knowledge_base.json_schema"


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.stem)
def test_every_file_follows_its_published_schema(path: Path) -> None:
    kind = path.stem if path.stem in SINGLE_FILES else path.parent.name
    as_json = json.loads(msgspec.json.encode(yaml.safe_load(path.read_text(encoding="utf-8"))))
    Draft202012Validator(json.loads(schemas()[kind])).validate(as_json)
    assert kind in {*FOLDERS, *SINGLE_FILES}
