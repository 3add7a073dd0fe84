"""Where an answer contradicts the chart, and which records it takes the place of.

Nothing is decided here: the findings were made from chart and answers together. A contradiction
is named with the record and with the answer, and a record that no longer counts is listed, so
that no record is replaced and no answer dropped without a word.
"""

from collections.abc import Iterator

from hcc_pathway.answer import Answer, Phrase
from hcc_pathway.case import IgnoredRecord
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.clinician_answers.measured_contradictions import (
    Contradiction,
    measured_contradictions,
    measured_records,
    sources_used,
)
from hcc_pathway.clinician_answers.recorded_end import (
    ends_on_record,
    last_sorafenib_course,
    recorded_last_day,
    sources_of_the_end,
)
from hcc_pathway.clinician_answers.sources import is_answered, source_of_answer
from hcc_pathway.explanation.naming import name_sources, say_day
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import SorafenibCourse

_WITHOUT_SORAFENIB = frozenset({SorafenibCourse.NEVER, SorafenibCourse.ALLERGY_ONLY})


def contradictions_of(
    known: Assessment, recorded: Assessment, answers: ClinicianAnswers
) -> tuple[Contradiction, ...]:
    """List what chart and answers contradict each other in, each with its stable id.

    ``known`` is judged with the answers, ``recorded`` without any.
    """
    return (
        *_progression(known, recorded, answers),
        *_tolerance(recorded, answers),
        *_end_of_sorafenib(recorded, answers),
        *_no_sorafenib(known, answers),
        *measured_contradictions(known, recorded, answers),
    )


def superseded_by_answers(known: Assessment, recorded: Assessment) -> Iterator[IgnoredRecord]:
    """List records that no longer count beside an answer, and answers that a record outweighs."""
    before, after = sources_used(recorded), sources_used(known)
    for source in sorted(before - after):
        yield IgnoredRecord(source, Phrase("ignored-superseded-by-answer"))
    answered = {one.source for one in measured_records(known.case) if is_answered(one.source)}
    for source in sorted(answered - after):
        yield IgnoredRecord(source, Phrase("ignored-answer-outweighed"))


def _progression(
    known: Assessment, recorded: Assessment, answers: ClinicianAnswers
) -> Iterator[Contradiction]:
    event, answered = recorded.treatment.progression, answers.progressed_on
    answer = source_of_answer("progression")
    if answers.progressed is False and event is not None:
        said = {"day": say_day(event.day), "source": event.source, "answer": answer}
        yield "progression-answered-no", Phrase.of("progression-answered-no", **said)
    if not answers.progressed or answered is None:
        return
    used = known.treatment.progression
    if event is None or event.day is None:
        sorafenib = known.treatment.history.sorafenib
        rests_on = (sorafenib.progression_source, "" if used is None else used.source)
        if not any(is_answered(source) for source in rests_on):
            said = {"answered": answered.isoformat(), "answer": answer}
            yield (
                "progression-answered-not-used",
                Phrase.of("progression-answered-not-used", **said),
            )
    elif not event.day.earliest <= answered <= event.day.latest:
        phrase = Phrase.of(
            "progression-answered-differently",
            day=say_day(event.day),
            source=event.source,
            answered=answered,
            answer=answer,
            used=say_day(used.day if used is not None else None),
        )
        yield "progression-answered-differently", phrase


def _tolerance(recorded: Assessment, answers: ClinicianAnswers) -> Iterator[Contradiction]:
    sorafenib = recorded.treatment.history.sorafenib
    if answers.not_tolerated is False and sorafenib.intolerance is Answer.MET:
        yield (
            "tolerance-answered-no",
            Phrase.of(
                "tolerance-answered-no",
                source=name_sources(sorafenib.intolerance_sources),
                answer=source_of_answer("sorafenib-intolerance"),
            ),
        )


def _end_of_sorafenib(recorded: Assessment, answers: ClinicianAnswers) -> Iterator[Contradiction]:
    """A32: sorafenib that runs in the chart, and a last day other than the recorded one."""
    course = last_sorafenib_course(recorded.case, recorded.on)
    if course is None or not answers.not_tolerated:
        return
    answer = source_of_answer("sorafenib-intolerance")
    source = name_sources(sources_of_the_end(course, recorded.on))
    if course.running:
        phrase = Phrase.of("stop-answered-while-running", source=source, answer=answer)
        yield "stop-answered-while-running", phrase
    day, stopped = recorded_last_day(course, recorded.on), answers.stopped_on
    if day is None or stopped is None or stopped == day:
        return
    if stopped < day or ends_on_record(course):
        yield (
            "stop-day-answered-differently",
            Phrase.of(
                "stop-day-answered-differently",
                day=day,
                source=source,
                answered=stopped,
                answer=answer,
            ),
        )


def _no_sorafenib(known: Assessment, answers: ClinicianAnswers) -> Iterator[Contradiction]:
    """Name answers about sorafenib where nothing says that it was taken (A22, A33)."""
    if known.treatment.course not in _WITHOUT_SORAFENIB:
        return
    for given, fact in (
        (answers.took_minimum_dose, "sorafenib-exposure"),
        (answers.not_tolerated, "sorafenib-intolerance"),
    ):
        if given:
            phrase = Phrase.of("sorafenib-answered-without-record", answer=source_of_answer(fact))
            yield f"{fact}-answered-without-record", phrase
