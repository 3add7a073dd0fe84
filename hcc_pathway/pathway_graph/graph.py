"""The graph of one patient with what each answer rests on: facts, reasons, rules, evidence."""

from typing import Final

import msgspec

from hcc_pathway.decision.decision import Decision
from hcc_pathway.findings.findings import Findings
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.pathway_graph.parts import Node, NodeKind, PathwayGraph
from hcc_pathway.pathway_graph.path import path_of
from hcc_pathway.recommendation import Recommendation

_LIVER: Final = ("child-pugh", "bilirubin", "albumin", "inr", "ascites", "encephalopathy")
# the inputs of the document that answer each node, and that are asked for where it is open
_INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("age",),
    "diagnosis": ("diagnosis",),
    "sorafenib-taken": ("sorafenib-duration", "sorafenib-allergy"),
    "sorafenib-alone": ("prior-lines",),
    "prior-lines": ("prior-lines",),
    "sorafenib-failure": ("progression", "sorafenib-intolerance"),
    "child-pugh": _LIVER,
    "ecog": ("ecog",),
    "line": ("prior-lines",),
    "progression": ("progression",),
    "tolerated-sorafenib": ("sorafenib-exposure",),
    "sorafenib-intolerance": ("sorafenib-intolerance", "sorafenib-allergy"),
    "afp-at-least-400": ("alpha-fetoprotein",),
}
# criteria that are known under another name where a drug is withheld for them
_CRITERION: Final = {"sorafenib-taken": "sorafenib-exposure"}
# readings that are no criterion of the file
_RULES: Final = {"person": ("A36",), "sorafenib-taken": ("A22", "A33")}


def pathway_graph(
    findings: Findings, decision: Decision, document: Recommendation, knowledge: KnowledgeOnDay
) -> PathwayGraph:
    """Give the graph of one answer; the four are steps of the same ``select``."""
    graph = path_of(findings, decision)
    nodes = tuple(_explained(node, document, knowledge) for node in graph.nodes)
    return PathwayGraph(nodes, graph.edges)


def _explained(node: Node, document: Recommendation, knowledge: KnowledgeOnDay) -> Node:
    if node.kind is NodeKind.OPTION:
        return _of_option(node, document, knowledge)
    criterion = _CRITERION.get(node.id, node.id)
    known = knowledge.criteria.get(criterion)
    inputs = _INPUTS.get(node.id, ())
    reasons = (one.because for one in document.withheld if one.criterion == criterion)
    return msgspec.structs.replace(
        node,
        criterion=criterion if known and node.id not in _CRITERION else "",
        rules=_RULES.get(node.id) or (known.rules if known else ()),
        evidence=_evidence_of(node.id, knowledge),
        because=tuple(dict.fromkeys(reasons)),
        facts=tuple(used for name in inputs for used in document.inputs if used.input == name),
        asks=tuple(one for one in document.missing if one.input in inputs),
    )


def _of_option(node: Node, document: Recommendation, knowledge: KnowledgeOnDay) -> Node:
    offered = next((one for one in document.options if one.therapy == node.therapy), None)
    withheld = (one.because for one in document.withheld if one.therapy == node.therapy)
    line = "third" if node.id.endswith("third-line") else "second"
    places = [
        one
        for one in knowledge.drugs[node.therapy].indications
        if one.basis == "pathway" and one.line == line
    ]
    reached = offered is not None and node.place == "reached"
    return msgspec.structs.replace(
        node,
        rules=tuple(dict.fromkeys(rule for one in places for rule in one.rules)),
        evidence=tuple(dict.fromkeys(item for one in places for item in one.evidence)),
        because=offered.reasons if reached and offered is not None else tuple(withheld),
    )


def _evidence_of(criterion: str, knowledge: KnowledgeOnDay) -> tuple[str, ...]:
    """Name the evidence of the places in the pathway that rest on a criterion."""
    found = [
        item
        for drug in knowledge.drugs.values()
        for one in drug.indications
        if one.basis == "pathway" and criterion in one.criteria
        for item in one.evidence
    ]
    return tuple(dict.fromkeys(found))
