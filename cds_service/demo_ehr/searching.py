"""Searches over the sample charts: the parameters that CDS and SMART clients use, and paging.

As R4 has it, a parameter that is not supported is ignored and missing from the ``self`` link.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from cds_service.demo_ehr.charts import Stored

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
MOST_VALUES: Final = 400  # of all parameters of one search; discovery's longest query has 45
Parameters = Sequence[tuple[str, str]]
Wanted = Sequence[frozenset[str]]
Matcher = Callable[[Stored, Wanted], bool]


class SearchRefusedError(ValueError):
    """A search that means nothing: the parameter, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the matches, and the parameters that were used."""

    matches: Sequence[Stored]
    total: int
    used: Parameters
    offset: int
    count: int

    def bundle(self, base: str, kind: str) -> bytes:
        """Write the searchset; ``base`` is the server's address."""
        links = [{"relation": "self", "url": self._url(base, kind, self.offset)}]
        if self.offset + self.count < self.total and self.count:
            following = self._url(base, kind, self.offset + self.count)
            links.append({"relation": "next", "url": following})
        bundle: dict[str, Any] = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": self.total,
            "link": links,
        }
        if self.matches:
            bundle["entry"] = [
                {
                    "fullUrl": f"{base}/{one.kind}/{one.id}",
                    "resource": one.raw,
                    "search": {"mode": "match"},
                }
                for one in self.matches
            ]
        return msgspec.json.encode(bundle)

    def _url(self, base: str, kind: str, offset: int) -> str:
        place = [("_count", str(self.count)), ("_offset", str(offset))]
        return f"{base}/{kind}?{urlencode([*self.used, *place])}"


def search(held: Iterable[Stored], asked: Parameters) -> Page:
    """Give one page of what matches every supported parameter.

    Args:
        held: the resources of one type that the caller may see.
        asked: the parameters, in their order; ``_count`` and ``_offset`` choose the page.

    Raises:
        SearchRefusedError: a number that is none, or more values than ``MOST_VALUES``.

    """
    named = dict(asked)
    count = min(_number(named, "_count", DEFAULT_PAGE), LARGEST_PAGE)
    offset = _number(named, "_offset", 0)
    used = [(name, value) for name, value in asked if name in MATCHERS]
    wanted = _wanted(used)
    matches = [
        one for one in held if all(MATCHERS[name](one, sets) for name, sets in wanted.items())
    ]
    return Page(matches[offset : offset + count], len(matches), used, offset, count)


def _wanted(used: Parameters) -> dict[str, list[frozenset[str]]]:
    """Give by parameter the sets of which each has to be met by one of its values."""
    if sum(value.count(",") + 1 for _, value in used) > MOST_VALUES:
        message = f"a search takes {MOST_VALUES} values; ask for fewer at a time"
        raise SearchRefusedError(message)
    found: dict[str, list[frozenset[str]]] = {}
    for name, value in dict.fromkeys(used):
        found.setdefault(name, []).append(frozenset(value.split(",")))
    return found


def _number(named: Mapping[str, str], name: str, default: int) -> int:
    text = named.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < len("1000000")):
        message = f"{name} is not a number of resources"
        raise SearchRefusedError(message)
    return int(text)


def _is_about(one: Stored, wanted: Wanted) -> bool:
    return one.patient_id is not None and all(
        one.patient_id in {value.rpartition("Patient/")[2] for value in values}
        for values in wanted
    )


def _has_token(*elements: str) -> Matcher:
    def matches(one: Stored, wanted: Wanted) -> bool:
        spellings = frozenset(
            spelling
            for element in elements
            for system, code in _tokens(one.content.get(element))
            for spelling in (code, f"{system}|{code}", f"{system}|", "")
        )
        return not any(spellings.isdisjoint(values) for values in wanted)

    return matches


def _tokens(found: object) -> Iterator[tuple[str, str]]:
    """Give system and code of whatever can be searched as a token."""
    if isinstance(found, str):
        yield "", found
    elif isinstance(found, list):
        for one in found:
            yield from _tokens(one)
    elif isinstance(found, dict):
        if "coding" in found:
            yield from _tokens(found["coding"])
        elif "code" in found:
            yield str(found.get("system", "")), str(found["code"])


def _is_named(one: Stored, wanted: Wanted) -> bool:
    names = one.content.get("name")
    parts = [
        str(part).lower()
        for name in (names if isinstance(names, list) else ())
        for part in (name.get("family"), name.get("text"), *(name.get("given") or ()))
        if part
    ]
    return all(
        any(part.startswith(tuple(value.lower() for value in values)) for part in parts)
        for values in wanted
    )


MATCHERS: Final[Mapping[str, Matcher]] = {
    "_id": lambda one, wanted: all(one.id in values for values in wanted),
    "category": _has_token("category"),
    "clinical-status": _has_token("clinicalStatus"),
    "code": _has_token("code", "medicationCodeableConcept"),
    "intent": _has_token("intent"),
    "name": _is_named,
    "patient": _is_about,
    "status": _has_token("status"),
    "subject": _is_about,
}
"""What each supported search parameter asks of a resource."""
