"""What earlier and running treatment says against an order: given before, or two at once."""

from collections.abc import Iterator

from hcc_pathway.decision.decision import Standing
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.order_check.weighed_order import WeighedOrder

# in these something runs whose failure is not documented; elsewhere an order is the next line
_RUNS_ON = {Standing.SORAFENIB_RUNNING, Standing.LATER_DRUG_RUNNING, Standing.NEVER_SORAFENIB}


def against_treatment(order: WeighedOrder) -> Iterator[OrderFinding]:
    """Say whether the drug was given before, or would be one of two systemic drugs at once."""
    together = tuple(sorted(order.drafts.drugs - order.partners))
    if together:
        yield order.finding(FindingKind.TOGETHER, others=together)
    beside = tuple(sorted(order.running - order.partners))
    if beside and not order.renews and not order.is_option and order.standing in _RUNS_ON:
        yield order.finding(
            FindingKind.BESIDE_RUNNING, others=beside, recorded=(order.sources(*beside),)
        )
    yield from _given_before(order)


def _given_before(order: WeighedOrder) -> Iterator[OrderFinding]:
    """A19: no drug is offered again; going on with one that runs and has not failed is none."""
    drug = order.order.drug
    if drug not in order.known.findings.given:
        return
    recorded = (order.sources(drug),)
    withheld = order.withheld
    refused = withheld is not None and withheld.criterion == "not-already-given"
    if order.failed or (refused and not order.renews):
        yield order.finding(FindingKind.ALREADY_GIVEN, recorded=recorded)
    elif not order.renews:
        yield order.finding(FindingKind.GIVEN_BEFORE, recorded=recorded)
