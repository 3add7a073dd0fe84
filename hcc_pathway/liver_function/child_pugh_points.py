"""The five components of Child-Pugh in points, as far as each is known (A17, A31, A34)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from hcc_pathway.case import Grade, Reading, SignRecord
from hcc_pathway.findings.latest import Freshness, freshness, latest_usable
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

ASCITES: Final = {Grade.MILD: 2, Grade.MODERATE: 3, Grade.SEVERE: 3}
ENCEPHALOPATHY: Final = {Grade.MILD: 2, Grade.MODERATE: 2, Grade.SEVERE: 3}


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """The points that one component may have; low == high when they are certain."""

    input: str  # "bilirubin", ... : input names of the document
    low: int = 1
    high: int = 3
    aged: bool = False  # resting on a record 31 to 90 days old (A31)
    present_and_refuted: bool = False  # on the same day: nobody can say which holds (A34)
    sources: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the points are known."""
        return self.low == self.high


def points(component: str, reading: Reading, knowledge: KnowledgeOnDay) -> tuple[int, int]:
    """Give the fewest and most points that a reading of bilirubin, albumin or INR may have.

    ``> 2.8 g/dL`` of albumin is 1 to 2 points: what the comparator leaves open stays open.
    """
    middle_from, middle_to, rising = _middle(component, knowledge)
    low, high = reading.low, reading.high
    fewest = 1
    if low > middle_to or (low == middle_to and not reading.low_included):
        fewest = 3
    elif low >= middle_from:
        fewest = 2
    most = 3
    if high is not None and high <= middle_to:
        below = high < middle_from or (high == middle_from and not reading.high_included)
        most = 1 if below else 2
    return (fewest, most) if rising else (4 - most, 4 - fewest)


def _middle(component: str, knowledge: KnowledgeOnDay) -> tuple[Decimal, Decimal, bool]:
    """Give the range that scores 2, both ends included, and whether points rise with the value."""
    parameter = knowledge.parameter
    if component == "bilirubin":
        return (
            parameter("child-pugh-bilirubin-two-points-from-mg-per-dl"),
            parameter("child-pugh-bilirubin-two-points-to-mg-per-dl"),
            True,
        )
    if component == "inr":
        return (
            parameter("child-pugh-inr-two-points-from"),
            parameter("child-pugh-inr-two-points-to"),
            True,
        )
    return (
        parameter("child-pugh-albumin-two-points-from-g-per-dl"),
        parameter("child-pugh-albumin-two-points-to-g-per-dl"),
        False,
    )


def measured(
    component: str, readings: Sequence[Reading], knowledge: KnowledgeOnDay, on: date
) -> Component:
    """Score bilirubin, albumin or INR by the latest usable reading; a tie spans all of them."""
    deciding = latest_usable(readings, on, knowledge)
    if not deciding:
        return Component(input=component)
    bounds = [points(component, reading, knowledge) for reading in deciding]
    return Component(
        input=component,
        low=min(low for low, _ in bounds),
        high=max(high for _, high in bounds),
        aged=any_aged([reading.recorded_on for reading in deciding], knowledge, on),
        sources=tuple(reading.source for reading in deciding),
    )


def any_aged(days: Sequence[date | None], knowledge: KnowledgeOnDay, on: date) -> bool:
    """Whether one of the days lies 31 to 90 days back (A31)."""
    return any(freshness(day, on, knowledge) is Freshness.AGED for day in days)


def sign(
    name: str,
    records: Sequence[SignRecord],
    points_of: dict[Grade, int],
    knowledge: KnowledgeOnDay,
    on: date,
) -> Component:
    """Ascites or encephalopathy: the later of present and refuted decides, a tie is open (A34).

    A clinician's answer says how it stands on its day: what was recorded until then is past.
    """
    answered = max((one.answered_on for one in records if one.answered_on), default=None)
    if answered is not None:
        records = [one for one in records if one.answered_on or _after(one, answered)]
    present = [one for one in records if one.present]
    refuted = [
        one
        for one in records
        if not one.present and freshness(one.recorded_on, on, knowledge) is not Freshness.STALE
    ]
    last_refuted = max((one.recorded_on or date.min for one in refuted), default=date.min)
    later = any(one.recorded_on and one.recorded_on > last_refuted for one in present)
    if later or not refuted:
        return _present(name, present, last_refuted, points_of)
    if any(one.recorded_on in {None, last_refuted} for one in present):
        return Component(
            input=name, present_and_refuted=True, sources=_sources([*present, *refuted])
        )
    deciding = [one for one in refuted if one.recorded_on == last_refuted]
    aged = any_aged([last_refuted], knowledge, on)
    return Component(input=name, low=1, high=1, aged=aged, sources=_sources(deciding))


def _after(record: SignRecord, day: date) -> bool:
    return record.recorded_on is not None and record.recorded_on > day


def _present(
    name: str, present: Sequence[SignRecord], after: date, points_of: dict[Grade, int]
) -> Component:
    """Score what is present: the worst of the records that hold; no record is unknown."""
    holding = [one for one in present if one.recorded_on is None or one.recorded_on > after]
    if not holding:
        return Component(input=name)
    bounds = [(2, 3) if one.grade is None else (points_of[one.grade],) * 2 for one in holding]
    return Component(
        input=name,
        low=max(low for low, _ in bounds),
        high=max(high for _, high in bounds),
        sources=_sources(holding),
    )


def _sources(records: Sequence[SignRecord]) -> tuple[str, ...]:
    return tuple(sorted(one.source for one in records))
