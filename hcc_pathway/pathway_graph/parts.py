"""The parts of the graph: criteria, forks, options, and the ways between them."""

from enum import StrEnum

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.recommendation import InputUsed, MissingInput


class NodeKind(StrEnum):
    """What a node stands for."""

    GATE = "gate"  # must hold before any option
    FORK = "fork"  # the line of therapy, and each line
    CRITERION = "criterion"  # leads to some of the options
    OPTION = "option"
    END = "end"


class Place(StrEnum):
    """How a node stands to the patient's path."""

    REACHED = "reached"  # the path leads here
    POSSIBLE = "possible"  # it would, depending on what is not known
    APART = "apart"  # it does not


class Way(StrEnum):
    """What is known of the way from one node to the next."""

    TAKEN = "taken"
    UNCONFIRMED = "unconfirmed"  # taken, although its criterion is not known (a flag says so)
    OPEN = "open"  # depends on what is not known
    CLOSED = "closed"


class Edge(msgspec.Struct, frozen=True):
    """A way from one node to another; ``holds`` is what has to be met for it."""

    source: str
    target: str
    holds: Answer
    way: Way = Way.CLOSED


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One node: its answer for this patient, and what that answer rests on.

    ``criterion`` is an id of the criteria file, "" where the node is none of them; ``answer`` is
    None for what is neither reached nor possible, or no question. ``stops`` is set where the
    whole path ends without an option; a branch whose criterion is not met is no such place.
    """

    id: str
    kind: NodeKind
    therapy: str = ""
    answer: Answer | None = None
    place: Place = Place.APART
    stops: bool = False
    criterion: str = ""
    rules: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    facts: tuple[InputUsed, ...] = ()
    asks: tuple[MissingInput, ...] = ()


class PathwayGraph(msgspec.Struct, frozen=True):
    """All nodes in the order in which the pathway asks, and all edges."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, node_id: str) -> Node:
        """Give one node; an unknown id is a programming error."""
        return next(node for node in self.nodes if node.id == node_id)

    def options_reached(self) -> tuple[str, ...]:
        """Follow the taken ways from the first node and name the options they lead to."""
        reached = {self.nodes[0].id}
        found = list(reached)
        while found:
            here = found.pop()
            for edge in self.edges:
                taken = edge.source == here and edge.way in {Way.TAKEN, Way.UNCONFIRMED}
                if taken and edge.target not in reached:
                    reached.add(edge.target)
                    found.append(edge.target)
        therapies = {node.therapy for node in self.nodes if node.id in reached and node.therapy}
        return tuple(sorted(therapies))
