"""Codes and units as a chart wrote them, unless they could say who the patient is."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from fhir_mappings.chart.record import ChartSources
from fhir_mappings.errors import UNREADABLE

_UNIT = re.compile(r"[A-Za-z0-9µμ°%/.*^{}\[\]()\-]{1,16}\Z")
_CODE = re.compile(r"[A-Za-z0-9._\-]{1,24}\Z")
_SYSTEM = re.compile(r"(?:urn:oid:[0-9.]{3,64}|https?://[A-Za-z0-9./\-]{3,100})\Z")
_SHORTEST_NAME = 3
_LARGEST_PATIENT_BYTES = 100_000


class Identity:
    """Everything that the chart says of who the patient is."""

    def __init__(self, sources: ChartSources, ids: Iterable[str]) -> None:
        """Take the chart's Patient and the ids of the call; without a Patient nothing is known."""
        received = sources.answers.get("patient")
        patients = [
            one.raw
            for one in (received.resources if received is not None else ())
            if one.resource_type == "Patient"
        ]
        self._is_known = bool(patients) and sum(map(len, patients)) <= _LARGEST_PATIENT_BYTES
        texts = [*ids, *(word for raw in patients for word in _texts(raw))]
        self._words = {_folded(text) for text in texts} if self._is_known else set()
        self._words.discard("")
        self._text = "\n".join(self._words)

    def unit(self, text: str) -> str | None:
        """Give a unit as it came, or None where it is free text or may stand in the Patient."""
        return text if _UNIT.match(text) and not self._may_name(text) else None

    def code(self, system: str | None, code: str | None) -> str | None:
        """Give ``system|code`` as it came, or None where one of them is not a plain code."""
        if system is None or code is None or not _CODE.match(code) or not _SYSTEM.match(system):
            return None
        return None if self._may_name(code) else f"{system}|{code}"

    def _may_name(self, text: str) -> bool:
        """Whether a short text holds a word of the Patient or is a part of one."""
        folded = _folded(text)
        if not self._is_known or folded in self._words:
            return True
        if len(folded) < _SHORTEST_NAME:
            return False
        return folded in self._text or any(part in self._words for part in _parts(folded))


def _folded(text: str) -> str:
    """Write a text as its letters and digits alone, without case and accents: 19600101, obrien."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text.casefold())))


def _parts(folded: str) -> Iterator[str]:
    """Give every part that is long enough for a name."""
    for start in range(len(folded) - _SHORTEST_NAME + 1):
        for end in range(start + _SHORTEST_NAME, len(folded) + 1):
            yield folded[start:end]


def _texts(raw: msgspec.Raw) -> Iterator[str]:
    """Give every word of a Patient resource but the names of FHIR and of code systems."""
    try:
        found: object = msgspec.json.decode(raw)
    except UNREADABLE:
        return
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [value for name, value in one.items() if name not in _PUBLIC]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            yield from (one, *one.split())


_PUBLIC = frozenset({"resourceType", "system", "use", "url", "status", "meta", "gender"})
