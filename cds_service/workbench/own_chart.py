"""A chart that a visitor pastes or drops: what of it is not valid R4, and what the cards say."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NoReturn

from cds_service.strict_json import object_members
from fhir_mappings.chart.half_pairs import without_half_pairs
from fhir_mappings.r4b_check import invalid_resources
from hcc_pathway.visible_text import one_line
from hooks.messages import FHIR_ID, RequestRejected

_TWICE: Final = "member that is there twice"
_NUMBER_TOO_LARGE: Final = "This JSON holds a number that is out of range."
# each resource and each of its values may cost a finding: a worker is not held for seconds
MOST_ENTRIES: Final = 5_000
MOST_VALUES: Final = 200_000
NAMED_FINDINGS: Final = 100
_LONGEST_FINDING: Final = 600
_GIVEN_BACK: Final = 200_000  # characters of a text that the visitor may correct on the page
_VALID: Final = {"resourceType": "Bundle", "type": "collection"}


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A chart as pasted; ``unusable`` says why nothing can be asked about it, if so.

    ``findings`` name each resource that is not valid R4, and what of it, up to
    ``NAMED_FINDINGS``; ``not_named`` counts the others. The chart is asked about all the same, as
    charts of EHRs are.
    """

    text: str
    unusable: str = ""
    findings: tuple[str, ...] = ()
    not_named: int = 0


def read_own_chart(sent: bytes) -> OwnChart:
    """Check what a visitor sent; nothing of it is kept."""
    text = sent.decode("utf-8", "replace").strip().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text:
        return OwnChart("", "Paste a FHIR Bundle of one patient, or choose its file.")
    try:
        chart = _parsed(without_half_pairs(text.encode()))
    except _Unusable as unusable:
        return OwnChart(text if len(text) <= _GIVEN_BACK else "", str(unusable))
    all_findings = _findings(chart["entry"])
    named = tuple(
        one_line(found, _LONGEST_FINDING) for found in islice(all_findings, NAMED_FINDINGS)
    )
    not_named = sum(1 for _ in all_findings)
    chart["entry"] = [entry for entry in chart["entry"] if _is_resource(entry.get("resource"))]
    return OwnChart(json.dumps(chart), findings=named, not_named=not_named)


class _Unusable(Exception):  # noqa: N818 - never leaves this module
    """Why nothing can be asked about what was sent, as a sentence."""


def _parsed(body: bytes) -> dict[str, Any]:
    if sum(body.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        message = f"This chart is too large to be checked here: more than {MOST_VALUES} values."
        raise _Unusable(message)
    try:
        chart = json.loads(
            body, object_pairs_hook=_members, parse_constant=_refuse, parse_float=_number
        )
        if unusable := _unusable(chart):
            raise _Unusable(unusable)
        object_members(body)
    except json.JSONDecodeError as error:
        message = f"This is not JSON (line {error.lineno})."
        raise _Unusable(message) from None
    except ValueError:  # Python's own, for a whole number of thousands of digits
        raise _Unusable(_NUMBER_TOO_LARGE) from None
    except RecursionError:
        message = "This JSON is nested too deeply."
        raise _Unusable(message) from None
    except RequestRejected as refused:
        message = f"The service refuses this chart, as it would refuse an EHR's ({refused})."
        raise _Unusable(message) from None
    found: dict[str, Any] = chart
    return found


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a member that is there twice unreadable where it stands: which one is meant is open."""
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        found |= {name: [[_TWICE]] for name in found if times[name] > 1}
    return found


def _refuse(constant: str) -> NoReturn:
    message = f"This is not JSON: {constant} is no number there."
    raise _Unusable(message)


def _number(written: str) -> float:
    value = float(written)
    if math.isinf(value):
        raise _Unusable(_NUMBER_TOO_LARGE)
    return value


def _findings(entries: list[dict[str, Any]]) -> Iterator[str]:
    """Name what is not valid R4; a resource with a member twice is named for that alone."""
    checked = []
    for entry in entries:
        one = entry.get("resource")
        if isinstance(one, dict) and _TWICE in json.dumps(one):
            name = f"{one.get('resourceType')}/{one.get('id', '?')}"
            yield f"{name} holds a {_TWICE}, and cannot be relied on"
            entry = {"resource": _VALID}  # noqa: PLW2901 - keeps its place among the entries
        checked.append(entry)
    yield from invalid_resources(json.dumps({"entry": checked}).encode())


def _is_resource(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("resourceType"), str)


def _unusable(chart: Any) -> str:  # noqa: ANN401 - whatever was pasted
    if not isinstance(chart, dict) or chart.get("resourceType") != "Bundle":
        return 'This is not a FHIR Bundle: its "resourceType" has to be "Bundle".'
    entries = chart.get("entry")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return "The Bundle has no list of entries."
    if len(entries) > MOST_ENTRIES:
        return f"This chart is too large to be checked here: more than {MOST_ENTRIES} entries."
    resources = [entry.get("resource") for entry in entries]
    patients = [
        one for one in resources if isinstance(one, dict) and one.get("resourceType") == "Patient"
    ]
    if len(patients) != 1:
        return f"A chart is of one patient: this Bundle holds {len(patients)} Patient resources."
    patient_id = patients[0].get("id")
    if not isinstance(patient_id, str) or not FHIR_ID.match(patient_id):
        return "The Patient has no id of FHIR, so no other resource can be about this patient."
    return ""
