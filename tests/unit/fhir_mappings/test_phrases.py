"""Every reason and note that the reading of charts can give has its sentence."""

import re
from pathlib import Path

import fhir_mappings
from fhir_mappings.clinical_facts import observations
from hcc_pathway.explanation.wording import sentences

SOURCES = Path(fhir_mappings.__file__).parent
PHRASE = re.compile(r'"((?:ignored|note)-[a-z-]*[a-z])"')


def test_every_phrase_named_in_the_code_has_a_sentence() -> None:
    named = {
        phrase
        for path in SOURCES.rglob("*.py")
        for phrase in PHRASE.findall(path.read_text(encoding="utf-8"))
    }

    assert len(named) > 20
    assert named - sentences().keys() == set()


def test_every_unusable_status_has_a_sentence() -> None:
    named = {f"ignored-status-{status}" for status in observations.NAMED_STATES}

    assert named - sentences().keys() == set()
