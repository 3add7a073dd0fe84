"""What the drug's own file says against an order: interactions, another product, the dose."""

import re
from collections.abc import Iterator
from decimal import Decimal

from hcc_pathway.explanation.drug_warnings import dosing_of
from hcc_pathway.findings.findings import ChildPughState
from hcc_pathway.knowledge_base.dosing import Dosing
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.order_check.weighed_order import WeighedOrder

_INHIBITOR, _INDUCER = "strong-cyp3a4-inhibitor", "strong-cyp3a4-inducer"
_B = {ChildPughState.B, ChildPughState.AT_LEAST_B}


def against_product(order: WeighedOrder) -> Iterator[OrderFinding]:
    """Say whether an active drug interacts, the product is another one, or the dose too high.

    A draft that states the caution itself is not told it again, and a dose that the label has
    for that interaction is the answer to it. What the knowledge has no figure for is not judged.
    """
    yield from _interactions(order)
    other = order.knowledge.drugs[order.order.drug].other_product
    words = order.order.product_words
    if other is not None and any(_is_word(name, words) for name in other.names):
        yield order.finding(FindingKind.OTHER_PRODUCT, other.text)
    yield from _dose(order)


def _interactions(order: WeighedOrder) -> Iterator[OrderFinding]:
    present = order.known.concerns | order.drafts.interacting
    for caution in order.knowledge.drugs[order.order.drug].cautions:
        if caution.when not in {_INHIBITOR, _INDUCER} or caution.when not in present:
            continue
        stated = any(caution.text in note for note in order.order.notes)
        if stated or _dosed_for(order, caution.when):
            continue
        recorded = tuple(
            one.as_received
            for one in order.known.case.cautions
            if one.detail == caution.when and one.as_received
        )
        yield order.finding(FindingKind.INTERACTION, caution.text, recorded=recorded)


def _dosed_for(order: WeighedOrder, interaction: str) -> bool:
    """Whether the order's dose is the labelled start changed for this interaction."""
    daily, dosing = order.daily_mg, order.knowledge.drugs[order.order.drug].dosing
    if daily is None or dosing is None or dosing.strong_cyp3a4_step_mg is None:
        return False
    if any(one.daily_mg is None for one in order.of_the_same_drug):
        return False
    start = _labelled_start(order, dosing)
    if start is None:
        return False
    if interaction == _INHIBITOR:
        return daily <= start - dosing.strong_cyp3a4_step_mg
    return start < daily <= _most(start, dosing)


def _dose(order: WeighedOrder) -> Iterator[OrderFinding]:
    """Hold the dose against the labelled start: no label goes above it later on (A15)."""
    daily, dosing = order.daily_mg, order.knowledge.drugs[order.order.drug].dosing
    if daily is None or dosing is None:
        return
    start = _labelled_start(order, dosing)
    if start is None:
        return
    induced = _INDUCER in order.known.concerns | order.drafts.interacting
    if daily > (_most(start, dosing) if induced else start):
        text = dosing_of(order.order.drug, order.known.findings, order.knowledge)
        yield order.finding(FindingKind.DOSE_ABOVE_START, text, daily_mg=daily)


def _labelled_start(order: WeighedOrder, dosing: Dosing) -> int | None:
    if order.known.findings.child_pugh in _B and dosing.child_pugh_b_start_mg_per_day is not None:
        return dosing.child_pugh_b_start_mg_per_day
    return dosing.start_mg_per_day


def _most(start: int, dosing: Dosing) -> Decimal:
    raised = start + (dosing.strong_cyp3a4_step_mg or 0)
    return Decimal(min(raised, dosing.most_mg_per_day or raised))


def _is_word(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None
