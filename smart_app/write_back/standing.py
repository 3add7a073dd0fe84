"""Where the answers of a session stand: in the chart, sent, not yet written; and what is beside.

Nothing is ever changed in a chart, so an answer that was written and is then answered otherwise
leaves two Observations there: the earlier one is named before the other is confirmed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from fhir_mappings.clinical_facts.own_observations import OwnObservation, own_observations
from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from smart_app.opened_chart import OpenedChart
from smart_app.sessions.contents import WrittenFact
from smart_app.write_back.facts import (
    CODES,
    AnsweredFact,
    ObservationNames,
    WhoAndWhose,
    Writable,
    answered_facts,
)

_FIELDS: Final = {
    Writable.PROGRESSION: ("progressed", "progressed_on"),
    Writable.INTOLERANCE: ("not_tolerated", "stopped_on"),
    Writable.ECOG: ("ecog",),
}


@dataclass(frozen=True, slots=True)
class EarlierRecord:
    """What stays in the chart beside a fact, and can go on deciding. ``said``: a grade, or ""."""

    source: str
    day: date | None
    said: str


@dataclass(frozen=True, slots=True)
class StandingFact:
    """One answer that can be written, and where it stands.

    ``source`` is where it was written ("" where it was not, "?" where nobody knows);
    ``in_chart``: the chart as it was read holds it and counts it.
    """

    fact: AnsweredFact
    source: str
    in_chart: bool
    earlier: tuple[EarlierRecord, ...]

    @property
    def is_written(self) -> bool:
        """Whether an EHR took it."""
        return self.source not in {"", WrittenFact.NOT_KNOWN}


def standing_facts(
    opened: OpenedChart,
    answers: ClinicianAnswers,
    recorded: PatientCase,
    on: date,
    names: ObservationNames,
) -> tuple[StandingFact, ...]:
    """Look up each answer that can be written; ``recorded`` is the chart without answers."""
    facts = [*answered_facts(answers, on)]
    if not facts:
        return ()
    own = own_observations(opened.sources, opened.patient_id, names.system)
    about = about_chart(opened)
    return tuple(_standing(one, opened, own, recorded, names.of(one, about)[1]) for one in facts)


def without_what_the_chart_holds(
    answers: ClinicianAnswers, standing: Iterable[StandingFact], *, intolerance_counts: bool
) -> ClinicianAnswers:
    """Leave out the answers that were written and now stand in the chart: they count once.

    That sorafenib was not tolerated stays an answer until the chart counts it by itself (A32).
    """
    gone = {one.fact.kind for one in standing if one.in_chart}
    if not intolerance_counts:
        gone.discard(Writable.INTOLERANCE)
    fields = dict.fromkeys(name for kind in gone for name in _FIELDS[kind])
    return msgspec.structs.replace(answers, **fields)


def about_chart(opened: OpenedChart) -> WhoAndWhose:
    """Say in whose name, and to whose chart, something of this session is written."""
    return WhoAndWhose(opened.ehr_name, opened.patient_id, opened.clinician)


def _standing(
    fact: AnsweredFact,
    opened: OpenedChart,
    own: Sequence[OwnObservation],
    recorded: PatientCase,
    identifier: str,
) -> StandingFact:
    same = next((one for one in own if one.identifier == identifier), None)
    sent = opened.written.get(fact.digest)
    unread = "" if sent is None else sent.source
    source = unread if same is None else same.source
    found = {one.source: one for one in _earlier(fact, opened, own, recorded)}
    found.pop(source, None)
    in_chart = same is not None and same.counts
    return StandingFact(fact, source, in_chart, tuple(found.values()))


def _earlier(
    fact: AnsweredFact, opened: OpenedChart, own: Sequence[OwnObservation], recorded: PatientCase
) -> Iterator[EarlierRecord]:
    withdrawn = {one.source for one in own if not one.counts}
    for digest, sent in opened.written.items():
        if digest != fact.digest and sent.kind == fact.kind and sent.source not in withdrawn:
            yield EarlierRecord(_place(sent), sent.day, _grade(sent.kind, sent.said))
    for one in own:
        kind = CODES.get(one.code)
        if one.counts and kind is fact.kind:
            yield EarlierRecord(one.source, one.day, _grade(kind, one.said))
    if fact.kind is Writable.PROGRESSION:
        for recorded_one in recorded.progressions:
            yield EarlierRecord(recorded_one.source, recorded_one.day.earliest, "")


def _place(sent: WrittenFact) -> str:
    return "Observation" if sent.source == WrittenFact.NOT_KNOWN else sent.source


def _grade(kind: str, said: str) -> str:
    return said if kind == Writable.ECOG else ""
