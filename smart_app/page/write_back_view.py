"""What is said before answers are written: each fact, what stays beside it, the next card."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fhir_mappings.clinical_facts.own_observations import with_observations
from fhir_mappings.outgoing.clinician_observations import Authorship
from hcc_pathway.answer import Answer
from hcc_pathway.findings.assessment import assess
from hcc_pathway.recommendation import Recommendation
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.doors import PageDoors
from smart_app.page.therapy_names import therapy_label
from smart_app.page.values import day_text
from smart_app.page.words import Words
from smart_app.write_back.facts import AnsweredFact, Writable, shown_as
from smart_app.write_back.standing import EarlierRecord, StandingFact, about_chart
from smart_app.write_back.wording import FactWords, fact_words

_TYPE: Final = "Observation"
_WRITTEN_WHEN: Final = {"progressed": True, "not_tolerated": True}


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact; ``confirmed_as`` is what a form sends for exactly this one."""

    words: FactWords
    confirmed_as: str
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WriteBackView:
    """What can be written, what was, and what cards will know of it."""

    possible: bool
    clinician: str
    offered: tuple[FactView, ...]
    written: tuple[FactView, ...]
    ahead: tuple[str, ...]  # of the next card, once all that is offered is written
    kept_here: tuple[str, ...]  # answers that no card will know


def write_back_view(chart: AnsweredChart, doors: PageDoors, words: Words) -> WriteBackView:
    """Give the view; nothing is sent, and the look ahead changes nothing."""
    possible = _TYPE in chart.opened.writable
    standing = () if chart.refused else chart.standing
    open_facts = [one for one in standing if not one.is_written] if possible else []
    written = [one for one in standing if one.is_written]
    offered = tuple(_fact(one, chart, words) for one in open_facts)
    return WriteBackView(
        possible=possible,
        clinician=chart.opened.clinician or "",
        offered=offered,
        written=tuple(_fact(one, chart, words) for one in written),
        ahead=tuple(_ahead([one.fact for one in open_facts], chart, doors, words))
        if offered or written
        else (),
        kept_here=tuple(_kept_here(chart, words)) if offered or written else (),
    )


def _fact(one: StandingFact, chart: AnsweredChart, words: Words) -> FactView:
    return FactView(
        words=fact_words(one.fact, words),
        confirmed_as=shown_as(one.fact, about_chart(chart.opened)),
        source=one.source if one.is_written else "",
        notes=tuple(_notes(one, words)),
    )


def _notes(one: StandingFact, words: Words) -> Iterator[str]:
    if one.source and not one.is_written:
        yield words.say("write-back.sent")
    if one.is_written and not one.in_chart:
        yield words.say("write-back.not-in-chart")
    for earlier in one.earlier:
        yield _stays(earlier, words)


def _stays(earlier: EarlierRecord, words: Words) -> str:
    source = earlier.source
    if earlier.said:
        source = words.say("write-back.grade", source=source, said=earlier.said)
    return words.say("write-back.earlier", source=source, day=day_text(earlier.day, words))


def _ahead(
    facts: list[AnsweredFact], chart: AnsweredChart, doors: PageDoors, words: Words
) -> Iterator[str]:
    """Say what the next card says, by the very function that it asks."""
    resources = [one.resource(_authorship(one, chart, doors)) for one in facts]
    sources = with_observations(chart.opened.sources, resources)
    document, case, knowledge = doors.recommend(sources, chart.opened.patient_id, chart.on)
    names = [therapy_label(one.therapy, knowledge) for one in document.options]
    yield words.say(
        "write-back.next-card" if facts else "write-back.cards-now",
        patient_class=words.name("class", document.patient_class.value),
        drugs=words.either(names) if names else words.say("change.nothing"),
    )
    if _says(document) != _says(chart.document):
        yield words.say("write-back.differs")
    of_tolerance = any(one.fact.kind is Writable.INTOLERANCE for one in chart.standing)
    findings = assess(case, knowledge, chart.on, doors.policy).findings
    if of_tolerance and findings.intolerance is not Answer.MET:
        yield words.say("write-back.tolerance-waits")


def _says(document: Recommendation) -> tuple[object, ...]:
    return document.patient_class, [one.therapy for one in document.options]


def _authorship(fact: AnsweredFact, chart: AnsweredChart, doors: PageDoors) -> Authorship:
    return Authorship(
        patient_id=chart.opened.patient_id,
        clinician=chart.opened.clinician or "",
        issued=datetime.now(UTC),
        identifier=doors.names.of(fact, about_chart(chart.opened)),
        note="",
    )


def _kept_here(chart: AnsweredChart, words: Words) -> Iterator[str]:
    """Name the answers that have no resource of their own."""
    for name in sorted(chart.answers.given - {"ecog"}):
        if getattr(chart.answers, name) != _WRITTEN_WHEN.get(name):
            yield words.say(f"question.{name}")
    if chart.answers.stopped_on is not None:
        yield words.say("question.stopped_on")
