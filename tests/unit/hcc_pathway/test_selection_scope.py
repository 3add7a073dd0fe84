"""The document at the edges of the pathway: whom it does not speak to, what was not read."""

import re
from pathlib import Path

import msgspec
import pytest

import hcc_pathway
from hcc_pathway.answer import Phrase
from hcc_pathway.case import (
    Availability,
    DiagnosisKind,
    IgnoredRecord,
)
from hcc_pathway.explanation.wording import sentences

from .answers_for_tests import answer as _answer
from .cases_for_tests import (
    days_ago,
    diagnosis,
    drug,
    exactly,
    reading,
    tolerant,
)


@pytest.mark.rule("A35")
@pytest.mark.parametrize(
    ("kinds", "options"),
    [
        (["hcc"], 2),
        (["hcc", "unspecified"], 2),
        (["unspecified"], 0),
        (["hcc", "other-subtype"], 0),
        ([], 0),
    ],
)
def test_the_most_specific_diagnosis_decides(kinds: list[str], options: int) -> None:
    recorded = tuple(diagnosis(DiagnosisKind(kind)) for kind in kinds)
    assert len(_answer(tolerant(diagnoses=recorded)).options) == options


@pytest.mark.rule("A35")
def test_conditions_that_could_not_be_read_prove_no_absence_of_hcc() -> None:
    answer = _answer(tolerant(diagnoses=(), conditions=Availability.FAILED))
    assert answer.patient_class.value == "tolerant"
    assert "diagnosis" in [one.input for one in answer.missing]


@pytest.mark.rule("A36")
@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"birth": exactly(days_ago(17 * 365))}, "under 18 years"),
        ({"deceased": True}, "recorded as deceased"),
        ({"diagnoses": ()}, "no active liver cancer"),
    ],
)
def test_why_the_pathway_does_not_apply_is_said_in_the_inputs(
    changes: dict[str, object], note: str
) -> None:
    answer = _answer(tolerant(**changes))
    assert (answer.patient_class.value, answer.options) == ("not-applicable", ())
    assert any(note in one.note for one in answer.inputs)


@pytest.mark.rule("A31", "A10")
def test_values_too_old_to_use_are_listed_as_ignored() -> None:
    answer = _answer(tolerant(afp=(reading("812", age=91, source="old"),)))
    assert [(one.source, one.because) for one in answer.ignored] == [
        ("Observation/old", "older than 90 days")
    ]
    assert "alpha-fetoprotein" not in [one.input for one in answer.inputs]


def test_resources_of_other_patients_appear_as_a_count_only() -> None:
    unread = IgnoredRecord("Observation/x", Phrase("ignored-future-date"))
    answer = _answer(tolerant(ignored=(unread,), resources_of_other_patients=3))
    assert [(one.source, one.because) for one in answer.ignored] == [
        ("", "3 records of other patients"),
        ("Observation/x", "dated in the future"),
    ]


@pytest.mark.rule("A19")
def test_a_failed_source_beside_a_complete_one_flags_and_asks() -> None:
    sources = (
        ("medicationRequests", Availability.FAILED),
        ("medicationStatements", Availability.COMPLETE),
    )
    answer = _answer(tolerant(medication_sources=sources))
    assert all("prior-lines-unconfirmed" in option.flags for option in answer.options)
    (asked,) = [one for one in answer.missing if one.input == "prior-lines"]
    assert "medicationRequests could not be read" in asked.ask


@pytest.mark.rule("A19")
def test_a_drug_without_any_date_beside_others_is_asked_for_by_name() -> None:
    undated = msgspec.structs.replace(drug("regorafenib"), first_day=None, last_day=None)
    answer = _answer(tolerant(drugs=(drug(end=200), undated)))
    (asked,) = [one for one in answer.missing if one.input == "prior-lines"]
    assert "no date is recorded for regorafenib" in asked.ask


def test_every_phrase_that_code_names_is_a_sentence_of_the_text_file() -> None:
    root = Path(hcc_pathway.__file__).parent.parent
    named = re.compile(r"(?:Phrase(?:\.of)?|say_id)\(\s*\"([a-z0-9-]+)\"")
    found = {
        name
        for package in ("hcc_pathway", "fhir_mappings")
        for path in (root / package).rglob("*.py")
        for name in named.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 40
    assert sorted(found - set(sentences())) == []
