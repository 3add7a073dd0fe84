"""patient-view: the clinician opens a chart."""

from datetime import date

from fhir_mappings.chart.record import KEYS
from fhir_mappings.patient_case import has_liver_cancer, read_case
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.case import DiagnosisKind, PatientCase
from hcc_pathway.findings.assessment import person_state
from hcc_pathway.findings.findings import PersonState
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import LineOfTherapy, PatientClass, Recommendation
from hcc_pathway.selection import select
from hcc_pathway.treatment_history.lines_of_therapy import lines
from hcc_pathway.treatment_history.sorafenib_exposure import SORAFENIB
from hooks.card_ids import PATIENT_VIEW_TOPICS
from hooks.cards import Near
from hooks.messages import CardsResponse, HookRequest
from hooks.prefetch import LEAN_KEYS
from hooks.service import ChartSource, HookAnswer, HookService, Site

NO_CARDS = CardsResponse(())


def answer(request: HookRequest, chart: ChartSource, site: Site, on: date) -> HookAnswer:
    """Write the cards for one opened chart.

    A chart without liver cancer is answered without cards before anything else is read, and so
    are patients whom the pathway does not concern (A35, A36; no systemic treatment yet).

    Raises:
        NeededDataAbsent: conditions, or every medication source, cannot be had.
        ChartRejected: the chart is not this patient's, or not FHIR.

    """
    knowledge = site.knowledge.as_of(on)
    patient_id = request.context.patient_id
    code_book = CodeBook.of(knowledge, site.local_codes)
    sources = chart.sources(LEAN_KEYS)
    if not has_liver_cancer(sources, patient_id, code_book, on, site.zone):
        return HookAnswer(NO_CARDS)
    case = read_case(
        chart.sources(KEYS),
        patient_id=patient_id,
        knowledge=knowledge,
        local_codes=site.local_codes,
        on=on,
        zone=site.zone,
        iu_to_ng=site.iu_to_ng,
    )
    recommendation = select(case, knowledge, on=on, site=site.policy)
    return _answer(case, recommendation, request, site, knowledge)


def _answer(
    case: PatientCase,
    recommendation: Recommendation,
    request: HookRequest,
    site: Site,
    knowledge: KnowledgeOnDay,
) -> HookAnswer:
    if not concerns(case, knowledge, recommendation):
        return HookAnswer(NO_CARDS, recommendation, case)
    if recommendation.patient_class is not PatientClass.NOT_APPLICABLE:
        cards = site.cards.answer_cards(recommendation, request, knowledge)
        return HookAnswer(CardsResponse(cards), recommendation, case)
    near = nearness(case, knowledge, recommendation.as_of)
    card = site.cards.near_card(recommendation, request, knowledge, near)
    return HookAnswer(CardsResponse((card,)), recommendation, case)


def concerns(case: PatientCase, knowledge: KnowledgeOnDay, recommendation: Recommendation) -> bool:
    """Say whether the pathway has anything to say to this patient's clinician at all."""
    if person_state(case, knowledge, recommendation.as_of) is not PersonState.ADULT:  # A36
        return False
    kinds = {diagnosis.kind for diagnosis in case.diagnoses}
    if not kinds or DiagnosisKind.OTHER_SUBTYPE in kinds:
        return False
    # liver cancer without any systemic treatment is not near "after sorafenib"
    return (
        recommendation.patient_class is not PatientClass.NOT_APPLICABLE
        or recommendation.line is not LineOfTherapy.FIRST
    )


def nearness(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> Near:
    """Say how a patient to whom the pathway does not apply is near it, and by which drugs."""
    history = lines(case, knowledge, on)
    last = history.regimens[-1].drugs if history.regimens else ()
    if SORAFENIB not in history.given:
        return Near("never-sorafenib", history.current or last)
    if SORAFENIB in history.current:
        return Near("sorafenib-running", history.current)
    return Near("later-drug", history.current or last)


SERVICE = HookService(
    id="hcc-after-sorafenib",
    hook="patient-view",
    texts="service",
    topics=PATIENT_VIEW_TOPICS,
    answer=answer,
)
