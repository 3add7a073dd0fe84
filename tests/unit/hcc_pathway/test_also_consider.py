"""Nothing that was given before stands beside the options either (A19)."""

import msgspec
import pytest

from hcc_pathway.decision.also_consider import beside_the_pathway
from hcc_pathway.decision.decision import Standing
from hcc_pathway.findings.findings import ChildPughState, Findings
from hcc_pathway.recommendation import LineOfTherapy


def _beside(standing: Standing, *given: str, **changes: object) -> set[str]:
    findings = msgspec.structs.replace(Findings(), given=frozenset(given), **changes)
    found = beside_the_pathway(findings, standing, LineOfTherapy.SECOND)
    return {f"{one.therapy}:{one.basis}" for one in found}


@pytest.mark.rule("A13", "A19")
def test_cabozantinib_already_given_is_not_named_by_its_label() -> None:
    assert "cabozantinib:label" in _beside(Standing.TOLERANT, "sorafenib")
    assert "cabozantinib:label" not in _beside(Standing.TOLERANT, "sorafenib", "cabozantinib")


@pytest.mark.rule("A15", "A19")
def test_nivolumab_already_given_is_not_named_by_evidence() -> None:
    b = {"child_pugh": ChildPughState.B}
    assert "nivolumab:evidence" in _beside(Standing.TOLERANT, "sorafenib", **b)
    assert "nivolumab:evidence" not in _beside(Standing.TOLERANT, "sorafenib", "nivolumab", **b)


@pytest.mark.rule("A19", "A22")
def test_a_drug_given_beside_another_first_line_is_not_named_by_the_guideline() -> None:
    never = Standing.NEVER_SORAFENIB
    assert "pembrolizumab:guideline" in _beside(never, "lenvatinib")
    assert "pembrolizumab:guideline" not in _beside(never, "lenvatinib", "pembrolizumab")
