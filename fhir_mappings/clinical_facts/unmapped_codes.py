"""Observations whose code means nothing here, and what each may be: for a person to approve.

A proposal comes from the display, the unit and the range together. It is never used by itself:
a wrong guess would turn one test's number into another's.
"""

import re
from decimal import Decimal
from typing import Final

import msgspec

from fhir_mappings.chart.projections import Coding, Observation, each
from fhir_mappings.chart.record import ChartSources, read_record
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.units import Factors, scale_of
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_NAMES: Final = (
    ("alpha-fetoprotein", re.compile(r"\bafp\b|f(o)?etoprotein", re.IGNORECASE)),
    ("bilirubin", re.compile(r"\bbilirubin", re.IGNORECASE)),
    ("albumin", re.compile(r"\balbumin", re.IGNORECASE)),
    ("inr", re.compile(r"\binr\b|international normali[sz]ed ratio", re.IGNORECASE)),
    ("ecog", re.compile(r"\becog\b", re.IGNORECASE)),
    ("karnofsky", re.compile(r"\bkarnofsky\b", re.IGNORECASE)),
)
# words that make another test of the same name
_ANOTHER_TEST: Final = re.compile(
    r"direct|conjugat|urine|fluid|amnio|micro|creatinine|ratio of|globulin|L3|ischemia",
    re.IGNORECASE,
)
_HIGHEST: Final = {
    "alpha-fetoprotein": Decimal(10_000_000),
    "bilirubin": Decimal(1000),
    "albumin": Decimal(7000),
    "inr": Decimal(20),
    "ecog": Decimal(5),
    "karnofsky": Decimal(100),
}
_WITHOUT_UNIT: Final = frozenset({"ecog", "karnofsky"})


class UnmappedCode(msgspec.Struct, frozen=True):
    """One code that no value set holds. ``proposal``: the value set that it may belong to."""

    system: str
    code: str
    display: str
    units: tuple[str, ...]
    lowest: Decimal | None
    highest: Decimal | None
    count: int
    proposal: str | None

    @property
    def line(self) -> str | None:
        """The line of ``[codes]`` in a site file, to be approved by a person."""
        if self.proposal is None:
            return None
        return f'"{_toml(self.system)}|{_toml(self.code)}" = "{self.proposal}"'


class _Group(msgspec.Struct):
    display: str = ""
    units: set[str] = set()
    values: list[Decimal] = []
    count: int = 0


def unmapped_codes(
    sources: ChartSources, patient_id: str, book: CodeBook, knowledge: KnowledgeOnDay
) -> tuple[UnmappedCode, ...]:
    """List the codes of this patient's observations that mean nothing here, commonest first.

    Raises ChartRejected.
    """
    keys = ("patient", "observations")
    record = read_record(sources, patient_id, keys=keys, types=("Observation",))
    groups: dict[tuple[str, str], _Group] = {}
    for one in record.of(Observation):
        if one.code is None or book.value_sets(one.code):
            continue
        for coding in each(one.code.coding):
            if coding.system and coding.code:
                group = groups.setdefault((coding.system, coding.code), _Group())
                _add(group, one, coding)
    factors = Factors.of(knowledge)
    found = [_unmapped(*named, group, factors) for named, group in groups.items()]
    return tuple(sorted(found, key=lambda one: (one.proposal is None, -one.count, one.code)))


def _add(group: _Group, one: Observation, coding: Coding) -> None:
    group.count += 1
    group.display = group.display or coding.display or (one.code.text if one.code else "") or ""
    measured = one.value_quantity
    if measured is not None:
        group.units.add(measured.code or measured.unit or "")
        if measured.value is not None:
            group.values.append(measured.value)
    elif one.value_integer is not None:
        group.values.append(Decimal(one.value_integer))


def _unmapped(system: str, code: str, group: _Group, factors: Factors) -> UnmappedCode:
    return UnmappedCode(
        system=system,
        code=code,
        display=group.display,
        units=tuple(sorted(group.units)),
        lowest=min(group.values, default=None),
        highest=max(group.values, default=None),
        count=group.count,
        proposal=_proposal(group, factors),
    )


def _proposal(group: _Group, factors: Factors) -> str | None:
    if _ANOTHER_TEST.search(group.display) or not group.values:
        return None
    for value_set, words in _NAMES:
        fits = all(0 <= value <= _HIGHEST[value_set] for value in group.values)
        if words.search(group.display) and fits:
            known = value_set in _WITHOUT_UNIT or all(
                scale_of(value_set, unit, factors) for unit in group.units or {""}
            )
            return value_set if known else None
    return None


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
