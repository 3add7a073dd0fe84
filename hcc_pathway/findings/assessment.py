"""From a patient case to findings, keeping beside each finding what explains it."""

from datetime import date

import msgspec

from hcc_pathway.case import Availability, Diagnosis, DiagnosisKind, PatientCase
from hcc_pathway.findings.afp_finding import AfpFinding, afp_finding
from hcc_pathway.findings.findings import DiagnosisState, Findings, LastLine, PersonState
from hcc_pathway.findings.liver_finding import LiverFinding, liver_finding
from hcc_pathway.findings.performance_finding import PerformanceFinding, performance_finding
from hcc_pathway.findings.treatment_finding import TreatmentFinding, treatment_finding
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.site_policy import SitePolicy

_MOST_LINES_COUNTED = 3  # three stands for three and more


class Assessment(msgspec.Struct, frozen=True):
    """The findings of one patient on one day, and the facts behind them."""

    case: PatientCase
    on: date
    site: SitePolicy
    findings: Findings
    diagnoses: tuple[Diagnosis, ...]  # those that decide
    treatment: TreatmentFinding
    afp: AfpFinding
    liver: LiverFinding
    performance: PerformanceFinding
    concerns: frozenset[str]


def assess(case: PatientCase, knowledge: KnowledgeOnDay, on: date, site: SitePolicy) -> Assessment:
    """Judge everything that the pathway asks about one patient on one day."""
    state, diagnoses = diagnosis_state(case)
    treatment = treatment_finding(case, knowledge, on)
    afp = afp_finding(case, knowledge, on, inclusive=site.afp_inclusive)
    liver = liver_finding(case, knowledge, on)
    performance = performance_finding(case, knowledge, on)
    concerns = _concerns(case, treatment)
    findings = msgspec.structs.replace(
        _of_treatment(treatment, knowledge, on),
        person=person_state(case, knowledge, on),
        diagnosis=state,
        afp=afp.state,
        afp_aged=afp.aged,
        child_pugh=liver.state,
        liver_aged=liver.child_pugh.aged,
        ecog=performance.state,
        ecog_aged=performance.aged,
        liver_transplant="liver-transplant" in concerns,
        withdrawn=_withdrawn(knowledge, site),
        near=_near(afp, liver, performance, treatment),
    )
    return Assessment(
        case, on, site, findings, diagnoses, treatment, afp, liver, performance, concerns
    )


def diagnosis_state(case: PatientCase) -> tuple[DiagnosisState, tuple[Diagnosis, ...]]:
    """Say what the diagnoses amount to, and which of them decide (A35).

    An excluded subtype decides even beside an HCC code; a specific code outranks unspecific ones;
    without any, conditions that could not be read in full leave the diagnosis open.
    """
    for kind, state in (
        (DiagnosisKind.OTHER_SUBTYPE, DiagnosisState.EXCLUDED),
        (DiagnosisKind.HCC, DiagnosisState.HCC),
        (DiagnosisKind.UNSPECIFIED, DiagnosisState.UNSPECIFIED),
    ):
        deciding = tuple(one for one in case.diagnoses if one.kind is kind)
        if deciding:
            return state, deciding
    read = case.conditions is Availability.COMPLETE
    return DiagnosisState.NONE if read else DiagnosisState.UNSPECIFIED, ()


def person_state(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> PersonState:
    """Under age only where certain: an unknown or imprecise birth date excludes nobody (A36)."""
    if case.deceased:
        return PersonState.DECEASED
    if case.birth is None:
        return PersonState.ADULT
    adult_from = int(knowledge.parameter("adult-age-years"))
    young = years_between(case.birth.earliest, on) < adult_from
    return PersonState.UNDER_AGE if young else PersonState.ADULT


def years_between(birth: date, on: date) -> int:
    """Count the completed years of age."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _concerns(case: PatientCase, treatment: TreatmentFinding) -> frozenset[str]:
    """Name the documented concerns as circumstances of the knowledge files (A26, A33)."""
    named = {
        record.detail if record.concern == "interacting-medication" else record.concern
        for record in case.cautions
    }
    if treatment.history.sorafenib.allergy_sources:
        named.add("sorafenib-allergy")
    return frozenset(named)


def _of_treatment(treatment: TreatmentFinding, knowledge: KnowledgeOnDay, on: date) -> Findings:
    history, exposed = treatment.history, treatment.exposure
    event = treatment.progression
    old_after = knowledge.parameter("progression-old-days")
    old = event is not None and event.day is not None and (on - event.day.latest).days > old_after
    last_was_sorafenib = treatment.last_line is LastLine.SORAFENIB
    return Findings(
        sorafenib=treatment.course,
        progression=history.sorafenib.progression,
        intolerance=history.sorafenib.intolerance,
        exposure=exposed.answer,
        lines_started=min(len(history.regimens), _MOST_LINES_COUNTED),
        last_line=treatment.last_line,
        history=treatment.history_state,
        given=history.given,
        immunotherapy_given=treatment.immunotherapy_given,
        progression_old=old,
        last_dose_long_before_progression=last_was_sorafenib
        and exposed.last_dose_long_before_progression,
        windows_disagree=exposed.windows_disagree,
        based_on_prescriptions=exposed.based_on_prescriptions,
    )


def _withdrawn(knowledge: KnowledgeOnDay, site: SitePolicy) -> frozenset[str]:
    return frozenset(
        notice.therapy
        for notice in knowledge.notices(site.jurisdiction)
        if notice.decides_for(site.jurisdiction)
    )


def _near(
    afp: AfpFinding,
    liver: LiverFinding,
    performance: PerformanceFinding,
    treatment: TreatmentFinding,
) -> frozenset[tuple[str, str]]:
    """Name the states that lie just across a border."""
    near = [("child-pugh", str(state)) for state in liver.near]
    near += [("ecog", str(state)) for state in performance.near]
    if afp.near is not None:
        near.append(("alpha-fetoprotein", str(afp.near)))
    if treatment.near_exposure is not None:
        near.append(("sorafenib-exposure", str(treatment.near_exposure)))
    return frozenset(near)
