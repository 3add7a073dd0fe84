"""Everything that the page's template shows, made from one answered chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fhir_mappings.clinical_facts.patient_name import patient_name
from hcc_pathway.fingerprint import short_fingerprint
from hcc_pathway.pathway_graph.graph import pathway_graph
from hcc_pathway.timeline.timeline import patient_timeline
from hcc_pathway.trial_comparison.trials import Trial, trials_of
from smart_app.page.answer_form import form_values, refusals
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.change_view import changes_of, offered_drugs, suppositions
from smart_app.page.criteria_view import fact_views, steps_of
from smart_app.page.doors import PageDoors
from smart_app.page.drawing import document_json
from smart_app.page.graph_view import graph_view
from smart_app.page.note_text import note_text, report_text
from smart_app.page.option_view import options_of
from smart_app.page.question_view import fields_for_trying, questions_of
from smart_app.page.summary_view import summary_of
from smart_app.page.values import day_text
from smart_app.page.words import Words
from smart_app.page.write_back_view import write_back_view
from smart_app.plots.fragments import forest_plot_fragment, plot_head, timeline_fragment
from smart_app.plots.texts import load_plot_texts

# what decides the class, the line, or whether there is any answer: asked before all else
_DECISIVE: Final = frozenset(
    {
        "diagnosis",
        "prior-lines",
        "progression",
        "sorafenib-exposure",
        "sorafenib-intolerance",
    }
)
View = dict[str, object]


@dataclass(frozen=True, slots=True)
class PatientView:
    """Whose chart it is: said on every page, whatever the EHR shows around it."""

    name: str
    source: str
    born: str
    sex: str


def page_view(
    chart: AnsweredChart,
    doors: PageDoors,
    words: Words,
    refused: Mapping[str, str],
    sent: Mapping[str, str] | None = None,
) -> View:
    """Give the view of the whole page; ``sent`` is a form that could not be used."""
    values = form_values(chart.answers) if sent is None else sent
    return {
        **answer_view(chart, words),
        **_frame(chart, doors, words),
        **_pictures(chart, doors),
        "questions": questions_of(chart, words, values, refused),
        "write_back": write_back_view(chart, doors, words),
        "trying": fields_for_trying(chart, words),
        "document_json": document_json(chart.document),
        "report": report_text(chart, words),
        "report_url": doors.report_url,
    }


def answer_view(chart: AnsweredChart, words: Words) -> View:
    """Give what page and print show alike: the answer and what it rests on."""
    graph = pathway_graph(chart.known.findings, chart.decision, chart.document, chart.knowledge)
    summary = summary_of(chart, words)
    return {
        "document": chart.document,
        "summary": summary,
        "options": options_of(chart, words),
        "graph": graph_view(graph, chart.knowledge, words),
        "steps": steps_of(graph, chart, words),
        "changes": changes_of(chart, words),
        "facts": fact_views(chart, words),
        "note": note_text(chart, summary, words),
        "about": chart.knowledge.about,
        "reviewed": day_text(chart.knowledge.about.review.reviewed_on, words),
        "as_of": day_text(chart.on, words),
        "fingerprint": short_fingerprint(chart.fingerprint),
        "answers_json": chart.answers_to_reproduce,
        "patient": _patient(chart, words),
        "ehr": chart.opened.ehr_name,
        "chart_mark": chart.opened.mark,
    }


def what_if_view(
    now: AnsweredChart,
    then: AnsweredChart,
    words: Words,
    refused: Mapping[str, str],
    sent: Mapping[str, str],
) -> View:
    """Give the view of a supposition beside the answer as it is; ``sent`` is the form."""
    return {
        "supposed": () if refused else suppositions(now, words, sent),
        "is_same": offered_drugs(now, words) == offered_drugs(then, words),
        "summary": summary_of(then, words),
        "options": options_of(then, words),
        "now": offered_drugs(now, words),
        "then": offered_drugs(then, words),
        "refused": refusals(refused, words),
    }


def _frame(chart: AnsweredChart, doors: PageDoors, words: Words) -> View:
    return {
        "form_token": chart.opened.form_token,
        "today": chart.on.isoformat(),
        "asks_first": any(
            one.input in _DECISIVE
            for one in (*chart.document.missing, *chart.of_the_chart.missing)
        ),
        "professionals": words.say("page.professionals"),
        "language": doors.language,
    }


def _pictures(chart: AnsweredChart, doors: PageDoors) -> View:
    texts = load_plot_texts(doors.language)
    timeline = patient_timeline(chart.case, chart.knowledge, chart.on, doors.policy)
    trials = _trials(chart)
    return {
        "plots_head": plot_head(),
        "timeline": timeline_fragment(timeline, texts),
        "trials": forest_plot_fragment(trials, texts) if trials else "",
    }


def _trials(chart: AnsweredChart) -> list[Trial]:
    return [
        trial
        for option in chart.document.options
        for trial in trials_of(option.therapy, option.evidence, chart.known, chart.knowledge)
    ]


def _patient(chart: AnsweredChart, words: Words) -> PatientView:
    birth, sex = chart.case.birth, chart.case.sex
    born = words.say("page.birth-unknown")
    if birth is not None and birth.earliest == birth.latest:
        born = words.say("page.born", day=day_text(birth.earliest, words))
    elif birth is not None:
        first, last = (day_text(day, words) for day in (birth.earliest, birth.latest))
        born = words.say("page.born-between", first=first, last=last)
    known = sex if sex in {"male", "female", "other"} else "unknown"
    name = patient_name(chart.opened.sources, chart.opened.patient_id)
    return PatientView(
        name or words.say("page.name-unknown"),
        chart.case.patient_source,
        born,
        words.say(f"page.sex-{known}"),
    )
