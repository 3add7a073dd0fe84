"""Hold draft orders against a patient: everything that speaks against them, by weight."""

from collections.abc import Collection, Iterator
from datetime import date

import msgspec

from hcc_pathway.case import PatientCase
from hcc_pathway.drug_record import DrugRecord
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import DiagnosisState, PersonState
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.order_check.against_pathway import against_pathway
from hcc_pathway.order_check.against_patient import against_patient
from hcc_pathway.order_check.against_product import against_product
from hcc_pathway.order_check.against_treatment import against_treatment
from hcc_pathway.order_check.draft_orders import DraftOrder, DraftOrders
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.order_check.weighed_order import WeighedOrder
from hcc_pathway.recommendation import Recommendation

_SPOKEN_OF = {DiagnosisState.HCC, DiagnosisState.UNSPECIFIED}


def check_orders(
    drafts: DraftOrders,
    known: Assessment,
    recommendation: Recommendation,
    knowledge: KnowledgeOnDay,
) -> tuple[OrderFinding, ...]:
    """List what speaks against the drafts asked about, the weightiest first.

    Nothing where the orders fit, and nothing for whom this pathway does not speak of at all:
    children, the deceased, other tumours (A35, A36). A draft that cannot be read is a finding of
    its own: it may be any drug. ``known`` and ``recommendation`` are of the
    same case, without the drafts themselves (see ``without_drafts``).
    """
    adult = known.findings.person is PersonState.ADULT
    if not adult or known.findings.diagnosis not in _SPOKEN_OF or not known.diagnoses:
        return ()
    found = [
        finding
        for order in drafts.selected
        if not order.ends
        for finding in _against(WeighedOrder.of(order, drafts, known, recommendation, knowledge))
    ]
    found += [
        OrderFinding(kind=FindingKind.NOT_READ, order=order, therapy="") for order in drafts.unread
    ]
    return tuple(sorted(found, key=lambda one: one.weight))


def _against(order: WeighedOrder) -> Iterator[OrderFinding]:
    yield from against_patient(order)
    yield from against_treatment(order)
    yield from against_pathway(order)
    yield from against_product(order)


def without_drafts(case: PatientCase, orders: Collection[DraftOrder], on: date) -> PatientCase:
    """Take the drafts' own records out of a case: an order not signed yet is no drug given.

    An EHR may list the unsigned order among the medications already. A revision of an order that
    is older than today is a record of its own: the drug does run.
    """
    drafted = {order.reference: order for order in orders if order.reference}

    def is_the_draft(record: DrugRecord) -> bool:
        order = drafted.get(record.source)
        if order is None:
            return False
        begun = record.first_day is not None and record.first_day.latest < on
        return not (order.revises and begun)

    kept = tuple(record for record in case.drugs if not is_the_draft(record))
    return msgspec.structs.replace(case, drugs=kept)
