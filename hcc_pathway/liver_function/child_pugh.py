"""Child-Pugh class: computed from five components, compared with what somebody recorded.

A component that is not known has every number of points that it could have, so a score is an
interval and a class is only named when the whole interval lies in it (A17). Grades and negation
of ascites and encephalopathy: A34. Cut-offs are knowledge; values on a cut-off score 2.
"""

from datetime import date
from functools import partial
from typing import Final

import msgspec

from hcc_pathway.case import PatientCase, StoredChildPugh
from hcc_pathway.findings.latest import latest_usable
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.liver_function.child_pugh_points import (
    ASCITES,
    ENCEPHALOPATHY,
    Component,
    any_aged,
    measured,
    sign,
)

COMPONENTS: Final = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")
CLASSES: Final = ("A", "B", "C")
LOWEST_SCORE: Final = 5
HIGHEST_SCORE: Final = 15


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
        measured("bilirubin", case.bilirubin, knowledge, on),
        measured("albumin", case.albumin, knowledge, on),
        measured("inr", case.inr, knowledge, on),
        sign("ascites", case.ascites, ASCITES, knowledge, on),
        sign("encephalopathy", case.encephalopathy, ENCEPHALOPATHY, knowledge, on),
    )
    computed = (sum(part.low for part in components), sum(part.high for part in components))
    stored = latest_usable(case.stored_child_pugh, on, knowledge)
    return _decide(components, computed, stored, knowledge, on)


def class_of(score: int, knowledge: KnowledgeOnDay) -> str:
    """Name the class of a score: A 5-6, B 7-9, C 10-15."""
    if score <= knowledge.parameter("child-pugh-class-a-highest"):
        return "A"
    return "B" if score <= knowledge.parameter("child-pugh-class-b-highest") else "C"


def stored_bounds(stored: StoredChildPugh, knowledge: KnowledgeOnDay) -> tuple[int, int]:
    """Bound the scores that a stored score or class allows; a score outranks a class."""
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
        bounds = [stored_bounds(one, knowledge) for one in stored]
        recorded = (min(low for low, _ in bounds), max(high for _, high in bounds))
        differ = name(recorded[1]) < name(computed[0]) or name(computed[1]) < name(recorded[0])
        low, high = _combined(computed, recorded)
        stored_decides = (low, high) != computed
    aged = (
        any_aged([one.recorded_on for one in stored], knowledge, on)
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
