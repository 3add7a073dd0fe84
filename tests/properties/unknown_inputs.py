"""Charts with something unknown, and what holds of each: it is asked for, never filled in."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hypothesis import event
from hypothesis import strategies as st

from tests.properties.whole_charts import (
    AFP,
    ALBUMIN,
    ASCITES,
    BILIRUBIN,
    DISEASE_STATUS,
    ECOG,
    ENCEPHALOPATHY,
    INR,
    STORED_CHILD_PUGH,
    Chart,
    Json,
    asked,
    changed,
    document,
    is_about,
    kind_of,
    prefetch,
    searches,
    text_of_drug,
    therapies,
)

_DIAGNOSES = ("109841003", "25370001", "C22.0")
_UNSPECIFIED = {"coding": [{"system": "http://snomed.info/sct", "code": "187769009"}]}
_INTOLERANCE, _NO_RESPONSE = "407563006", "266721009"


def _without(chart: Chart, gone: Callable[[Json], bool]) -> Chart:
    return chart._replace(entries=tuple(entry for entry in chart.entries if not gone(entry)))


def _each(chart: Chart, change: Callable[[Json], Json]) -> Chart:
    return chart._replace(entries=tuple(change(entry) for entry in chart.entries))


def _no_record_of(codes: Iterable[str]) -> Callable[[Chart], Chart]:
    return lambda chart: _without(chart, lambda entry: is_about(entry, codes))


def _no_reason(entry: Json, code: str) -> Json:
    """The record without its reason to stop, where that is the reason."""
    reason = entry.get("resource", {}).get("statusReason")
    return changed(entry, statusReason=None) if code in str(reason) else entry


def _no_progression(chart: Chart) -> Chart:
    told = _without(chart, lambda entry: is_about(entry, DISEASE_STATUS))
    return _each(told, lambda entry: _no_reason(entry, _NO_RESPONSE))


def _no_intolerance(chart: Chart) -> Chart:
    kinds = {"AllergyIntolerance", "AdverseEvent"}
    told = _without(chart, lambda entry: kind_of(entry) in kinds)
    return _each(told, lambda entry: _no_reason(entry, _INTOLERANCE))


def _is_sorafenib(entry: Json) -> bool:
    named = text_of_drug(entry)
    return kind_of(entry).startswith("Medication") and (
        "sorafenib" in named or "nexavar" in named or "495881" in named
    )


def _no_dose(chart: Chart) -> Chart:
    """Sorafenib as it is recorded, but nobody says how much."""
    gone = {"dosage": None, "dosageInstruction": None}
    return _each(chart, lambda entry: changed(entry, **gone) if _is_sorafenib(entry) else entry)


def _no_histology(chart: Chart) -> Chart:
    def unspecific(entry: Json) -> Json:
        named = kind_of(entry) == "Condition" and is_about(entry, _DIAGNOSES)
        return changed(entry, code=_UNSPECIFIED) if named else entry

    return _each(chart, unspecific)


_LIVER = BILIRUBIN | ALBUMIN | INR | ASCITES | ENCEPHALOPATHY | STORED_CHILD_PUGH
# contract name of an input -> the chart in which it is not known
UNKNOWN: Mapping[str, Callable[[Chart], Chart]] = {
    "alpha-fetoprotein": _no_record_of(AFP),
    "ecog": _no_record_of(ECOG),
    "child-pugh": _no_record_of(_LIVER),
    "bilirubin": _no_record_of(BILIRUBIN | STORED_CHILD_PUGH),
    "albumin": _no_record_of(ALBUMIN | STORED_CHILD_PUGH),
    "inr": _no_record_of(INR | STORED_CHILD_PUGH),
    "ascites": _no_record_of(ASCITES | STORED_CHILD_PUGH),
    "encephalopathy": _no_record_of(ENCEPHALOPATHY | STORED_CHILD_PUGH),
    "progression": _no_progression,
    "sorafenib-intolerance": _no_intolerance,
    "sorafenib-exposure": _no_dose,
    "diagnosis": _no_histology,
}


def _is_drug(entry: Json) -> bool:
    return kind_of(entry).startswith("Medication")


def unknown_input(chart: Chart, data: st.DataObject) -> None:
    """A fact that the chart does not hold adds no option unless it is asked for."""
    name = data.draw(st.sampled_from(sorted(UNKNOWN)))
    before, after = document(chart), document(UNKNOWN[name](chart))
    added = therapies(after) - therapies(before)
    if added:
        event(f"{name} asked for")
    assert not added or name in asked(after), (chart.name, name, added)


def unread_medications(chart: Chart, data: st.DataObject) -> None:
    """A medication search that failed or was cut: earlier lines are asked for.

    One that was never asked counts as nothing: not every EHR has every medication resource.
    """
    keys = ("medicationRequests", "medicationStatements")
    found = searches(chart.entries)
    drugs = [entry for key in keys for entry in found.pop(key)]
    names = sorted({text_of_drug(entry) for entry in drugs})
    lost = data.draw(st.sets(st.sampled_from(names))) if names else set()
    there, gone = data.draw(st.permutations(keys))
    found[there] = [entry for entry in drugs if text_of_drug(entry) not in lost]
    how = data.draw(st.sampled_from(["failed", "cut"]))
    more = {"relation": "next", "url": "https://ehr.example/r4?page=2"}
    cut = {"resourceType": "Bundle", "type": "searchset", "link": [more]}
    answer = {"resourceType": "OperationOutcome"} if how == "failed" else cut
    before = document(chart)
    after = document(chart, prefetch(chart, found, **{gone: answer}))
    added = therapies(after) - therapies(before)
    assert not added or "prior-lines" in asked(after), (chart.name, lost, how, added)


def undated_drug(chart: Chart, data: st.DataObject) -> None:
    """A drug record of unknown status, without dates or without both, adds nothing in silence."""
    places = [place for place, entry in enumerate(chart.entries) if _is_drug(entry)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    dates = (
        "effectivePeriod",
        "effectiveDateTime",
        "dateAsserted",
        "authoredOn",
        "whenHandedOver",
    )
    gone: dict[str, Any] = {}
    what = data.draw(st.sampled_from(["status", "dates", "both"]))
    if what != "dates":
        gone["status"] = "unknown"
    if what != "status":
        gone |= dict.fromkeys(dates)
    entries = list(chart.entries)
    entries[place] = changed(entries[place], **gone)
    before, after = document(chart), document(chart._replace(entries=tuple(entries)))
    added = therapies(after) - therapies(before)
    about = {"prior-lines", "progression", "sorafenib-exposure", "sorafenib-intolerance"}
    assert not added or about & asked(after), (chart.name, entries[place], added)
