"""The graph itself, and the patient's path through it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Decision
from hcc_pathway.findings.findings import Findings
from hcc_pathway.pathway_graph.criteria import answers_of, line_answer, passes_unknown
from hcc_pathway.pathway_graph.parts import Edge, Node, NodeKind, PathwayGraph, Place, Way
from hcc_pathway.recommendation import LineOfTherapy

GATES: Final = (
    "person",
    "diagnosis",
    "sorafenib-taken",
    "sorafenib-alone",
    "prior-lines",
    "sorafenib-failure",
    "child-pugh",
    "ecog",
)
LINE: Final = "line"
LINES: Final = {
    "second-line": LineOfTherapy.SECOND,
    "third-line": LineOfTherapy.THIRD,
    "beyond-third-line": LineOfTherapy.BEYOND_THIRD,
}
_PLACES_TO_STOP: Final = frozenset({NodeKind.GATE, NodeKind.FORK, NodeKind.END})
# what is asked in second line, each from where it is asked
CRITERIA: Final = {
    "progression": "second-line",
    "tolerated-sorafenib": "progression",
    "sorafenib-intolerance": "second-line",
    "afp-at-least-400": "second-line",
}
# each option from the node that leads to it
OPTIONS: Final = (
    ("tolerated-sorafenib", "regorafenib", "regorafenib"),
    ("sorafenib-intolerance", "cabozantinib", "cabozantinib"),
    ("sorafenib-intolerance", "nivolumab", "nivolumab"),
    ("afp-at-least-400", "ramucirumab", "ramucirumab"),
    ("third-line", "cabozantinib-third-line", "cabozantinib"),
)


def path_of(findings: Findings, decision: Decision) -> PathwayGraph:
    """Give the graph with the way of one set of findings through it; pure."""
    answers = answers_of(findings, decision)
    edges = _walked(tuple(_edges(findings, decision, answers)), answers)
    places = _places(edges)
    nodes = tuple(
        _placed(node, answers.get(node.id), places.get(node.id, Place.APART), edges)
        for node in _nodes()
    )
    return PathwayGraph(nodes, edges)


def _nodes() -> Iterator[Node]:
    for gate in GATES:
        yield Node(id=gate, kind=NodeKind.GATE)
    yield Node(id=LINE, kind=NodeKind.FORK)
    for line in LINES:
        yield Node(id=line, kind=NodeKind.END if line.startswith("beyond") else NodeKind.FORK)
    for criterion in CRITERIA:
        yield Node(id=criterion, kind=NodeKind.CRITERION)
    for _, option, therapy in OPTIONS:
        yield Node(id=option, kind=NodeKind.OPTION, therapy=therapy)


def _edges(
    findings: Findings, decision: Decision, answers: Mapping[str, Answer]
) -> Iterator[Edge]:
    for gate, after in zip(GATES, (*GATES[1:], LINE), strict=True):
        passed = answers[gate] is Answer.UNKNOWN and passes_unknown(gate, findings)
        yield Edge(gate, after, Answer.MET if passed else answers[gate])
    for node_id, line in LINES.items():
        yield Edge(LINE, node_id, line_answer(line, decision))
    for criterion, asked_from in CRITERIA.items():
        yield Edge(asked_from, criterion, answers.get(asked_from, Answer.MET))
    for leads, option, therapy in OPTIONS:
        given = therapy in findings.given  # A19
        yield Edge(leads, option, Answer.NOT_MET if given else answers.get(leads, Answer.MET))


def _walked(edges: Sequence[Edge], answers: Mapping[str, Answer]) -> tuple[Edge, ...]:
    """Follow the edges in their order, which is the order in which the pathway asks."""
    places = {GATES[0]: Place.REACHED}
    found = []
    for edge in edges:
        came = places.get(edge.source, Place.APART)
        way = _way(edge, came, answers.get(edge.source))
        found.append(msgspec.structs.replace(edge, way=way))
        if way in {Way.TAKEN, Way.UNCONFIRMED}:
            places[edge.target] = Place.REACHED
        elif way is Way.OPEN:
            places.setdefault(edge.target, Place.POSSIBLE)
    return tuple(found)


def _way(edge: Edge, came: Place, answer: Answer | None) -> Way:
    if came is Place.APART or edge.holds is Answer.NOT_MET:
        return Way.CLOSED
    if came is Place.POSSIBLE or edge.holds is Answer.UNKNOWN:
        return Way.OPEN
    return Way.UNCONFIRMED if answer is Answer.UNKNOWN else Way.TAKEN


def _places(edges: Sequence[Edge]) -> Mapping[str, Place]:
    places = {GATES[0]: Place.REACHED}
    for edge in edges:
        if edge.way in {Way.TAKEN, Way.UNCONFIRMED}:
            places[edge.target] = Place.REACHED
        elif edge.way is Way.OPEN:
            places.setdefault(edge.target, Place.POSSIBLE)
    return places


def _placed(node: Node, answer: Answer | None, place: Place, edges: Sequence[Edge]) -> Node:
    out = [edge for edge in edges if edge.source == node.id]
    onward = any(edge.way in {Way.TAKEN, Way.UNCONFIRMED} for edge in out)
    return msgspec.structs.replace(
        node,
        answer=None if place is Place.APART else answer,
        place=place,
        stops=place is Place.REACHED and not onward and node.kind in _PLACES_TO_STOP,
    )
