"""What may never change a document: order, repetition, unrelated resources, equal units."""

import re
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.counting import Counts
from tests.properties.whole_charts import (
    AFP,
    ALBUMIN,
    BILIRUBIN,
    LOINC,
    Chart,
    Json,
    changed,
    charts,
    document,
    is_about,
    own_reference,
    prefetch,
    searches,
)

_UNRELATED: tuple[Json, ...] = (
    {"resourceType": "Encounter", "status": "finished"},
    {"resourceType": "Immunization", "status": "completed"},
    {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "AFP 20000 ng/mL"}},
    {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "8867-4", "display": "Heart rate"}]},
        "valueQuantity": {"value": 72, "unit": "/min"},
    },
    {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "urn:oid:1.2.3", "code": "1834-1"}], "text": "AFP"},
        "valueQuantity": {"value": 20000, "unit": "ng/mL"},
    },
    {"resourceType": "Condition", "code": {"text": "Hepatocellular carcinoma in the family"}},
    {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "paracetamol 500 MG Oral Tablet"},
    },
    {"resourceType": "Procedure", "status": "completed", "code": {"text": "Appendectomy"}},
)
# analyte, unit as sent, another unit, its factor, and the LOINC code of its property
_EQUIVALENT: tuple[tuple[frozenset[str], str, str, Decimal, str], ...] = (
    (AFP, "ng/mL", "ug/L", Decimal(1), "1834-1"),
    (AFP, "ug/L", "ng/mL", Decimal(1), "1834-1"),
    (BILIRUBIN, "mg/dL", "umol/L", Decimal("17.1"), "14631-6"),
    (ALBUMIN, "g/dL", "g/L", Decimal(10), "1751-7"),
    (ALBUMIN, "g/L", "g/dL", Decimal("0.1"), "1751-7"),
)
_AFP_QUOTED = re.compile(r"([0-9.]+) (?:u|µ|mc)g/L(?: \([<>= ]*[0-9.]+ ng/mL\))?")


def _number(exact: Decimal) -> float:
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _with_equal_units(entry: Json) -> Json:
    """The same amount in the other unit, its code the one of that unit's property."""
    quantity = entry.get("resource", {}).get("valueQuantity")
    if not isinstance(quantity, dict) or isinstance(quantity.get("value"), str | None):
        return entry
    for codes, unit, other, factor, loinc in _EQUIVALENT:
        if is_about(entry, codes) and quantity.get("code", quantity.get("unit")) == unit:
            value = _number(Decimal(str(quantity["value"])) * factor)
            code = {"coding": [{"system": LOINC, "code": loinc}]}
            units = {"value": value, "unit": other, "code": other}
            return changed(entry, code=code, valueQuantity={**quantity, **units})
    return entry


def _worded_alike(part: Any) -> Any:  # noqa: ANN401 - any JSON
    """Without what says how a value was received: asReceived, notes, a unit quoted in a reason."""
    if isinstance(part, dict):
        aside = {"asReceived", "note"}
        return {k: _worded_alike(v) for k, v in part.items() if k not in aside}
    if isinstance(part, list):
        return [_worded_alike(one) for one in part]
    return _AFP_QUOTED.sub(r"\1 ng/mL", part) if isinstance(part, str) else part


def _is_own_and_readable(entry: Json, chart: Chart) -> bool:
    """A foreign or unreadable resource sent twice is two resources that were not used."""
    subject = entry.get("resource", {}).get("subject")
    return bool(entry.get("resource", {}).get("id")) and subject == own_reference(chart)


def order(chart: Chart, data: st.DataObject) -> None:
    """Any order of entries, in one Bundle or spread over the searches of the hook."""
    shuffled = list(chart.entries)
    seed = data.draw(st.integers(0, 2**32))
    Random(seed).shuffle(shuffled)  # noqa: S311 - an order of entries, no secret
    again = chart._replace(entries=tuple(shuffled))

    expected = document(chart)
    assert document(again) == expected
    assert document(again, prefetch(again, searches(again.entries))) == expected


def unrelated(chart: Chart, data: st.DataObject) -> None:
    """Other resources of the same patient, at any place."""
    entries = list(chart.entries)
    for number, resource in enumerate(
        data.draw(st.lists(st.sampled_from(_UNRELATED), min_size=1))
    ):
        place = data.draw(st.integers(0, len(entries)))
        more = {"id": f"unrelated-{number}", "subject": own_reference(chart)}
        entries.insert(place, {"resource": {**resource, **more}})

    assert document(chart._replace(entries=tuple(entries))) == document(chart)


def again(chart: Chart, data: st.DataObject) -> None:
    """The same resources sent again under their ids, their elements in another order."""
    entries = list(chart.entries)
    own = [entry for entry in chart.entries if _is_own_and_readable(entry, chart)]
    for entry in data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=8)):
        place = data.draw(st.integers(0, len(entries)))
        entries.insert(place, {"resource": dict(reversed(entry["resource"].items()))})

    assert document(chart._replace(entries=tuple(entries))) == document(chart)


def units(chart: Chart, data: st.DataObject) -> None:
    """The same amounts in other units: ng/mL, ug/L; mg/dL, umol/L; g/dL, g/L."""
    alike = [_with_equal_units(entry) for entry in chart.entries]
    places = [place for place, entry in enumerate(alike) if entry is not chart.entries[place]]
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1)) if places else []
    entries = tuple(
        alike[place] if place in chosen else entry for place, entry in enumerate(chart.entries)
    )

    after = document(chart._replace(entries=entries))
    assert _worded_alike(after) == _worded_alike(document(chart))


PROPERTIES = (order, unrelated, again, units)
Property = Callable[[Chart, st.DataObject], None]


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__)
@settings(max_examples=40)
@given(charts(), st.data())
def test_the_document_stays_the_same(
    holds: Property, counts: Counts, chart: Chart, data: st.DataObject
) -> None:
    holds(chart, data)
    counts.add(f"same document whatever the {holds.__name__}")


@pytest.mark.slow
@settings(max_examples=10_000)
@given(charts(), st.sampled_from(PROPERTIES), st.data())
def test_the_document_stays_the_same_in_10_000_charts(
    counts: Counts, chart: Chart, holds: Property, data: st.DataObject
) -> None:
    holds(chart, data)
    counts.add(f"of 10,000 charts, {holds.__name__}")
