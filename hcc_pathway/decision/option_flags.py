"""Flags: what qualifies an offered drug without taking it away."""

from hcc_pathway.findings.findings import ChildPughState, EcogState, Findings, HistoryState

_B = {ChildPughState.B, ChildPughState.AT_LEAST_B}
_NOT_COMPUTED = {ChildPughState.UNKNOWN, ChildPughState.AT_LEAST_B}


def flags_of(therapy: str, findings: Findings) -> tuple[str, ...]:
    """List the flags of one offered drug, alphabetically."""
    flags = _flags_of_every_option(findings)
    if therapy == "ramucirumab":
        flags["stale-afp"] = findings.afp_aged  # A10
    if therapy == "regorafenib":
        flags["based-on-prescriptions"] = findings.based_on_prescriptions  # 6a
        flags["exposure-windows-disagree"] = findings.windows_disagree  # A6
    if therapy == "nivolumab":
        flags["transplant-rejection-risk"] = findings.liver_transplant  # A26
    flags["indication-withdrawn"] = therapy in findings.withdrawn
    return tuple(sorted(flag for flag, raised in flags.items() if raised))


def _flags_of_every_option(findings: Findings) -> dict[str, bool]:
    outside = findings.child_pugh in _B or findings.ecog is EcogState.TWO
    return {
        "outside-trial-population": outside,  # A15, A18
        "liver-function-unconfirmed": findings.child_pugh in _NOT_COMPUTED,  # A17
        "stale-liver-function": findings.liver_aged,  # A31
        "performance-status-unconfirmed": findings.ecog is EcogState.UNKNOWN,  # A18
        "stale-performance-status": findings.ecog_aged,  # A31
        "prior-immunotherapy": findings.immunotherapy_given,  # A22, A23
        "progression-old": findings.progression_old,  # A27
        "last-dose-long-before-progression": findings.last_dose_long_before_progression,  # A6
        "prior-lines-unconfirmed": findings.history is HistoryState.UNCONFIRMED,
    }
