"""Patient cases of known findings, built from dated facts; 22 November 2026 is today."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import msgspec

from hcc_pathway.case import (
    Availability,
    Diagnosis,
    DiagnosisKind,
    EcogReading,
    PatientCase,
    ProgressionRecord,
    Reading,
    SignRecord,
)
from hcc_pathway.drug_record import (
    DayBound,
    DosePattern,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    StopReason,
)
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay, load_knowledge

TODAY = date(2026, 11, 22)


def knowledge() -> KnowledgeOnDay:
    return load_knowledge().as_of(TODAY)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def exactly(day: date) -> DayBound:
    return DayBound(day, day)


def _moments(day: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, time.min, tzinfo=UTC),
        datetime.combine(day, time.max, tzinfo=UTC),
    )


def reading(value: str, unit: str = "ng/mL", *, age: int = 9, source: str = "a") -> Reading:
    """Read "399", "> 400", ">= 400", "< 400" or "<= 400", recorded ``age`` days ago."""
    comparator, _, number = value.rpartition(" ")
    amount, day = Decimal(number), days_ago(age)
    earliest, latest = _moments(day)
    return Reading(
        low=Decimal(0) if comparator.startswith("<") else amount,
        high=None if comparator.startswith(">") else amount,
        low_included=comparator != ">",
        high_included=comparator != "<",
        unit=unit,
        as_received=f"{value} {unit}".removesuffix(" 1"),
        earliest=earliest,
        latest=latest,
        recorded_on=day,
        source=f"Observation/{source}",
    )


def ecog(grade: int, *, age: int = 9, source: str = "ecog") -> EcogReading:
    day = days_ago(age)
    earliest, latest = _moments(day)
    return EcogReading(
        grade=grade,
        earliest=earliest,
        latest=latest,
        recorded_on=day,
        as_received=str(grade),
        source=f"Observation/{source}",
    )


def absent(sign: str) -> SignRecord:
    return SignRecord(
        present=False,
        grade=None,
        recorded_on=days_ago(9),
        as_received=sign,
        source=f"Condition/{sign}",
    )


def drug(  # noqa: PLR0913 - a drug record has this many parts
    name: str = "sorafenib",
    start: int = 300,
    end: int | None = 34,
    *,
    mg: int | None = 800,
    status: DrugStatus = DrugStatus.COMPLETED,
    reason: StopReason | None = None,
) -> DrugRecord:
    """Give a statement of ``mg`` a day from ``start`` to ``end`` days ago."""
    last = None if end is None else exactly(days_ago(end))
    dose = None if mg is None else DosePattern((Decimal(mg),), (Decimal(mg),))
    return DrugRecord(
        drug=name,
        evidence=DrugEvidence.STATED,
        status=status,
        first_day=exactly(days_ago(start)),
        last_day=last,
        asserted_on=TODAY if end is None else days_ago(end),
        dose=dose,
        stop_reason=reason,
        as_received=f"{name} {mg} mg/d",
        recorded_on=days_ago(start),
        source=f"MedicationStatement/{name}",
    )


def running(name: str = "sorafenib", start: int = 300) -> DrugRecord:
    return drug(name, start, None, status=DrugStatus.ACTIVE)


def progression(age: int = 30) -> ProgressionRecord:
    return ProgressionRecord(
        day=exactly(days_ago(age)), as_received="worsened", source="Observation/pd"
    )


def diagnosis(kind: DiagnosisKind = DiagnosisKind.HCC) -> Diagnosis:
    return Diagnosis(
        kind=kind,
        as_received=kind.value,
        code="C22.0",
        onset=exactly(days_ago(700)),
        recorded_on=days_ago(700),
        source=f"Condition/{kind.value}",
    )


_TOLERANT = PatientCase(
    patient_source="Patient/p1",
    birth=exactly(date(1961, 5, 17)),
    sex="male",
    medication_sources=(("medicationStatements", Availability.COMPLETE),),
    diagnoses=(diagnosis(),),
    drugs=(drug(),),
    progressions=(progression(),),
    afp=(reading("812"),),
    bilirubin=(reading("0.9", "mg/dL", source="bilirubin"),),
    albumin=(reading("4.0", "g/dL", source="albumin"),),
    inr=(reading("1.1", "1", source="inr"),),
    ecog=(ecog(1),),
    ascites=(absent("ascites"),),
    encephalopathy=(absent("encephalopathy"),),
)


def tolerant(**changes: object) -> PatientCase:
    """Give a patient who progressed on tolerated sorafenib, AFP 812, Child-Pugh A5, ECOG 1."""
    return msgspec.structs.replace(_TOLERANT, **changes)


def intolerant(**changes: object) -> PatientCase:
    """Give a patient whose sorafenib was stopped as not tolerated, without progression."""
    stopped = drug(status=DrugStatus.STOPPED, reason=StopReason.INTOLERANCE)
    return tolerant(**{"drugs": (stopped,), "progressions": (), **changes})
