"""Drugs that stand beside the pathway: by label, by evidence, by a later guideline."""

from collections.abc import Sequence

from hcc_pathway.decision.decision import Beside, Standing
from hcc_pathway.findings.findings import AfpState, ChildPughState, Findings
from hcc_pathway.recommendation import LineOfTherapy

_FAILED_SORAFENIB = {
    Standing.TOLERANT,
    Standing.INTOLERANT,
    Standing.CONFLICTING,
    Standing.TOLERANCE_NOT_SHOWN,
}
_REGIMENS = {
    "atezolizumab-bevacizumab": frozenset({"atezolizumab", "bevacizumab"}),
    "durvalumab-tremelimumab": frozenset({"durvalumab", "tremelimumab"}),
    "nivolumab-ipilimumab": frozenset({"nivolumab", "ipilimumab"}),
    **{
        drug: frozenset({drug})
        for drug in (
            "cabozantinib",
            "durvalumab",
            "lenvatinib",
            "nivolumab",
            "pembrolizumab",
            "ramucirumab",
            "sorafenib",
        )
    },
}
# ASCO 2024, after sorafenib, no checkpoint inhibitor before; what the pathway itself speaks of
# is left out
_AFTER_SORAFENIB = (
    "atezolizumab-bevacizumab",
    "durvalumab",
    "durvalumab-tremelimumab",
    "nivolumab-ipilimumab",
    "pembrolizumab",
)
# ASCO 2024, by what was given first
_AFTER_FIRST_LINE = {
    "lenvatinib": (*_AFTER_SORAFENIB, "cabozantinib", "nivolumab", "ramucirumab"),
    "atezolizumab-bevacizumab": (
        "cabozantinib",
        "durvalumab-tremelimumab",
        "lenvatinib",
        "nivolumab-ipilimumab",
        "ramucirumab",
        "sorafenib",
    ),
    "durvalumab-tremelimumab": (
        "atezolizumab-bevacizumab",
        "cabozantinib",
        "lenvatinib",
        "sorafenib",
    ),
}


def beside_the_pathway(
    findings: Findings, standing: Standing, line: LineOfTherapy
) -> tuple[Beside, ...]:
    """List what is named beside the options, alphabetically; never an order suggestion."""
    if line is not LineOfTherapy.SECOND:
        return ()
    if standing is Standing.NEVER_SORAFENIB:
        found = _after_another_first_line(findings)
    elif standing in _FAILED_SORAFENIB:
        found = [*_by_label(findings, standing), *_by_evidence(findings, standing)]
        if not findings.immunotherapy_given:
            found += _guideline(_AFTER_SORAFENIB, findings)
    else:
        found = []
    return tuple(sorted(found, key=lambda item: item.therapy))


def _by_label(findings: Findings, standing: Standing) -> list[Beside]:
    """Cabozantinib, labelled wider than the figure offers it (A4, A11, A13)."""
    shown = {Standing.TOLERANT, Standing.TOLERANCE_NOT_SHOWN}
    if standing not in shown or "cabozantinib" in findings.given:
        return []
    return [Beside("cabozantinib", "label")]


def _by_evidence(findings: Findings, standing: Standing) -> list[Beside]:
    """Nivolumab in Child-Pugh B after tolerated sorafenib (A15, S17)."""
    b = findings.child_pugh in {ChildPughState.B, ChildPughState.AT_LEAST_B}
    if standing is not Standing.TOLERANT or not b or "nivolumab" in findings.given:
        return []
    return [Beside("nivolumab", "evidence")]


def _after_another_first_line(findings: Findings) -> list[Beside]:
    """ASCO 2024 by what was given first, where that is one of its cases (A22)."""
    for first_line, therapies in _AFTER_FIRST_LINE.items():
        if findings.given >= _REGIMENS[first_line]:
            text = f"beside-after-{first_line}"
            return [
                Beside(therapy, "guideline", f"{text}-afp" if therapy == "ramucirumab" else text)
                for therapy in therapies
                if not _REGIMENS[therapy] & findings.given
                and (therapy != "ramucirumab" or findings.afp is AfpState.AT_LEAST)
            ]
    return []


def _guideline(therapies: Sequence[str], findings: Findings) -> list[Beside]:
    return [
        Beside(therapy, "guideline")
        for therapy in therapies
        if not _REGIMENS[therapy] & findings.given
    ]
