"""ECOG performance status, in the groups that the pathway tells apart (A18, A31)."""

from datetime import date

import msgspec

from hcc_pathway.answer import Phrase
from hcc_pathway.case import EcogReading, PatientCase
from hcc_pathway.findings.findings import EcogState
from hcc_pathway.findings.latest import Freshness, freshness, latest, usable
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay


class PerformanceFinding(msgspec.Struct, frozen=True, kw_only=True):
    """The group of the latest usable performance status, and the readings behind it."""

    state: EcogState
    readings: tuple[EcogReading, ...] = ()
    aged: bool = False
    near: tuple[EcogState, ...] = ()  # groups one grade away
    conflict: Phrase | None = None
    too_old: tuple[EcogReading, ...] = ()


def performance_finding(
    case: PatientCase, knowledge: KnowledgeOnDay, on: date
) -> PerformanceFinding:
    """Judge the latest usable grade; grades of one moment in different groups decide nothing."""
    in_time = usable(case.ecog, on, knowledge)
    if not in_time:
        return PerformanceFinding(state=EcogState.UNKNOWN, too_old=latest(case.ecog))
    last = latest(in_time)
    states = {_group(reading.grade, knowledge) for reading in last}
    aged = any(freshness(reading.recorded_on, on, knowledge) is Freshness.AGED for reading in last)
    if len(states) > 1:
        phrase = Phrase.of(
            "ecog-readings-disagree",
            first=min(reading.grade for reading in last),
            second=max(reading.grade for reading in last),
            day=last[0].recorded_on,
        )
        return PerformanceFinding(
            state=EcogState.UNKNOWN, readings=last, aged=aged, conflict=phrase
        )
    (state,) = states
    reach = int(knowledge.parameter("near-ecog-grades"))
    neighbours = {
        _group(reading.grade + step, knowledge) for reading in last for step in (-reach, reach)
    } - {state}
    return PerformanceFinding(
        state=state, readings=last, aged=aged, near=tuple(sorted(neighbours))
    )


def _group(grade: int, knowledge: KnowledgeOnDay) -> EcogState:
    if grade <= knowledge.parameter("ecog-highest-in-trials"):
        return EcogState.GOOD
    if grade <= knowledge.parameter("ecog-highest-with-drug"):
        return EcogState.TWO
    return EcogState.POOR
