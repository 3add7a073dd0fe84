"""AFP, liver tests, Child-Pugh and ALBI with their days, as the pathway reads them."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from hcc_pathway.case import Reading, StoredChildPugh
from hcc_pathway.findings.afp_finding import state_of
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.liver_function.albi import albi
from hcc_pathway.liver_function.child_pugh import stored_bounds
from hcc_pathway.liver_function.child_pugh_points import points
from hcc_pathway.timeline.parts import AlbiPoint, ChildPughPoint, ReadingShown, Series

_Liver = Literal["bilirubin", "albumin", "inr"]
_UNITS: Final[dict[_Liver, str]] = {"bilirubin": "mg/dL", "albumin": "g/dL", "inr": "1"}
_COMPARATORS: Final[dict[str, Literal["", "<", "<=", ">", ">="]]] = {
    "": "",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


def measured_series(known: Assessment, knowledge: KnowledgeOnDay) -> tuple[Series, ...]:
    """Give AFP and the measured components of Child-Pugh, those first that decide an option."""
    case = known.case
    of_liver: dict[_Liver, tuple[Reading, ...]] = {
        "bilirubin": case.bilirubin,
        "albumin": case.albumin,
        "inr": case.inr,
    }
    return (
        _afp(known, knowledge),
        *(_component(name, readings, known, knowledge) for name, readings in of_liver.items()),
    )


def _afp(known: Assessment, knowledge: KnowledgeOnDay) -> Series:
    deciding = {one.source for one in known.afp.readings}
    return Series(
        input="alpha-fetoprotein",
        unit="ng/mL",
        threshold=knowledge.parameter("afp-threshold-ng-per-ml"),
        readings=tuple(
            _shown(
                one,
                state_of(one, knowledge, inclusive=known.site.afp_inclusive).value,
                decides=one.source in deciding,
            )
            for one in _oldest_first(known.case.afp)
        ),
    )


def _component(
    name: _Liver, readings: Sequence[Reading], known: Assessment, knowledge: KnowledgeOnDay
) -> Series:
    deciding = {
        source
        for part in known.liver.child_pugh.components
        if part.input == name
        for source in part.sources
    }
    return Series(
        input=name,
        unit=_UNITS[name],
        threshold=None,
        readings=tuple(
            _shown(one, _span(*points(name, one, knowledge)), decides=one.source in deciding)
            for one in _oldest_first(readings)
        ),
    )


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"


def _shown(reading: Reading, state: str, *, decides: bool) -> ReadingShown:
    return ReadingShown(
        day=reading.recorded_on,
        value=reading.number,
        comparator=_COMPARATORS[reading.comparator],
        unit=reading.unit,
        as_received=reading.as_received,
        source=reading.source,
        coded_as=reading.coded_as,
        state=state,
        decides=decides,
    )


def _oldest_first(readings: Sequence[Reading]) -> list[Reading]:
    return sorted(readings, key=lambda one: (one.earliest, one.latest, one.source))


def child_pugh_points(known: Assessment, knowledge: KnowledgeOnDay) -> tuple[ChildPughPoint, ...]:
    """Give what was stored, oldest first, and what the answer itself computed or took over."""
    stored = sorted(known.case.stored_child_pugh, key=lambda one: (one.earliest, one.source))
    found = known.liver.child_pugh
    named = {source for part in found.components for source in part.sources}
    named |= {one.source for one in found.stored} if found.stored_decides else set()
    computed = ChildPughPoint(
        day=known.on,
        kind="of-the-answer",
        lowest=found.lowest,
        highest=found.highest,
        child_pugh_class=found.child_pugh_class,
        as_received="",
        sources=tuple(sorted(named)),
    )
    return (*(_stored(one, knowledge) for one in stored), computed)


def _stored(one: StoredChildPugh, knowledge: KnowledgeOnDay) -> ChildPughPoint:
    lowest, highest = stored_bounds(one, knowledge)
    return ChildPughPoint(
        day=one.recorded_on,
        kind="stored",
        lowest=lowest,
        highest=highest,
        child_pugh_class=one.child_pugh_class,
        as_received=one.as_received,
        sources=(one.source,),
    )


def albi_points(known: Assessment, knowledge: KnowledgeOnDay) -> tuple[AlbiPoint, ...]:
    """Give ALBI of each day that has one plain value of bilirubin and one of albumin."""
    return tuple(_albi_by_day(known, knowledge))


def _albi_by_day(known: Assessment, knowledge: KnowledgeOnDay) -> Iterator[AlbiPoint]:
    bilirubin, albumin = _plain_by_day(known.case.bilirubin), _plain_by_day(known.case.albumin)
    for day in sorted(bilirubin.keys() & albumin.keys()):
        (one, one_source), (other, other_source) = bilirubin[day], albumin[day]
        found = albi(one, other, knowledge)
        if found is not None:
            yield AlbiPoint(
                day=day,
                score=found.score,
                grade=found.grade,
                sources=tuple(sorted((one_source, other_source))),
            )


def _plain_by_day(readings: Sequence[Reading]) -> dict[date, tuple[Decimal, str]]:
    """Keep the days on which all readings give one and the same plain number."""
    by_day: dict[date, list[Reading]] = {}
    for reading in _oldest_first(readings):
        by_day.setdefault(reading.recorded_on, []).append(reading)
    return {
        day: (same[0].number, same[0].source)
        for day, same in by_day.items()
        if len({(one.low, one.high) for one in same}) == 1 and not same[0].comparator
    }
