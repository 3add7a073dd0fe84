"""A chart that a visitor pastes or drops: what of it is not valid R4, and what the cards say."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from cds_service.strict_json import object_members
from fhir_mappings.chart.half_pairs import without_half_pairs
from fhir_mappings.r4b_check import invalid_resources
from hooks.messages import RequestRejected

_TWICE: Final = "member that is there twice"
_NUMBER_TOO_LARGE: Final = "This JSON holds a number that is out of range."


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A chart as pasted; ``unusable`` says why nothing can be asked about it, if so.

    ``findings`` name each resource that is not valid R4, and what of it; the chart is asked about
    all the same, as charts of EHRs are.
    """

    text: str
    unusable: str = ""
    findings: tuple[str, ...] = ()


def read_own_chart(sent: bytes) -> OwnChart:
    """Check what a visitor sent; nothing of it is kept."""
    text = sent.decode("utf-8", "replace").strip().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text:
        return OwnChart("", "Paste a FHIR Bundle of one patient, or choose its file.")
    try:
        chart = _parsed(without_half_pairs(text.encode()))
    except _Unusable as unusable:
        return OwnChart(text, str(unusable))
    findings = tuple(_findings(chart))
    chart["entry"] = [entry for entry in chart["entry"] if _is_resource(entry.get("resource"))]
    return OwnChart(json.dumps(chart), findings=findings)


class _Unusable(Exception):  # noqa: N818 - never leaves this module
    """Why nothing can be asked about what was sent, as a sentence."""


def _parsed(body: bytes) -> dict[str, Any]:
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
        names = [name for name, _ in pairs]
        found |= {name: [[_TWICE]] for name in names if names.count(name) > 1}
    return found


def _refuse(constant: str) -> NoReturn:
    message = f"This is not JSON: {constant} is no number there."
    raise _Unusable(message)


def _number(written: str) -> float:
    value = float(written)
    if math.isinf(value):
        raise _Unusable(_NUMBER_TOO_LARGE)
    return value


def _findings(chart: Mapping[str, Any]) -> Iterator[str]:
    """Name what is not valid R4; a resource with a member twice is named for that alone."""
    resources = [entry.get("resource") for entry in chart["entry"]]
    twice = tuple(
        f"{one.get('resourceType')}/{one.get('id', '?')} "
        for one in resources
        if isinstance(one, dict) and _TWICE in json.dumps(one)
    )
    yield from (f"{name}holds a {_TWICE}, and cannot be relied on" for name in twice)
    for finding in invalid_resources(json.dumps(chart).encode()):
        if not finding.startswith(twice):
            yield finding


def _is_resource(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("resourceType"), str)


def _unusable(chart: Any) -> str:  # noqa: ANN401 - whatever was pasted
    if not isinstance(chart, dict) or chart.get("resourceType") != "Bundle":
        return 'This is not a FHIR Bundle: its "resourceType" has to be "Bundle".'
    entries = chart.get("entry")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return "The Bundle has no list of entries."
    resources = [entry.get("resource") for entry in entries]
    patients = [
        one for one in resources if isinstance(one, dict) and one.get("resourceType") == "Patient"
    ]
    if len(patients) != 1:
        return f"A chart is of one patient: this Bundle holds {len(patients)} Patient resources."
    if not isinstance(patients[0].get("id"), str):
        return "The Patient has no id, so no other resource can be about this patient."
    return ""
