"""Draft orders in, one card or none out: the same for both order hooks."""

from collections.abc import Iterable
from datetime import date

import msgspec

from fhir_mappings.chart.bundles_received import Received
from fhir_mappings.chart.record import KEYS
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.incoming.drafted_drugs import (
    Drafted,
    for_this_cancer,
    read_drafted_drugs,
)
from fhir_mappings.patient_case import has_liver_cancer, read_case
from hcc_pathway.findings.assessment import assess
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.order_check.check import check_orders, without_drafts
from hcc_pathway.selection import select
from hooks.messages import CardsResponse, HookRequest
from hooks.prefetch import LEAN_KEYS
from hooks.service import ChartSource, HookAnswer, Site

_NO_CARDS = CardsResponse(())
_NO_DRAFTS = msgspec.Raw(b'{"resourceType":"Bundle"}')


def answer_orders(request: HookRequest, chart: ChartSource, site: Site, on: date) -> HookAnswer:
    """Write the card for what speaks against the draft orders, or none where they fit.

    The chart is read as for patient-view, and only where a systemic drug is drafted for this
    patient: most orders of a hospital end before it. A draft that names its drug by a bare
    reference to a Medication is looked up where there is a liver cancer; one of which nothing is
    known even then may be any drug, and is said to be unread. The drafts themselves count as no
    drug given.

    Raises:
        NeededDataAbsent: conditions, or every medication source, cannot be had.
        ChartRejected: the chart is not this patient's, or not FHIR.

    """
    knowledge = site.knowledge.as_of(on)
    named = NamedDrugs.of(knowledge, site.local_codes)
    patient_id = request.context.patient_id
    drafted = _drafted(request, named)
    if not (drafted.asked(request.context.selections).selected or drafted.unread):
        return HookAnswer(_NO_CARDS)
    sources = chart.sources(LEAN_KEYS)
    if not has_liver_cancer(sources, patient_id, named.book, on, site.zone):
        return HookAnswer(_NO_CARDS)
    if drafted.unnamed:
        drafted = _drafted(request, named, chart.medications(drafted.unnamed))
    drafted = for_this_cancer(drafted, sources, patient_id, named, knowledge)
    asked = drafted.asked(request.context.selections)
    if not (asked.selected or asked.unread):
        return HookAnswer(_NO_CARDS)
    return _checked(drafted, request, chart, site, knowledge)


def _drafted(request: HookRequest, named: NamedDrugs, fetched: Iterable[Received] = ()) -> Drafted:
    return read_drafted_drugs(
        request.context.draft_orders or _NO_DRAFTS,
        patient_id=request.context.patient_id,
        fhir_base=request.fhir_server,
        named=named,
        fetched=fetched,
    )


def _checked(
    drafted: Drafted,
    request: HookRequest,
    chart: ChartSource,
    site: Site,
    knowledge: KnowledgeOnDay,
) -> HookAnswer:
    on = knowledge.day
    case = read_case(
        chart.sources(KEYS),
        patient_id=request.context.patient_id,
        knowledge=knowledge,
        local_codes=site.local_codes,
        on=on,
        zone=site.zone,
        iu_to_ng=site.iu_to_ng,
    )
    drafts = drafted.asked(request.context.selections)
    case = without_drafts(case, drafts.orders, on)
    recommendation = select(case, knowledge, on=on, site=site.policy)
    known = assess(case, knowledge, on, site.policy)
    findings = check_orders(drafts, known, recommendation, knowledge)
    if not findings:
        return HookAnswer(_NO_CARDS, recommendation)
    card = site.order_cards.card(findings, drafts.to_give, recommendation, request, knowledge)
    return HookAnswer(CardsResponse((card,)), recommendation)
