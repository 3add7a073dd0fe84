"""The steps of the pathway as a list: the same as the drawing, each with what it rests on."""

from dataclasses import dataclass

from hcc_pathway.clinician_answers.sources import is_answered
from hcc_pathway.pathway_graph.parts import Node, NodeKind, PathwayGraph, Place, Way
from hcc_pathway.recommendation import ExposureValue, InputUsed
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.graph_view import LINES_DRAWN, node_answer, node_fact, node_title
from smart_app.page.option_view import EvidenceView, evidence_views
from smart_app.page.values import day_text, value_text
from smart_app.page.words import Words


@dataclass(frozen=True, slots=True)
class FactView:
    """One record that answers a step."""

    name: str
    value: str
    day: str
    received: str
    source: str
    note: str
    answered: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: its question, its answer, and why."""

    id: str
    title: str
    question: str
    answer: str
    answer_word: str
    fact: str
    place: str
    unconfirmed: bool
    stops: bool
    because: tuple[str, ...]
    facts: tuple[FactView, ...]
    asks: tuple[str, ...]
    rules: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class StepsView:
    """The steps on or near the path, and those apart from it."""

    near: tuple[StepView, ...]
    apart: tuple[StepView, ...]


def steps_of(graph: PathwayGraph, chart: AnsweredChart, words: Words) -> StepsView:
    """List the steps in the order in which the pathway asks."""
    unconfirmed = {edge.source for edge in graph.edges if edge.way is Way.UNCONFIRMED}
    asked = [node for node in graph.nodes if node.id not in LINES_DRAWN]
    steps = [_step(node, chart, words, unconfirmed=node.id in unconfirmed) for node in asked]
    return StepsView(
        near=tuple(one for one in steps if one.place != Place.APART.value),
        apart=tuple(one for one in steps if one.place == Place.APART.value),
    )


def fact_views(chart: AnsweredChart, words: Words) -> tuple[FactView, ...]:
    """List every input of the document."""
    return tuple(_fact(one, words) for one in chart.document.inputs)


def _step(node: Node, chart: AnsweredChart, words: Words, *, unconfirmed: bool) -> StepView:
    answer = node_answer(node)
    return StepView(
        id=node.id,
        title=node_title(node, chart.knowledge, words),
        question=_question(node, chart, words),
        answer=answer,
        answer_word=words.say(f"answer.{answer}") if answer else "",
        fact=_fact_of(node, chart, words),
        place=node.place.value,
        unconfirmed=unconfirmed,
        stops=node.stops,
        because=node.because,
        facts=tuple(_fact(one, words) for one in node.facts),
        asks=tuple(one.ask for one in node.asks),
        rules=node.rules,
        evidence=evidence_views(node.evidence, chart.knowledge),
    )


def _fact_of(node: Node, chart: AnsweredChart, words: Words) -> str:
    if node.kind is NodeKind.FORK and node.place is not Place.APART:
        return words.name("line", chart.document.line.value)
    return node_fact(node, words)


def _question(node: Node, chart: AnsweredChart, words: Words) -> str:
    if node.kind is NodeKind.OPTION:
        places = chart.knowledge.drugs[node.therapy].indications
        line = "third" if node.id.endswith("third-line") else "second"
        texts = [one.text for one in places if one.basis == "pathway" and one.line == line]
        return " ".join(texts)
    if node.criterion:
        return chart.knowledge.criteria[node.criterion].label
    return words.say(f"criterion.{node.id}")


def _fact(used: InputUsed, words: Words) -> FactView:
    note = used.note
    if isinstance(used.value, ExposureValue):
        days = words.say(
            "value.exposure-days",
            first=day_text(used.value.first_day, words),
            last=day_text(used.value.last_day, words),
            anchor=words.say(f"value.anchor-{used.value.anchor}"),
        )
        note = f"{days}; {note}" if note else days
    return FactView(
        name=words.name("input", used.input),
        value=value_text(used, words),
        day=day_text(used.recorded, words) if used.recorded else "",
        received=used.as_received,
        source=used.source,
        note=note,
        answered=is_answered(used.source),
    )
