"""What stands at the top: the answer in one look, the facts it hangs on, what to be wary of."""

from collections.abc import Iterator
from dataclasses import dataclass

from hcc_pathway.answer import Answer
from hcc_pathway.clinician_answers.sources import is_answered
from hcc_pathway.decision.decision import Standing
from hcc_pathway.explanation.afp_check import afp_check
from hcc_pathway.explanation.stated import stated_incomplete
from hcc_pathway.findings.findings import DiagnosisState, SorafenibCourse
from hcc_pathway.recommendation import InputUsed, LineOfTherapy, PatientClass
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.therapy_names import therapy_label, therapy_labels
from smart_app.page.values import child_pugh_text, day_text, days_text, value_text
from smart_app.page.words import Words

# what stops every drug, with the sentence that says so
_BARRIERS = {
    "prior-lines": "history-cut",
    "diagnosis": "diagnosis",
    "child-pugh": "child-pugh",
    "ecog": "ecog",
}
_OPEN = frozenset({"diagnosis", "history-cut", "lines-incomplete"})
_WITHOUT_SORAFENIB = frozenset({SorafenibCourse.NEVER, SorafenibCourse.ALLERGY_ONLY})


@dataclass(frozen=True, slots=True)
class KeyFact:
    """One fact that the answer hangs on; ``state`` is met, not-met, unknown or plain."""

    name: str
    value: str
    day: str
    state: str
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer in one look."""

    patient_class: str
    line: str
    kicker: str
    headline: str
    lead: str
    facts: tuple[KeyFact, ...]
    conflicts: tuple[str, ...]
    warnings: tuple[str, ...]
    answers_used: int
    answers_written: int  # used, too: written to the EHR, and not counted by the chart yet


def summary_of(chart: AnsweredChart, words: Words) -> Summary:
    """Sum up one answer."""
    document = chart.document
    names = [therapy_label(one.therapy, chart.knowledge) for one in document.options]
    kicker, headline = _headline(chart, names, words)
    answered = [one for one in document.inputs if is_answered(one.source)]
    sent = {one.fact.kind.value for one in chart.standing if one.is_written}
    written = [one.input in sent for one in answered]
    return Summary(
        patient_class=words.name("class", document.patient_class.value),
        line=words.name("line", document.line.value),
        kicker=kicker,
        headline=headline,
        lead=words.say(f"lead.{_lead(chart)}", drugs=_last_drugs(chart)),
        facts=tuple(_facts(chart, words)),
        conflicts=tuple(one.text for one in document.conflicts),
        warnings=tuple(_warnings(chart, words)),
        answers_used=len(answered) - sum(written),
        answers_written=sum(written),
    )


def _headline(chart: AnsweredChart, names: list[str], words: Words) -> tuple[str, str]:
    if names:
        kicker = "headline.unranked" if len(names) > 1 else "headline.one"
        if chart.document.patient_class is PatientClass.UNDETERMINED:
            kicker = "headline.so-far"
        return words.say(kicker), words.either(names)
    patient_class = chart.document.patient_class
    if patient_class is PatientClass.UNDETERMINED:
        return "", words.say("headline.open")
    if patient_class is not PatientClass.NOT_APPLICABLE:
        return "", words.say("headline.open" if _lead(chart) in _OPEN else "headline.no-drug")
    later = {Standing.NEVER_SORAFENIB, Standing.NOT_FOR_THIS_PATHWAY}
    apart = chart.decision.standing in later
    return "", words.say("headline.not-for" if apart else "headline.not-now")


def _lead(chart: AnsweredChart) -> str:
    """Name the sentence that says why: what stops every drug, else how the patient stands."""
    document = chart.document
    if not document.options and document.patient_class is not PatientClass.NOT_APPLICABLE:
        criteria = {one.criterion for one in document.withheld}
        for barrier, sentence in _BARRIERS.items():
            if barrier in criteria:
                return _as_answered(chart, sentence)
        if document.line is LineOfTherapy.BEYOND_THIRD:
            return "line"
        if document.line is LineOfTherapy.THIRD and "not-already-given" in criteria:
            return "nothing"
    return _as_answered(chart, chart.decision.standing.value)


def _as_answered(chart: AnsweredChart, sentence: str) -> str:
    """Take the sentence that says what was answered, where the other would pass over it."""
    no = {one.input for one in chart.case.context if is_answered(one.source)}
    if sentence == "history-cut" and stated_incomplete(chart.case) is not None:
        return "lines-incomplete"
    if sentence == Standing.NOT_FOR_THIS_PATHWAY.value:
        excluded = chart.known.findings.diagnosis is DiagnosisState.EXCLUDED
        answered = any(is_answered(one.source) for one in chart.known.diagnoses)
        return "answered-not-hcc" if excluded and answered else sentence
    if sentence == Standing.END_UNEXPLAINED.value and no:
        missing = {
            "progression": "end-no-intolerance",
            "sorafenib-intolerance": "end-no-progression",
        }
        left = [one for name, one in missing.items() if name not in no]
        return left[0] if left else "end-answered-no"
    if sentence == Standing.LATER_END_UNEXPLAINED.value and "progression" in no:
        return "later-end-answered-no"
    if sentence == Standing.TOLERANCE_NOT_SHOWN.value and "sorafenib-intolerance" in no:
        return "not-for-intolerance"
    return sentence


def _last_drugs(chart: AnsweredChart) -> str:
    regimens = chart.known.treatment.history.regimens
    drugs = regimens[-1].drugs if regimens else ()
    return " + ".join(therapy_labels(drugs, chart.knowledge))


def _facts(chart: AnsweredChart, words: Words) -> Iterator[KeyFact]:
    findings, known = chart.known.findings, chart.known
    if chart.decision.standing is Standing.NOT_FOR_THIS_PATHWAY:
        return
    yield _event("progression", findings.progression, chart, words)
    yield _exposure(chart, words)
    yield _event("tolerance", findings.intolerance, chart, words)
    afp = {"at-least-400": "met", "below-400": "not-met"}.get(findings.afp.value, "unknown")
    yield _measured("alpha-fetoprotein", afp, chart, words)
    liver = {"a": "met", "b": "near", "at-least-b": "near", "c": "not-met"}
    yield _child_pugh(liver.get(findings.child_pugh.value, "unknown"), chart, words)
    ecog = {"0-1": "met", "2": "near", "3-4": "not-met"}.get(findings.ecog.value, "unknown")
    yield _measured("ecog", ecog, chart, words)
    lines = [
        " + ".join(therapy_labels(one.drugs, chart.knowledge))
        for one in known.treatment.history.regimens
    ]
    if lines:
        yield KeyFact(words.say("fact.lines"), ", ".join(lines), "", "plain")


def _inputs(chart: AnsweredChart, name: str) -> list[InputUsed]:
    return [one for one in chart.document.inputs if one.input == name]


def _event(name: str, answer: Answer, chart: AnsweredChart, words: Words) -> KeyFact:
    """Progression or intolerance: documented with its day, or not recorded."""
    wanted = "progression" if name == "progression" else "sorafenib-intolerance"
    rows = [one for one in _inputs(chart, wanted) if one.value is True]
    no = any(one.input == wanted and is_answered(one.source) for one in chart.case.context)
    if no and answer is not Answer.MET:
        said = words.say("fact.answered-no")
        return KeyFact(words.say(f"fact.{name}"), said, "", "not-met", answered=True)
    if answer is not Answer.MET or not rows:
        return KeyFact(words.say(f"fact.{name}"), words.say("fact.not-recorded"), "", "unknown")
    source = chart.known.treatment.history.sorafenib.progression_source
    deciding = next((one for one in rows if one.source == source), rows[0])
    day = day_text(deciding.recorded, words) if deciding.recorded else ""
    answered = is_answered(deciding.source)
    said = words.say("fact.documented")
    return KeyFact(words.say(f"fact.{name}"), said, day, "met", answered)


def _exposure(chart: AnsweredChart, words: Words) -> KeyFact:
    exposed, name = chart.known.treatment.exposure, words.say("fact.sorafenib")
    state = exposed.answer.value
    if exposed.stated is not None and chart.known.treatment.course not in _WITHOUT_SORAFENIB:
        return KeyFact(name, words.say(f"fact.stated-{state}"), "", state, answered=True)
    window = exposed.primary
    if window is None or not chart.known.treatment.history.regimens:
        return KeyFact(name, words.say("fact.not-known"), "", "unknown")
    if window.unknown == len(window.days):
        return KeyFact(name, words.say("fact.not-known"), "", "unknown")
    said = days_text(window.yes, window.unknown, len(window.days), words)
    until = day_text(window.last_day, words)
    return KeyFact(name, said, until, state)


def _measured(name: str, state: str, chart: AnsweredChart, words: Words) -> KeyFact:
    rows, label = _inputs(chart, name), words.say(f"fact.{name}")
    if not rows:
        return KeyFact(label, words.say("fact.not-known"), "", "unknown")
    first = rows[0]
    answered = any(is_answered(one.source) for one in rows)
    day = day_text(first.recorded, words)
    said = words.listed([value_text(one, words) for one in rows])
    return KeyFact(label, said, day, state, answered)


def _child_pugh(state: str, chart: AnsweredChart, words: Words) -> KeyFact:
    found, label = chart.known.liver.child_pugh, words.say("fact.child-pugh")
    rows = _inputs(chart, "child-pugh")
    if not rows:
        return KeyFact(label, words.say("fact.not-known"), "", "unknown")
    parts = [one.source for part in found.components for one in _inputs(chart, part.input)]
    answered = any(is_answered(source) for source in (*parts, rows[0].source))
    value = rows[0].value
    said = child_pugh_text(value, words)  # type: ignore[arg-type]  # of this input
    return KeyFact(label, said, "", state, answered)


def _warnings(chart: AnsweredChart, words: Words) -> Iterator[str]:
    checks = list(_checks(chart, words))
    if checks:
        yield words.say("page.check", checks=", ".join(checks))
    if chart.opened.not_granted:
        types = ", ".join(chart.opened.not_granted)
        yield words.say("page.not-granted", types=types)
    if chart.refused:
        yield words.say("page.answers-refused")
    for one in chart.document.ignored:
        if not one.source:
            yield words.say("page.other-patients", records=one.because)
    parts = {"conditions", "observations", "procedures", "allergies"}
    parts |= {key for key, _ in chart.case.medication_sources}
    for one in chart.document.ignored:
        if one.source in parts:
            yield f"{one.source}: {one.because}"


def _checks(chart: AnsweredChart, words: Words) -> Iterator[str]:
    """Name what the options shown rest on and is open or old, in the words of the card's title."""
    document = chart.document
    flags = dict.fromkeys(flag for option in document.options for flag in option.flags)
    for flag in flags:
        if f"check.{flag}" in words.sentences:
            yield words.say(f"check.{flag}")
    of_afp = afp_check(document)
    if of_afp is not None:
        yield words.say(f"check.{of_afp}")
