"""The patient's path in the graph leads to the options of the decision, and nowhere else."""

import msgspec
import pytest
from hypothesis import given

from hcc_pathway.answer import Answer
from hcc_pathway.decision.pathway import decide
from hcc_pathway.findings.findings import AfpState, ChildPughState, EcogState, Findings
from hcc_pathway.pathway_graph.parts import PathwayGraph, Place, Way
from hcc_pathway.pathway_graph.path import path_of
from tests.properties.test_pathway_properties import FINDINGS


def graph_of(findings: Findings) -> PathwayGraph:
    return path_of(findings, decide(findings))


@given(FINDINGS)
def test_the_path_leads_to_the_options_of_the_decision(findings: Findings) -> None:
    offered = tuple(offer.therapy for offer in decide(findings).offers)
    assert graph_of(findings).options_reached() == offered


@given(FINDINGS)
def test_places_and_ways_agree(findings: Findings) -> None:
    graph = graph_of(findings)
    places = {node.id: node.place for node in graph.nodes}
    for edge in graph.edges:
        if edge.way in {Way.TAKEN, Way.UNCONFIRMED}:
            assert places[edge.source] is places[edge.target] is Place.REACHED
        elif edge.way is Way.OPEN:
            assert Place.APART not in {places[edge.source], places[edge.target]}
    for node in graph.nodes:
        comes = {edge.way for edge in graph.edges if edge.target == node.id}
        assert (node.place is Place.APART) is (comes == {Way.CLOSED})


@given(FINDINGS)
def test_a_path_that_stops_leads_to_no_option(findings: Findings) -> None:
    graph = graph_of(findings)
    stops = [node for node in graph.nodes if node.stops]
    assert len(stops) <= 1
    assert not (stops and graph.options_reached())
    assert stops or graph.node("second-line").place is Place.REACHED or graph.options_reached()


@given(FINDINGS)
def test_what_would_be_offered_if_an_unknown_were_known_is_possible_now(
    findings: Findings,
) -> None:
    unknown = msgspec.structs.replace(findings, afp=AfpState.UNKNOWN)
    known = msgspec.structs.replace(findings, afp=AfpState.AT_LEAST)
    if "ramucirumab" in graph_of(known).options_reached():
        assert graph_of(unknown).node("ramucirumab").place is Place.POSSIBLE


@pytest.mark.rule("A17", "A18")
def test_a_gate_that_is_not_known_is_passed_unconfirmed() -> None:
    findings = Findings(
        progression=Answer.MET,
        exposure=Answer.MET,
        child_pugh=ChildPughState.UNKNOWN,
        ecog=EcogState.GOOD,
    )
    ways = {edge.source: edge.way for edge in graph_of(findings).edges}
    assert (ways["child-pugh"], ways["ecog"]) == (Way.UNCONFIRMED, Way.TAKEN)
