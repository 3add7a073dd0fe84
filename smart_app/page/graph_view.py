"""The pathway as a drawing: what each box says of this patient, and which ways are taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.pathway_graph.parts import Node, NodeKind, PathwayGraph, Place, Way
from hcc_pathway.recommendation import ExposureValue, InputUsed
from smart_app.page.graph_layout import BOXES, HEIGHT, WIDTH, Box, way_between
from smart_app.page.therapy_names import therapy_label
from smart_app.page.values import day_text, days_text, value_text
from smart_app.page.words import Words

_LETTERS: Final = 23  # of a line; a letter of Korean or Chinese is as wide as two
_FACT_LETTERS: Final = 29
_WIDE_FROM: Final = 0x1100
_UPPERMOST: Final = (Way.CLOSED, Way.OPEN, Way.UNCONFIRMED, Way.TAKEN)
# facts that are nothing but their day
_DAY_ALONE: Final = frozenset({"diagnosis", "progression", "sorafenib-intolerance"})
LINES_DRAWN: Final = frozenset({"second-line", "third-line"})  # one step in words
_WITHOUT_FACT: Final = frozenset({"sorafenib-failure", "sorafenib-alone", "line"})


@dataclass(frozen=True, slots=True)
class BoxView:
    """One node as it is drawn, ``opens`` its step; ``label`` is what a screen reader says."""

    id: str
    opens: str
    box: Box
    title: tuple[str, ...]
    fact: str
    answer: str
    place: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class WayView:
    """One way as it is drawn."""

    path: str
    way: str


@dataclass(frozen=True, slots=True)
class GraphView:
    """The drawing; ways that are taken lie above the others."""

    width: int
    height: int
    boxes: tuple[BoxView, ...]
    ways: tuple[WayView, ...]


def graph_view(graph: PathwayGraph, knowledge: KnowledgeOnDay, words: Words) -> GraphView:
    """Draw one patient's graph."""
    edges = sorted(graph.edges, key=lambda edge: _UPPERMOST.index(edge.way))
    return GraphView(
        WIDTH,
        HEIGHT,
        tuple(_box(node, knowledge, words) for node in graph.nodes),
        tuple(WayView(way_between(one.source, one.target), one.way.value) for one in edges),
    )


def node_title(node: Node, knowledge: KnowledgeOnDay, words: Words) -> str:
    """Name a node shortly."""
    if node.kind is NodeKind.OPTION:
        return therapy_label(node.therapy, knowledge)
    return words.say(f"node.{node.id}")


def node_answer(node: Node) -> str:
    """Give the answer of a node as the page marks it; "" where there is nothing to say."""
    if node.kind is NodeKind.OPTION:
        if node.place is Place.REACHED:
            return "offered"
        return "unknown" if node.place is Place.POSSIBLE else ""
    return "" if node.answer is None else node.answer.value


def node_fact(node: Node, words: Words) -> str:
    """Give the value that answers a node, in a few letters."""
    if node.place is Place.APART or node.id in _WITHOUT_FACT or not node.facts:
        return ""
    if node.id == "sorafenib-taken":
        return _short(node.facts[0], words).rpartition(", ")[0] or _short(node.facts[0], words)
    if node.id == "prior-lines":
        return words.listed([str(one.value) for one in node.facts])
    deciding = next((one for one in node.facts if one.value is not False), node.facts[0])
    fact = _short(deciding, words)
    return "" if fact == words.say("fact.not-known") else fact  # the answer says it already


def _short(used: InputUsed, words: Words) -> str:
    if isinstance(used.value, ExposureValue):
        value = used.value
        days = value.yes + value.no + value.unknown
        return days_text(value.yes, value.unknown, days, words)
    day = day_text(used.recorded, words) if used.recorded else ""
    if used.input in _DAY_ALONE:
        return day or (used.as_received if used.value is True else "")
    said = value_text(used, words)
    return f"{said}, {day}" if day else said


def _box(node: Node, knowledge: KnowledgeOnDay, words: Words) -> BoxView:
    title, answer = node_title(node, knowledge, words), node_answer(node)
    fact = _cut(node_fact(node, words), _FACT_LETTERS)
    drawn = words.say("path.stops") if node.stops and not fact else fact
    said = words.say(f"answer.{answer}") if answer else ""
    seen = " ".join(filter(None, (title, drawn)))  # a label holds what is seen, in its order
    return BoxView(
        id=node.id,
        opens="line" if node.id in LINES_DRAWN else node.id,
        box=BOXES[node.id],
        title=tuple(_wrapped(title)),
        fact=drawn,
        answer=answer,
        place=node.place.value,
        kind=node.kind.value,
        label=", ".join(filter(None, (seen, said))),
    )


def _width(text: str) -> int:
    return sum(2 if ord(letter) >= _WIDE_FROM else 1 for letter in text)


def _wrapped(text: str) -> Iterator[str]:
    """Break a title into lines that fit its box."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer) > _LETTERS:
            yield line
            line = word
        else:
            line = longer
    yield line


def _cut(text: str, letters: int) -> str:
    kept = ""
    for letter in text:
        if _width(kept + letter) > letters - 1:
            return kept.rstrip() + "…"
        kept += letter
    return kept
