"""What the state of the patient says against an order: liver, performance, transplant."""

from collections.abc import Iterator

from hcc_pathway.findings.findings import ChildPughState, EcogState
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.order_check.weighed_order import WeighedOrder
from hcc_pathway.recommendation import PatientClass

_CHECKPOINT_INHIBITOR = "checkpoint inhibitor"


def against_patient(order: WeighedOrder) -> Iterator[OrderFinding]:
    """Say whether liver function, performance status or a transplant forbids the order.

    Child-Pugh C speaks against every systemic drug, whatever the line, and like a transplant
    against going on with one (A16, A26).
    """
    findings = order.known.findings
    if findings.child_pugh is ChildPughState.C:
        yield order.finding(FindingKind.CHILD_PUGH_C, order.stopped_by("child-pugh"))
    applies = order.recommendation.patient_class is not PatientClass.NOT_APPLICABLE
    if findings.ecog is EcogState.POOR and applies and not order.renews:
        yield order.finding(FindingKind.ECOG_POOR, order.stopped_by("ecog"))
    if findings.liver_transplant and _has_checkpoint_inhibitor(order):
        recorded = tuple(
            one.as_received
            for one in order.known.case.cautions
            if one.concern == "liver-transplant" and one.as_received
        )
        yield order.finding(FindingKind.TRANSPLANT, _caution(order), recorded=recorded)


def _has_checkpoint_inhibitor(order: WeighedOrder) -> bool:
    drugs = order.knowledge.drugs
    return drugs[order.order.drug].drug_class == _CHECKPOINT_INHIBITOR


def _caution(order: WeighedOrder) -> str:
    named = order.knowledge.regimens.get(order.therapy) or order.knowledge.drugs[order.therapy]
    texts = (one.text for one in named.cautions if one.when == "liver-transplant")
    return next(texts, "")
