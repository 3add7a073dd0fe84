"""Builders of drug records and of the history that they make."""

from datetime import date

from hcc_pathway.case import Availability, PatientCase, ProgressionRecord
from hcc_pathway.drug_record import (
    DayBound,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    IntoleranceRecord,
    StopReason,
)
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.treatment_history.lines_of_therapy import TreatmentHistory, lines

TODAY = date(2026, 11, 22)
STATED, PRESCRIBED = DrugEvidence.STATED, DrugEvidence.PRESCRIBED
ADMINISTERED = DrugEvidence.ADMINISTERED


def on(day: str) -> DayBound:
    return DayBound(date.fromisoformat(day), date.fromisoformat(day))


def drug(  # noqa: PLR0913 - a drug record has these sides
    name: str,
    start: str | None,
    end: str | None = None,
    *,
    status: DrugStatus = DrugStatus.COMPLETED,
    evidence: DrugEvidence = STATED,
    reason: StopReason | None = None,
    asserted: str | None = None,
    adjuvant: bool = False,
) -> DrugRecord:
    return DrugRecord(
        drug=name,
        evidence=evidence,
        status=status,
        first_day=None if start is None else on(start),
        last_day=None if end is None else on(end),
        asserted_on=None if asserted is None else date.fromisoformat(asserted),
        stop_reason=reason,
        adjuvant_or_trial=adjuvant,
        source=f"{evidence}/{name}-{start}-{status}",
    )


def progression(day: str) -> ProgressionRecord:
    return ProgressionRecord(day=on(day), as_received="progressed", source=f"Observation/{day}")


def reaction(day: str | None, *, allergy: bool = False) -> IntoleranceRecord:
    return IntoleranceRecord(
        is_allergy=allergy,
        day=None if day is None else on(day),
        as_received="rash",
        source="AdverseEvent/1",
    )


def history(
    *drugs: DrugRecord,
    progressions: tuple[ProgressionRecord, ...] = (),
    intolerances: tuple[IntoleranceRecord, ...] = (),
    sources: tuple[tuple[str, Availability], ...] = (),
) -> TreatmentHistory:
    case = PatientCase(
        drugs=drugs,
        progressions=progressions,
        intolerances=intolerances,
        medication_sources=sources,
    )
    return lines(case, load_knowledge().as_of(TODAY), TODAY)


def regimens(found: TreatmentHistory) -> list[str]:
    return ["+".join(regimen.drugs) for regimen in found.regimens]
