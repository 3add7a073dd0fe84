"""The sample charts as lists of entries that a property changes, and the documents they get."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date
from functools import cache
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

from cds_service.chart_answer import encode_document
from cds_service.sample_charts import sample_charts
from fhir_mappings.chart.record import ChartSources, sources_from_bundle
from fhir_mappings.patient_case import read_case
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay, load_knowledge
from hcc_pathway.selection import select

Json = dict[str, Any]
Entries = tuple[Json, ...]

LOINC = "http://loinc.org"
AFP = frozenset({"1834-1", "83073-7", "19176-7", "83072-9", "19177-5", "53962-7", "53961-9"})
BILIRUBIN = frozenset({"1975-2", "42719-5", "14631-6", "54363-7"})
ALBUMIN = frozenset({"1751-7", "54347-0"})
INR = frozenset({"6301-6", "34714-6"})
ECOG = frozenset({"89247-1", "89262-0", "423740007", "423690003", "89243-0"})
STORED_CHILD_PUGH = frozenset({"3191000175106", "C121007"})
DISEASE_STATUS = frozenset({"97509-4"})
ASCITES = frozenset({"389026000", "R18.0", "R18.8", "K70.31"})
ENCEPHALOPATHY = frozenset({"13920009", "K76.82", "K72.91"})
DECISIVE = AFP | BILIRUBIN | ALBUMIN | INR | ECOG | STORED_CHILD_PUGH | DISEASE_STATUS
_OTHER_PATIENTS = re.compile(r"([0-9]+) .*\bother patients?")


class Chart(NamedTuple):
    """One patient's chart on its own day."""

    name: str
    on: date
    patient: str
    entries: Entries

    def __repr__(self) -> str:
        """What differs from the sample: the whole chart is too long for a report."""
        sample = CHARTS[self.name].entries
        kept = [entry for entry in self.entries if entry not in sample]
        return f"Chart({self.name}, {len(self.entries)} entries, changed: {kept[:4]})"


def _charts() -> dict[str, Chart]:
    found = {}
    for sample in sample_charts().values():
        entries = tuple(json.loads(sample.text)["entry"])
        (patient,) = [e["resource"]["id"] for e in entries if kind_of(e) == "Patient"]
        found[sample.name] = Chart(sample.name, sample.as_of, patient, entries)
    return found


def kind_of(entry: Json) -> str:
    return str(entry.get("resource", {}).get("resourceType", ""))


def codes_of(entry: Json) -> frozenset[str]:
    """Every code that a resource carries as its own."""
    code = entry.get("resource", {}).get("code")
    codings = code.get("coding", ()) if isinstance(code, dict) else ()
    return frozenset(str(one.get("code")) for one in codings if isinstance(one, dict))


def is_about(entry: Json, codes: Iterable[str]) -> bool:
    return not codes_of(entry).isdisjoint(codes)


def text_of_drug(entry: Json) -> str:
    """Everything that names the drug of a record, in lower case."""
    resource = entry.get("resource", {})
    return json.dumps([resource.get("medicationCodeableConcept"), resource.get("code")]).lower()


def changed(entry: Json, **elements: object) -> Json:
    """The entry with some elements of its resource set, or taken out where None."""
    resource = {**entry["resource"], **elements}
    return {**entry, "resource": {k: v for k, v in resource.items() if v is not None}}


def own_reference(chart: Chart) -> Json:
    return {"reference": f"Patient/{chart.patient}"}


# ------------------------------------------------------------------------------- the document


@cache
def knowledge(on: date) -> KnowledgeOnDay:
    return load_knowledge().as_of(on)


def document(chart: Chart, sources: ChartSources | None = None) -> Json:
    """What the pathway answers to a chart, as JSON, through the same code as every door."""
    case = read_case(
        sources or whole(chart.entries),
        patient_id=chart.patient,
        knowledge=knowledge(chart.on),
        local_codes={},
        on=chart.on,
        zone=UTC,
    )
    answer: Json = msgspec.json.decode(
        encode_document(select(case, knowledge(chart.on), on=chart.on))
    )
    return answer


