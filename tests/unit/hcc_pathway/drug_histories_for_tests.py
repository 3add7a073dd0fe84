"""Builders of drug records and of the history that they make."""

from datetime import date
from decimal import Decimal

import msgspec

from hcc_pathway.case import Availability, PatientCase, ProgressionRecord
from hcc_pathway.drug_record import (
    DayBound,
    DosePattern,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    IntoleranceRecord,
    StopReason,
)
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.treatment_history.lines_of_therapy import TreatmentHistory, lines

TODAY = date(2026, 11, 22)
ADMINISTERED, DISPENSED = DrugEvidence.ADMINISTERED, DrugEvidence.DISPENSED
PRESCRIBED, STATED = DrugEvidence.PRESCRIBED, DrugEvidence.STATED
ACTIVE, COMPLETED = DrugStatus.ACTIVE, DrugStatus.COMPLETED
NOT_TAKEN, ON_HOLD = DrugStatus.NOT_TAKEN, DrugStatus.ON_HOLD
STOPPED, UNKNOWN_STATUS = DrugStatus.STOPPED, DrugStatus.UNKNOWN
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
IN_MARCH = DayBound(MARCH, date(2026, 3, 31))
IN_MAY = DayBound(MAY, date(2026, 5, 31))
BEFORE_MAY = date(2026, 4, 30)


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


def record(  # noqa: PLR0913 - a drug record has these sides
    evidence: DrugEvidence,
    status: DrugStatus,
    first: date | DayBound | None = MARCH,
    last: date | DayBound | None = None,
    *,
    supply: date | DayBound | None = None,
    asserted: date | None = None,
    drug: str = "sorafenib",
    source: str = "own",
    reason: StopReason | None = None,
) -> DrugRecord:
    def bound(day: date | DayBound | None) -> DayBound | None:
        return DayBound(day, day) if isinstance(day, date) else day

    return DrugRecord(
        drug=drug,
        evidence=evidence,
        status=status,
        first_day=bound(first),
        last_day=bound(last),
        supply_ends=bound(supply),
        asserted_on=asserted,
        stop_reason=reason,
        source=source,
    )


def dosed(  # noqa: PLR0913 - a drug record has these sides
    evidence: DrugEvidence,
    status: DrugStatus,
    mg: str | None,
    first: date | DayBound | None = MARCH,
    last: date | DayBound | None = None,
    *,
    source: str = "a",
    supply: date | None = None,
    asserted: date | None = None,
    adhered: bool | None = None,
) -> DrugRecord:
    dose = None if mg is None else DosePattern((Decimal(mg),), (Decimal(mg),))
    made = record(evidence, status, first, last, source=source, supply=supply, asserted=asserted)
    return msgspec.structs.replace(made, dose=dose, taken_as_prescribed=adhered)
