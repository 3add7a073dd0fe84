"""The answer as plain text for the clinician's own note, and the text of a report."""

from collections.abc import Iterator

from markupsafe import Markup

from hcc_pathway.fingerprint import short_fingerprint
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.chart_text import visible
from smart_app.page.option_view import flag_text
from smart_app.page.summary_view import Summary
from smart_app.page.therapy_names import therapy_label
from smart_app.page.values import day_text
from smart_app.page.words import Words


def note_text(chart: AnsweredChart, summary: Summary, words: Words) -> Markup:
    """Write the answer in lines: facts, options, what is not offered, missing, provenance.

    Escaped, with its line ends; each line holds visible characters only.
    """
    return Markup("\n").join(visible(line) for line in _lines(chart, summary, words))


def _lines(chart: AnsweredChart, summary: Summary, words: Words) -> Iterator[str]:
    document, knowledge = chart.document, chart.knowledge
    yield f"{words.say('page.title')}, {day_text(document.as_of, words)}"
    yield f"{summary.patient_class}; {summary.line}. {summary.lead}"
    for fact in summary.facts:
        answered = f" [{words.say('mark.answered')}]" if fact.answered else ""
        day = f" ({fact.day})" if fact.day else ""
        yield f"- {fact.name}: {fact.value}{day}{answered}"
    yield f"{words.say('section.options')}: {summary.headline}"
    for option in document.options:
        yield f"- {therapy_label(option.therapy, knowledge)}: {'; '.join(option.reasons)}"
        flags = [flag_text(flag, chart.known, document, words) for flag in option.flags]
        if flags:
            yield f"  {words.say('option.flags')}: {'; '.join(flags)}"
    for one in document.withheld:
        label = therapy_label(one.therapy, knowledge)
        yield f"- {words.say('option.withheld')}: {label}: {one.because}"
    for missing in document.missing:
        yield f"- {words.say('path.asks')}: {missing.ask}"
    for conflict in document.conflicts:
        yield f"- {conflict.text}"
    yield provenance_text(chart, words)
    yield words.say("page.professionals")


def provenance_text(chart: AnsweredChart, words: Words) -> str:
    """Name pathway, version and fingerprint in one line."""
    title = words.say(
        "page.pathway",
        title=chart.knowledge.about.short_title,
        version=chart.document.pathway.version,
    )
    short = short_fingerprint(chart.fingerprint)
    return f"{title}. {words.say('print.fingerprint')} {short}."


def report_text(chart: AnsweredChart, words: Words) -> str:
    """Write what a report needs to be understood, and nothing about the patient.

    The fingerprint is one-way: whoever has the chart can tell that it is this answer, nobody else.
    """
    document = chart.document
    return words.say(
        "report.text",
        pathway=document.pathway.id,
        version=document.pathway.version,
        day=document.as_of,
        fingerprint=short_fingerprint(chart.fingerprint),
    )
