"""Child-Pugh class: computed from five components, compared with what somebody recorded.

A component that is not known has every number of points that it could have, so a score is an
interval and a class is only named when the whole interval lies in it (A17). Grades and negation
of ascites and encephalopathy: A34. Cut-offs are knowledge; values on a cut-off score 2.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

import msgspec

from hcc_pathway.case import Grade, PatientCase, Reading, SignRecord, StoredChildPugh
from hcc_pathway.knowledge_base import KnowledgeOnDay
from hcc_pathway.latest import Freshness, freshness, latest_usable

COMPONENTS: Final = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")
CLASSES: Final = ("A", "B", "C")
LOWEST_SCORE: Final = 5
HIGHEST_SCORE: Final = 15
_ASCITES: Final = {Grade.MILD: 2, Grade.MODERATE: 3, Grade.SEVERE: 3}
_ENCEPHALOPATHY: Final = {Grade.MILD: 2, Grade.MODERATE: 2, Grade.SEVERE: 3}


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


class ChildPugh(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the Child-Pugh class, and from what.

    ``lowest`` and ``highest`` bound the deciding score (5 to 15). ``differ`` says that stored and
    computed classes exclude each other: the worse decides and a conflict is due (A17).
    """

    lowest: int
    highest: int
    lowest_class: str
    highest_class: str
    components: tuple[Component, ...]
    computed_lowest: int
    computed_highest: int
    stored: tuple[StoredChildPugh, ...] = ()
    stored_decides: bool = False
    differ: bool = False
    aged: bool = False

    @property
    def child_pugh_class(self) -> str | None:
        """A, B or C where certain."""
        return self.lowest_class if self.lowest_class == self.highest_class else None

    @property
    def score(self) -> int | None:
        """The score where certain."""
        return self.lowest if self.lowest == self.highest else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The components whose points are not certain."""
        return tuple(part.input for part in self.components if not part.certain)

    @property
    def aged_components(self) -> tuple[str, ...]:
        """The components that rest on a record 31 to 90 days old."""
        return tuple(part.input for part in self.components if part.aged)


def child_pugh(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> ChildPugh:
    """Judge the Child-Pugh class of a patient on a day (A17, A31, A34)."""
    components = (
        _measured("bilirubin", case.bilirubin, knowledge, on),
        _measured("albumin", case.albumin, knowledge, on),
        _measured("inr", case.inr, knowledge, on),
        _sign("ascites", case.ascites, _ASCITES, knowledge, on),
        _sign("encephalopathy", case.encephalopathy, _ENCEPHALOPATHY, knowledge, on),
    )
    computed = (sum(part.low for part in components), sum(part.high for part in components))
    stored = latest_usable(case.stored_child_pugh, on, knowledge)
    return _decide(components, computed, stored, knowledge, on)


def class_of(score: int, knowledge: KnowledgeOnDay) -> str:
    """Name the class of a score: A 5-6, B 7-9, C 10-15."""
    if score <= knowledge.parameter("child-pugh-class-a-highest"):
        return "A"
    return "B" if score <= knowledge.parameter("child-pugh-class-b-highest") else "C"


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


def _measured(
    component: str, readings: Sequence[Reading], knowledge: KnowledgeOnDay, on: date
) -> Component:
    deciding = latest_usable(readings, on, knowledge)
    if not deciding:
        return Component(input=component)
    bounds = [points(component, reading, knowledge) for reading in deciding]
    return Component(
        input=component,
        low=min(low for low, _ in bounds),
        high=max(high for _, high in bounds),
        aged=_any_aged([reading.recorded_on for reading in deciding], knowledge, on),
        sources=tuple(reading.source for reading in deciding),
    )


def _any_aged(days: Sequence[date | None], knowledge: KnowledgeOnDay, on: date) -> bool:
    return any(freshness(day, on, knowledge) is Freshness.AGED for day in days)


def _sign(
    sign: str,
    records: Sequence[SignRecord],
    points_of: dict[Grade, int],
    knowledge: KnowledgeOnDay,
    on: date,
) -> Component:
    """Ascites or encephalopathy: the later of present and refuted decides, a tie is open (A34)."""
    present = [one for one in records if one.present]
    refuted = [
        one
        for one in records
        if not one.present and freshness(one.recorded_on, on, knowledge) is not Freshness.STALE
    ]
    last_refuted = max((one.recorded_on or date.min for one in refuted), default=date.min)
    holding = [one for one in present if one.recorded_on is None or one.recorded_on > last_refuted]
    tied = [one for one in present if one.recorded_on == last_refuted]
    undated = any(one.recorded_on is None for one in present)
    if refuted and (tied or undated) and not _surely_later(holding):
        return Component(
            input=sign,
            present_and_refuted=True,
            sources=_sources([*present, *refuted]),
        )
    if holding:
        bounds = [(2, 3) if one.grade is None else (points_of[one.grade],) * 2 for one in holding]
        return Component(
            input=sign,
            low=max(low for low, _ in bounds),
            high=max(high for _, high in bounds),
            sources=_sources(holding),
        )
    if refuted:
        deciding = [one for one in refuted if one.recorded_on == last_refuted]
        return Component(
            input=sign,
            low=1,
            high=1,
            aged=_any_aged([last_refuted], knowledge, on),
            sources=_sources(deciding),
        )
    return Component(input=sign)


def _surely_later(holding: Sequence[SignRecord]) -> bool:
    return any(one.recorded_on is not None for one in holding)


def _sources(records: Sequence[SignRecord]) -> tuple[str, ...]:
    return tuple(sorted(one.source for one in records))


def _stored_bounds(stored: StoredChildPugh, knowledge: KnowledgeOnDay) -> tuple[int, int]:
    """Bound the scores that a stored score or class allows; a score outranks the class beside it."""
    if stored.score is not None:
        return stored.score, stored.score
    a_highest = int(knowledge.parameter("child-pugh-class-a-highest"))
    b_highest = int(knowledge.parameter("child-pugh-class-b-highest"))
    return {
        "A": (LOWEST_SCORE, a_highest),
        "B": (a_highest + 1, b_highest),
        "C": (b_highest + 1, HIGHEST_SCORE),
    }.get(stored.child_pugh_class or "", (LOWEST_SCORE, HIGHEST_SCORE))


def _decide(
    components: tuple[Component, ...],
    computed: tuple[int, int],
    stored: tuple[StoredChildPugh, ...],
    knowledge: KnowledgeOnDay,
    on: date,
) -> ChildPugh:
    name = partial(class_of, knowledge=knowledge)
    low, high, differ, stored_decides = *computed, False, False
    if stored:
        bounds = [_stored_bounds(one, knowledge) for one in stored]
        recorded = (min(low for low, _ in bounds), max(high for _, high in bounds))
        differ = name(recorded[1]) < name(computed[0]) or name(computed[1]) < name(recorded[0])
        low, high = _combined(computed, recorded)
        stored_decides = (low, high) != computed
    aged = (
        _any_aged([one.recorded_on for one in stored], knowledge, on)
        if stored_decides
        else any(part.aged for part in components)
    )
    return ChildPugh(
        lowest=low,
        highest=high,
        lowest_class=name(low),
        highest_class=name(high),
        components=components,
        computed_lowest=computed[0],
        computed_highest=computed[1],
        stored=stored,
        stored_decides=stored_decides,
        differ=differ,
        aged=aged,
    )


def _combined(computed: tuple[int, int], recorded: tuple[int, int]) -> tuple[int, int]:
    """Keep what both allow; where they exclude each other, the worse of the two."""
    low, high = max(computed[0], recorded[0]), min(computed[1], recorded[1])
    return (low, high) if low <= high else max(computed, recorded)
