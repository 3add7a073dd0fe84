"""The criteria of trials that evidence files may name."""

from typing import Literal

# What a trial asked of those it enrolled; what answers it for a patient is code.
EnrolmentCriterion = Literal[
    "prior-sorafenib",
    "tolerated-sorafenib",
    "progressed-on-sorafenib",
    "at-most-two-prior-lines",
    "child-pugh-a",
    "child-pugh-a-or-b7",
    "ecog-0-1",
    "afp-at-least-400",
    "no-autoimmune-disease",
]
