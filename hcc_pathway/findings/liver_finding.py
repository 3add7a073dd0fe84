"""Child-Pugh as the pathway uses it, with the conflicts behind it and ALBI beside it (A17)."""

from datetime import date
from decimal import Decimal

import msgspec

from hcc_pathway.answer import Phrase
from hcc_pathway.case import PatientCase, Reading
from hcc_pathway.findings.findings import ChildPughState
from hcc_pathway.findings.latest import latest_usable
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.liver_function.albi import Albi, albi
from hcc_pathway.liver_function.child_pugh import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    ChildPugh,
    child_pugh,
    class_of,
)

_STATES = {
    ("A", "A"): ChildPughState.A,
    ("B", "B"): ChildPughState.B,
    ("C", "C"): ChildPughState.C,
    ("B", "C"): ChildPughState.AT_LEAST_B,
}


class LiverFinding(msgspec.Struct, frozen=True, kw_only=True):
    """The class as far as it is certain, how it was reached, and ALBI where it can be had."""

    state: ChildPughState
    child_pugh: ChildPugh
    albi: Albi | None
    near: tuple[ChildPughState, ...] = ()  # classes within reach of the certain one
    conflicts: tuple[tuple[str, Phrase], ...] = ()


def liver_finding(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> LiverFinding:
    """Judge liver function on a day."""
    found = child_pugh(case, knowledge, on)
    state = _STATES.get((found.lowest_class, found.highest_class), ChildPughState.UNKNOWN)
    return LiverFinding(
        state=state,
        child_pugh=found,
        albi=_albi(case, knowledge, on),
        near=_near(found, knowledge),
        conflicts=_conflicts(found, knowledge),
    )


def _near(found: ChildPugh, knowledge: KnowledgeOnDay) -> tuple[ChildPughState, ...]:
    if found.child_pugh_class is None:
        return ()
    reach = int(knowledge.parameter("near-child-pugh-points"))
    scores = (max(found.lowest - reach, LOWEST_SCORE), min(found.highest + reach, HIGHEST_SCORE))
    classes = {class_of(score, knowledge) for score in scores} - {found.child_pugh_class}
    return tuple(ChildPughState(name.lower()) for name in sorted(classes))


def _albi(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> Albi | None:
    bilirubin = _one_value(case.bilirubin, knowledge, on)
    albumin = _one_value(case.albumin, knowledge, on)
    if bilirubin is None or albumin is None:
        return None
    return albi(bilirubin, albumin, knowledge)


def _one_value(
    readings: tuple[Reading, ...], knowledge: KnowledgeOnDay, on: date
) -> Decimal | None:
    values = {(reading.low, reading.high) for reading in latest_usable(readings, on, knowledge)}
    if len(values) != 1:
        return None
    ((low, high),) = values
    return low if low == high else None


def _conflicts(found: ChildPugh, knowledge: KnowledgeOnDay) -> tuple[tuple[str, Phrase], ...]:
    conflicts = []
    if found.differ:
        stored = found.stored[0]
        phrase = Phrase.of(
            "child-pugh-differs",
            stored=stored.as_received,
            day=stored.recorded_on,
            source=stored.source,
            computed=computed_class(found, knowledge),
            decides=found.child_pugh_class or f"{found.lowest_class}-{found.highest_class}",
        )
        conflicts.append(("child-pugh-stored-and-computed-differ", phrase))
    conflicts += [
        (
            "sign-present-and-refuted-same-day",
            Phrase.of(
                "sign-present-and-refuted", sign=part.input, sources=", ".join(part.sources)
            ),
        )
        for part in found.components
        if part.present_and_refuted
    ]
    return tuple(conflicts)


def computed_class(found: ChildPugh, knowledge: KnowledgeOnDay) -> str:
    """Give the class that the components alone give, with its score: "B 7" or "A-B 5-8"."""
    low, high = found.computed_lowest, found.computed_highest
    if low == high:
        return f"{class_of(low, knowledge)} {low}"
    classes = dict.fromkeys((class_of(low, knowledge), class_of(high, knowledge)))
    return f"{'-'.join(classes)} {low}-{high}"
