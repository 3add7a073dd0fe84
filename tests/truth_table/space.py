"""The discrete input space: what a chart can say, as far as the pathway distinguishes it.

Every value is built into charts by ``charts``; several charts stand for one value where the value
has edges (AFP ``high`` is 400 ng/mL as well as 20,000 ng/mL).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

Combination = Mapping[str, str]

_TOLERATED = (
    "tolerated",  # progressed on sorafenib, at least 20 of 28 days with at least 400 mg
    "tolerated-running",  # the same, sorafenib still taken
    "tolerated-stop-reason",  # progression known from the stop reason alone
    "tolerated-prescribed",  # known from prescriptions alone
    "tolerated-windows-differ",  # stopped some weeks before the progression (A6)
    "tolerated-late-progression",  # stopped more than 70 days before it (A6)
    "tolerated-old",  # progression more than 90 days before the answer (A27)
    "tolerated-toxicity-passed",  # an intolerance that did not end sorafenib (A32)
)
_JUDGED = (
    *_TOLERATED,
    "low-exposure",  # progressed, fewer than 20 days
    "unknown-exposure",  # progressed, days not known
    "intolerant",  # stopped for intolerance, no progression
    "intolerant-low-exposure",  # and progressed
    "intolerant-unknown-exposure",
    "conflict",  # progressed, exposure met, and stopped for intolerance (A5)
)
_ENDED = ("ended", "ended-other-reason")  # neither progression nor intolerance recorded (A37)
_RUNNING = ("running", "running-toxicity")
_TIMED = ("tolerated-running", "tolerated-old", "tolerated-late-progression")

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "patient": ("adult", "under-18", "deceased"),
    "diagnosis": (
        "hcc",
        "hcc-and-unspecified",
        "unspecified",
        "other-subtype",
        "hcc-and-other-subtype",
        "none",
    ),
    "sorafenib": (
        *_JUDGED,
        *_ENDED,
        *_RUNNING,
        "combination",
        "adjuvant",
        "allergy-only",
        "never",
    ),
    "prior": (
        "none",
        "source-failed",  # one medication search failed, the others are complete
        "truncated",  # a medication search was cut
        "before-immunotherapy",  # atezolizumab-bevacizumab, then sorafenib
        "before-lenvatinib",
        "before-cabozantinib",
        "later-running",  # regorafenib after sorafenib, still taken
        "later-cabozantinib-running",
        "later-ended",  # regorafenib ended, failure not documented
        "later-failed",  # regorafenib stopped for progression
        "later-not-tolerated",
        "later-progressed",  # progression observed on regorafenib
        "later-cabozantinib-failed",
        "two-later-failed",  # regorafenib, then ramucirumab
        "two-later-running",  # the second still taken
        "around-failed",  # atezolizumab-bevacizumab, sorafenib, regorafenib
        "only-lenvatinib",  # and no sorafenib
        "only-immunotherapy",
        "only-durvalumab-tremelimumab",
    ),
    "afp": ("high", "high-stale", "low", "low-stale", "none", "old", "undecidable", "tie"),
    "child_pugh": ("A", "A-stale", "B7", "B8-9", "B-or-C", "A-or-B", "C", "unknown"),
    "ecog": ("0-1", "0-1-stale", "2", "3-4", "unknown"),
    "transplant": ("no", "yes"),
    "site": ("default", "US"),
}

_LATER = tuple(
    each for each in DIMENSIONS["prior"] if each.startswith(("later", "two-later", "around"))
)
_BEFORE = ("before-immunotherapy", "before-lenvatinib", "before-cabozantinib")


def _priors(sorafenib: str) -> tuple[str, ...]:
    if sorafenib == "never":
        return (
            "none",
            "truncated",
            "only-lenvatinib",
            "only-immunotherapy",
            "only-durvalumab-tremelimumab",
        )
    if sorafenib == "allergy-only":
        return ("none", "only-lenvatinib")
    if sorafenib in {"combination", "adjuvant"}:
        return ("none",)
    if sorafenib in _RUNNING:
        return ("none", "source-failed", "truncated", *_BEFORE)
    if sorafenib in _TIMED:  # dated against the day of the answer: no later drug fits in
        return ("none", "source-failed", "truncated", *_BEFORE)
    return ("none", "source-failed", "truncated", *_BEFORE, *_LATER)


# Which courses of sorafenib can stand beside which other lines.
HISTORIES = tuple(
    (sorafenib, prior) for sorafenib in DIMENSIONS["sorafenib"] for prior in _priors(sorafenib)
)


def combinations(dimensions: Mapping[str, tuple[str, ...]] = DIMENSIONS) -> Iterator[Combination]:
    """Every combination that a chart can show, over all values or over some of each."""
    others = [name for name in dimensions if name not in {"sorafenib", "prior"}]
    for sorafenib, prior in HISTORIES:
        if sorafenib in dimensions["sorafenib"] and prior in dimensions["prior"]:
            for values in product(*(dimensions[name] for name in others)):
                yield {
                    **dict(zip(others, values, strict=True)),
                    "sorafenib": sorafenib,
                    "prior": prior,
                }
