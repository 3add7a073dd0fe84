"""The sample charts as the tests read them, and their documents on any day."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from _pytest.mark import ParameterSet

from cds_service import sample_charts
from cds_service.sample_charts import SampleChart

FOLDER = sample_charts.SAMPLES
SAMPLES = tuple(sample_charts.sample_charts().values())
NAMES = [sample.name for sample in SAMPLES]
# These hold the words of trials, labels and notices, whose dates belong to no patient.
_FIXED_TEXTS = frozenset({"notices", "alsoConsider", "evidence", "dosing", "codes", "pathway"})
_DATE = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


# One of each kind: the rest of a costly test over all samples is slow.
QUICK = frozenset(
    {"tolerant-afp-high", "intolerant-afp-low", "undetermined-exposure-unknown", "third-line"}
)


def some_samples_by_default() -> list[ParameterSet]:
    """Give every sample as a parameter, those that are not quick as slow ones."""
    return [
        pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow)
        for one in SAMPLES
    ]


def intent_of(sample: SampleChart) -> dict[str, Any]:
    """Return what a person wrote about the sample before any program answered."""
    written = (FOLDER / sample.name / "intent.yaml").read_text("utf-8")
    intent: dict[str, Any] = yaml.safe_load(written)
    return intent


def resources_of(sample: SampleChart) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(sample.text)["entry"]]


def patient_of(sample: SampleChart) -> dict[str, Any]:
    (patient,) = [r for r in resources_of(sample) if r["resourceType"] == "Patient"]
    return patient


def expected_document(sample: SampleChart, *, on: date) -> dict[str, Any]:
    """Return the committed document as it must read when the chart's day is ``on``."""
    stored = json.loads((FOLDER / sample.name / "expected.json").read_text("utf-8"))
    moved: dict[str, Any] = _moved(stored, on - sample.as_of)
    return moved


def _moved(node: Any, by: timedelta) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        return {k: v if k in _FIXED_TEXTS else _moved(v, by) for k, v in node.items()}
    if isinstance(node, list):
        return [_moved(item, by) for item in node]
    if isinstance(node, str):
        return _DATE.sub(lambda m: (date.fromisoformat(m[0]) + by).isoformat(), node)
    return node
