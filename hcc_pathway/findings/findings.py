"""Findings: everything the pathway decides on, as a few discrete values and nothing else.

Two patients with equal findings get the same decision. Dates, values and sources are not here:
they explain an answer (``assessment.py``), they do not decide it.
"""

from enum import StrEnum

import msgspec

from hcc_pathway.answer import Answer

PATHWAY_DRUGS = ("cabozantinib", "nivolumab", "ramucirumab", "regorafenib")


class DiagnosisState(StrEnum):
    """What the active diagnoses say, the most specific one deciding (A35)."""

    HCC = "hcc"
    UNSPECIFIED = "unspecified"  # liver cancer without histology, or conditions not readable
    EXCLUDED = "excluded"  # fibrolamellar or mixed, even beside an HCC code
    NONE = "none"  # no active liver cancer


class PersonState(StrEnum):
    """Whether the pathway speaks to this person at all (A36); an unknown age counts as adult."""

    ADULT = "adult"
    UNDER_AGE = "under-age"
    DECEASED = "deceased"


class SorafenibCourse(StrEnum):
    """How sorafenib stands in the chart."""

    NEVER = "never"
    ALLERGY_ONLY = "allergy-only"  # an allergy to it, but no record of taking it (A33)
    RUNNING = "running"
    ENDED = "ended"
    COMBINED = "combined"  # with another agent, adjuvant or in a trial (A24)


class LastLine(StrEnum):
    """The systemic line started last (A19, A20)."""

    NONE = "none"
    SORAFENIB = "sorafenib"
    OTHER_RUNNING = "other-running"
    OTHER_ENDED = "other-ended"  # ended, failure not documented
    OTHER_FAILED = "other-failed"


class HistoryState(StrEnum):
    """How much of the medication history could be read."""

    COMPLETE = "complete"
    UNCONFIRMED = "unconfirmed"  # one source failed, another was read in full
    TRUNCATED = "truncated"  # a source is known to be cut


class AfpState(StrEnum):
    """AFP against the 400 ng/mL threshold (S6, A9, A10)."""

    AT_LEAST = "at-least-400"
    BELOW = "below-400"
    UNKNOWN = "unknown"


class ChildPughState(StrEnum):
    """Child-Pugh class as far as it is certain (A17)."""

    A = "a"
    B = "b"
    AT_LEAST_B = "at-least-b"  # B or C: handled as B, and unconfirmed
    C = "c"
    UNKNOWN = "unknown"  # the possible scores span A and a higher class


class EcogState(StrEnum):
    """ECOG performance status in the groups that the pathway tells apart (A18)."""

    GOOD = "0-1"
    TWO = "2"
    POOR = "3-4"  # 3 and above
    UNKNOWN = "unknown"


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """The discrete input of ``pathway.decide``.

    ``progression`` and ``intolerance`` are about sorafenib: progression on or after it while it
    was the current or last drug (A27), and documented intolerance that ended it (A32). Not
    documented is UNKNOWN. ``exposure`` is the tolerance rule in the deciding window (S4, A6-A8).
    ``lines_started`` counts systemic lines (A20), 3 standing for three and more. ``given`` holds
    every systemic drug already given. ``near`` names the inputs that lie close to a border, each
    with the state across it; it changes no decision, only what is said about changing it.
    """

    person: PersonState = PersonState.ADULT
    diagnosis: DiagnosisState = DiagnosisState.HCC
    sorafenib: SorafenibCourse = SorafenibCourse.ENDED
    progression: Answer = Answer.UNKNOWN
    intolerance: Answer = Answer.UNKNOWN
    exposure: Answer = Answer.UNKNOWN
    lines_started: int = 1
    last_line: LastLine = LastLine.SORAFENIB
    history: HistoryState = HistoryState.COMPLETE
    given: frozenset[str] = frozenset({"sorafenib"})
    immunotherapy_given: bool = False
    afp: AfpState = AfpState.UNKNOWN
    afp_aged: bool = False  # 31 to 90 days old
    child_pugh: ChildPughState = ChildPughState.UNKNOWN
    liver_aged: bool = False
    ecog: EcogState = EcogState.UNKNOWN
    ecog_aged: bool = False
    liver_transplant: bool = False
    withdrawn: frozenset[str] = frozenset()  # under a withdrawal notice of the site's jurisdiction
    progression_old: bool = False
    last_dose_long_before_progression: bool = False
    windows_disagree: bool = False
    based_on_prescriptions: bool = False
    near: frozenset[tuple[str, str]] = frozenset()
