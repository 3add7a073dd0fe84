"""Codes and units as a chart wrote them, unless they could say who the patient is."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from fhir_mappings.chart.record import ChartSources
from fhir_mappings.errors import UNREADABLE

_UNIT = re.compile(r"[A-Za-z0-9µμ°%/.*^{}\[\]()\-]{1,16}\Z")
_CODE = re.compile(r"[A-Za-z0-9._\-]{1,24}\Z")
_SYSTEM = re.compile(r"(?:urn:oid:[0-9.]{3,64}|https?://[A-Za-z0-9./\-]{3,100})\Z")
_SHORTEST_NAME = 3


class Identity:
    """Everything that the chart says of who the patient is."""

    def __init__(self, sources: ChartSources, ids: Iterable[str]) -> None:
        """Take the chart's Patient and the ids of the call."""
        self._words = {one.casefold() for one in ids}
        received = sources.answers.get("patient")
        for one in received.resources if received is not None else ():
            if one.resource_type == "Patient":
                self._words |= {word.casefold() for word in _texts(one.raw)}
        self._words.discard("")

    def unit(self, text: str) -> str | None:
        """Give a unit as it came, or None where it is free text or stands in the Patient."""
        return text if _UNIT.match(text) and not self._is_in(text) else None

    def code(self, system: str | None, code: str | None) -> str | None:
        """Give ``system|code`` as it came, or None where one of them is not a plain code."""
        if system is None or code is None or self._is_in(code):
            return None
        return f"{system}|{code}" if _SYSTEM.match(system) and _CODE.match(code) else None

    def _is_in(self, text: str) -> bool:
        folded = text.casefold()
        if folded in self._words:
            return True
        words = (word for word in self._words if len(word) >= _SHORTEST_NAME)
        is_long = len(folded) >= _SHORTEST_NAME
        return any(word in folded or (is_long and folded in word) for word in words)


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
