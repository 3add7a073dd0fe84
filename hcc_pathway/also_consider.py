"""Drugs that stand beside the pathway: by label, by evidence, by a later guideline."""

from hcc_pathway.decision import Beside, Standing
from hcc_pathway.findings import AfpState, ChildPughState, Findings
from hcc_pathway.recommendation import LineOfTherapy

_FAILED_SORAFENIB = {
    Standing.TOLERANT,
    Standing.INTOLERANT,
    Standing.CONFLICTING,
    Standing.TOLERANCE_NOT_SHOWN,
}
# ASCO 2024, after sorafenib or lenvatinib, no checkpoint inhibitor before
_IMMUNOTHERAPIES = {
    "atezolizumab-bevacizumab": frozenset({"atezolizumab", "bevacizumab"}),
    "durvalumab": frozenset({"durvalumab"}),
    "durvalumab-tremelimumab": frozenset({"durvalumab", "tremelimumab"}),
    "nivolumab-ipilimumab": frozenset({"nivolumab", "ipilimumab"}),
    "pembrolizumab": frozenset({"pembrolizumab"}),
}
_KINASE_INHIBITORS = ("cabozantinib", "lenvatinib", "sorafenib")
_COMBINED_ANTI_VEGF = frozenset({"atezolizumab", "bevacizumab"})
_DUAL_CHECKPOINT = frozenset({"durvalumab", "tremelimumab"})


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
            found += _guideline(_IMMUNOTHERAPIES, findings, "")
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
    if "lenvatinib" in findings.given:
        tki, text = ["cabozantinib"], "beside-after-lenvatinib"
        found = _guideline(_IMMUNOTHERAPIES, findings, text)
        found += _ramucirumab(findings, text)
    elif findings.given >= _COMBINED_ANTI_VEGF:
        tki, text = list(_KINASE_INHIBITORS), "beside-after-atezolizumab-bevacizumab"
        dual = {
            k: _IMMUNOTHERAPIES[k] for k in ("durvalumab-tremelimumab", "nivolumab-ipilimumab")
        }
        found = _guideline(dual, findings, text)
        found += _ramucirumab(findings, text)
    elif findings.given >= _DUAL_CHECKPOINT:
        tki, text = list(_KINASE_INHIBITORS), "beside-after-durvalumab-tremelimumab"
        pair = {"atezolizumab-bevacizumab": _COMBINED_ANTI_VEGF}
        found = _guideline(pair, findings, text)
    else:
        return []
    found += [Beside(drug, "guideline", text) for drug in tki if drug not in findings.given]
    return found


def _guideline(regimens: dict[str, frozenset[str]], findings: Findings, text: str) -> list[Beside]:
    return [
        Beside(therapy, "guideline", text)
        for therapy, drugs in regimens.items()
        if not drugs & findings.given
    ]


def _ramucirumab(findings: Findings, text: str) -> list[Beside]:
    if findings.afp is not AfpState.AT_LEAST or "ramucirumab" in findings.given:
        return []
    return [Beside("ramucirumab", "guideline", text)]
