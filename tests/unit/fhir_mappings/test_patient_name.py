"""The name in use, from whichever door the Patient came; nothing where none can be read."""

import json
from typing import Any

import msgspec
import pytest

from fhir_mappings.chart.record import ChartSources, sources_from_bundle
from fhir_mappings.clinical_facts.patient_name import patient_name

OFFICIAL = {"use": "official", "family": "Zimmerblatt", "given": ["Ottilie", "Maria"]}
OLD = {"use": "old", "text": "Ottilie Kern"}


def prefetched(**patient: object) -> ChartSources:
    raw = msgspec.json.encode({"resourceType": "Patient", "id": "p1", **patient})
    return ChartSources(by_key={"patient": msgspec.Raw(raw)})


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([OLD, OFFICIAL], "Ottilie Maria Zimmerblatt"),
        ([{"text": "Dr. Ottilie Z."}], "Dr. Ottilie Z."),
        ([{"use": "nickname", "text": "Tilly"}, OFFICIAL], "Ottilie Maria Zimmerblatt"),
        ([OLD], ""),
        ([{}], ""),
        ([], ""),
        ("Ottilie", ""),
    ],
)
def test_the_name_in_use_is_given_as_it_came(names: list[dict[str, Any]], said: str) -> None:
    assert patient_name(prefetched(name=names), "p1") == said


def test_a_whole_chart_names_its_patient_and_nobody_else() -> None:
    chart = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p2",
                    "name": [OLD | {"use": "usual"}],
                }
            },
            {"resource": {"resourceType": "Patient", "id": "p1", "name": [OFFICIAL]}},
        ],
    }
    sources = sources_from_bundle(json.dumps(chart).encode())
    assert patient_name(sources, "p1") == "Ottilie Maria Zimmerblatt"
    assert patient_name(sources, "p3") == ""