def whole(entries: Entries) -> ChartSources:
    """The chart as one Bundle: the door of the API and of the command line."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return sources_from_bundle(msgspec.json.encode(bundle))


_KEYS: Mapping[str, str] = {
    "Condition": "conditions",
    "Observation": "observations",
    "MedicationStatement": "medicationStatements",
    "MedicationAdministration": "medicationAdministrations",
    "Procedure": "procedures",
    "AllergyIntolerance": "allergies",
    "AdverseEvent": "allergies",
}


def searches(entries: Entries) -> dict[str, list[Json]]:
    """The entries under the prefetch keys of discovery; what no search finds is left out."""
    found: dict[str, list[Json]] = {key: [] for key in (*_KEYS.values(), "medicationRequests")}
    for entry in entries:
        kind = kind_of(entry)
        if kind.startswith(("MedicationRequest", "MedicationDispense")) or kind == "Medication":
            found["medicationRequests"].append(entry)
        elif kind in _KEYS:
            found[_KEYS[kind]].append(entry)
    return found


def prefetch(chart: Chart, by_key: Mapping[str, list[Json]], **other: object) -> ChartSources:
    """The chart as prefetch: the door of the hook. ``other``: a value sent for a key as it is."""
    (patient,) = [e["resource"] for e in chart.entries if kind_of(e) == "Patient"]
    sent: dict[str, object] = {"patient": patient}
    for key, entries in by_key.items():
        sent[key] = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    raw = {k: msgspec.Raw(msgspec.json.encode(v)) for k, v in (sent | other).items()}
    return ChartSources(by_key=raw, fhir_base="https://ehr.example/r4")


def therapies(answer: Json) -> set[str]:
    return {option["therapy"] for option in answer["options"]}


def asked(answer: Json) -> set[str]:
    return {missing["input"] for missing in answer["missing"]}


def without_foreign_count(answer: Json) -> tuple[Json, int]:
    """The document without its count of other patients' resources, and that count."""
    kept, count = [], 0
    for one in answer["ignored"]:
        found = _OTHER_PATIENTS.fullmatch(one["because"])
        if found and not one["source"]:
            count += int(found[1])
        else:
            kept.append(one)
    return {**answer, "ignored": kept}, count


# --------------------------------------------------------------------- variations of the samples

CHARTS = _charts()
BASE = {name: document(chart) for name, chart in CHARTS.items()}
_DAYS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _with_value(entry: Json, _: Chart, value: object) -> Json:
    quantity = entry["resource"].get("valueQuantity")
    if not isinstance(quantity, dict) or "value" not in quantity:
        return entry
    return changed(entry, valueQuantity={**quantity, "value": value})


def _moved(entry: Json, chart: Chart, days: object) -> Json:
    age = date.fromordinal(chart.on.toordinal() - int(str(days))).isoformat()
    when = entry["resource"].get("effectiveDateTime")
    if not isinstance(when, str):
        return entry
    return changed(entry, effectiveDateTime=_DAYS.sub(age, when, count=1))


def _with_status(entry: Json, _: Chart, status: object) -> Json:
    return changed(entry, status=status) if "status" in entry["resource"] else entry


def _dropped(*_: object) -> None:
    """Take the entry out of the chart."""


_Change = Callable[[Json, Chart, object], Json | None]
_CHANGES: tuple[tuple[_Change, tuple[object, ...]], ...] = (
    (_dropped, (1, 2, 3, 4, 5)),
    (_with_value, (0.5, 1.7, 2, 2.8, 3.5, 12, 399, 400, 401, 20000)),
    (_moved, (0, 1, 30, 31, 90, 91, 400)),
    (_with_status, ("final", "active", "completed", "stopped", "entered-in-error", "unknown")),
)


_WAYS_TO_CHANGE = [(how, value) for how, values in _CHANGES for value in values]


def _matters(entry: Json) -> bool:
    kind = kind_of(entry)
    return kind not in {"Patient", "", "Observation"} or is_about(entry, DECISIVE)


# most results of a chart decide nothing; one in six of them is noise enough
_THINNED = {
    name: chart._replace(
        entries=tuple(
            entry
            for place, entry in enumerate(chart.entries)
            if _matters(entry) or kind_of(entry) in {"Patient", ""} or place % 6 == 0
        )
    )
    for name, chart in CHARTS.items()
}
_MATTERING = {
    name: [place for place, entry in enumerate(chart.entries) if _matters(entry)]
    for name, chart in _THINNED.items()
}


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A sample chart, as it is or with up to three facts that matter dropped or changed."""
    chart = _THINNED[draw(st.sampled_from(sorted(_THINNED)))]
    entries: list[Json | None] = list(chart.entries)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(_MATTERING[chart.name]))
        how, value = draw(st.sampled_from(_WAYS_TO_CHANGE))
        entries[place] = how(chart.entries[place], chart, value)
    return chart._replace(entries=tuple(entry for entry in entries if entry is not None))
