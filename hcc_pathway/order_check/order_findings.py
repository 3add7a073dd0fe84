"""What can speak against a draft order, by weight, and what one check found."""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from hcc_pathway.order_check.draft_orders import DraftOrder


class FindingKind(StrEnum):
    """What speaks against an order; the weightiest first, contradictions before gaps."""

    CHILD_PUGH_C = "child-pugh-c"  # A16
    ECOG_POOR = "ecog-poor"  # A18
    TRANSPLANT = "transplant"  # A26
    TOGETHER = "together"  # two systemic drugs drafted that are no known combination
    BESIDE_RUNNING = "beside-running"  # A1, A19
    WITHDRAWN = "withdrawn"
    ALREADY_GIVEN = "already-given"  # A19
    AFP_BELOW = "afp-below"  # S6, A14
    TOLERANCE_NOT_SHOWN = "tolerance-not-shown"  # S3, S4
    INTERACTION = "interaction"
    OTHER_PRODUCT = "other-product"
    DOSE_ABOVE_START = "dose-above-start"  # A15
    NOT_KNOWN = "not-known"  # a question that every option hangs on
    AFP_UNKNOWN = "afp-unknown"  # A10
    TOLERANCE_UNKNOWN = "tolerance-unknown"  # A4
    NO_SORAFENIB = "no-sorafenib"  # A22
    FAILURE_NOT_DOCUMENTED = "failure-not-documented"  # A19
    GIVEN_BEFORE = "given-before"  # A19, A37
    NOT_OFFERED = "not-offered"  # A13, A21, A30
    NOT_NAMED = "not-named"
    NOT_READ = "not-read"  # a medication that cannot be read may be any drug


_WEIGHT = {kind: place for place, kind in enumerate(FindingKind)}
_LAST_CONTRADICTION = _WEIGHT[FindingKind.DOSE_ABOVE_START]


class OrderFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that speaks against one order.

    ``because`` is a sentence of the document or of the knowledge, empty where the kind says all;
    ``others`` are the other drugs it is about, ``recorded`` the records of the chart behind it,
    ``daily_mg`` the dose that is too high, of all drafts of the drug together.
    """

    kind: FindingKind
    order: DraftOrder
    therapy: str  # a drug, or the combination that the draft is part of; "" where not read
    because: str = ""
    others: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    daily_mg: Decimal | None = None

    @property
    def weight(self) -> int:
        """Its place in the order of weight; the smallest matters most."""
        return _WEIGHT[self.kind]

    @property
    def grade(self) -> Literal["info", "warning"]:
        """A contradiction warns; what is not known or merely outside the pathway informs."""
        return "warning" if self.weight <= _LAST_CONTRADICTION else "info"
