"""Conditions and procedures: the diagnosis, signs of liver failure, cautions and context.

A condition counts while it is active (an absent clinical status counts as active) and neither
refuted nor entered in error. Only for ascites and encephalopathy is a refuted condition a fact of
its own: documented absence (A34).
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from fhir_mappings.chart.projections import CodeableConcept, Condition, Procedure
from fhir_mappings.chart.subjects import source_of
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.concepts import name_of, status_codes
from fhir_mappings.values.dates import days_of, is_future, when
from hcc_pathway.answer import Phrase
from hcc_pathway.case import (
    CautionRecord,
    ContextFact,
    Diagnosis,
    DiagnosisKind,
    Grade,
    IgnoredRecord,
    SignRecord,
)
from hcc_pathway.drug_record import DayBound

KINDS: Final = {  # value set -> what it says; the first that applies
    "liver-cancer-other-subtype": DiagnosisKind.OTHER_SUBTYPE,
    "hepatocellular-carcinoma": DiagnosisKind.HCC,
    "liver-cancer-unspecified": DiagnosisKind.UNSPECIFIED,
}
_SIGNS: Final = {"ascites": "ascites", "hepatic-encephalopathy": "encephalopathy"}
_CAUTIONS: Final = ("liver-transplant", "autoimmune-disease", "bleeding-risk")
_CONTEXT: Final = ("extrahepatic-spread", "vascular-invasion")
_GRADES: Final = {
    "severity-mild": Grade.MILD,
    "severity-moderate": Grade.MODERATE,
    "severity-severe": Grade.SEVERE,
}
OF_INTEREST: Final = frozenset({*KINDS, *_SIGNS, *_CAUTIONS, *_CONTEXT})
_ACTIVE: Final = frozenset({"active", "recurrence", "relapse"})
_REFUTED: Final = "refuted"  # the verification status of documented absence
_NOT_ACTIVE: Final = frozenset({"inactive", "remission", "resolved"})


class ConditionReadings(msgspec.Struct):
    """What the conditions and procedures of a chart say."""

    diagnoses: list[Diagnosis] = []
    ascites: list[SignRecord] = []
    encephalopathy: list[SignRecord] = []
    cautions: list[CautionRecord] = []
    context: list[ContextFact] = []
    ignored: list[IgnoredRecord] = []


def read_conditions(
    conditions: Iterable[Condition], book: CodeBook, place: Place
) -> ConditionReadings:
    """Read every condition of interest; the others are passed over without a word."""
    readings = ConditionReadings()
    for condition in conditions:
        value_sets = book.value_sets(condition.code)
        if value_sets.isdisjoint(OF_INTEREST):
            continue
        because = _refused(condition, value_sets, place)
        if because is not None:
            source = source_of("Condition", condition.id)
            readings.ignored.append(IgnoredRecord(source, because))
        else:
            _add(readings, condition, value_sets, book, place)
    return readings


def read_procedures(
    procedures: Iterable[Procedure], readings: ConditionReadings, book: CodeBook, place: Place
) -> None:
    """Add completed procedures that some options warn about (a liver transplant)."""
    for procedure in procedures:
        concerns = [one for one in _CAUTIONS if one in book.value_sets(procedure.code)]
        if not concerns:
            continue
        source = source_of("Procedure", procedure.id)
        performed = procedure.performed_date_time or (
            procedure.performed_period.start if procedure.performed_period else None
        )
        time = when(performed, place.zone)
        if procedure.status != "completed":
            readings.ignored.append(IgnoredRecord(source, Phrase.of("ignored-not-completed")))
        elif time is not None and is_future(time.days(place.zone).earliest, place.on):
            readings.ignored.append(IgnoredRecord(source, Phrase.of("ignored-future-date")))
        else:
            day = time.days(place.zone).earliest if time else None
            readings.cautions.extend(
                CautionRecord(
                    concern=concern,
                    detail=concern,
                    as_received=name_of(procedure.code),
                    recorded_on=day,
                    source=source,
                    coded_as=book.cite(procedure.code),
                )
                for concern in concerns
            )


def _refused(condition: Condition, value_sets: frozenset[str], place: Place) -> Phrase | None:
    """Say why a condition is not used, or None."""
    verification = status_codes(condition.verification_status)
    if "entered-in-error" in verification:
        return Phrase.of("ignored-status-entered-in-error")
    recorded = days_of(condition.recorded_date, place.zone)
    if recorded is not None and is_future(recorded.earliest, place.on):
        return Phrase.of("ignored-future-date")
    if _REFUTED in verification:
        is_sign = not value_sets.isdisjoint(_SIGNS)
        return None if is_sign else Phrase.of("ignored-refuted")
    clinical = status_codes(condition.clinical_status)
    if clinical & _NOT_ACTIVE or (not clinical and _has_abated(condition)):
        return Phrase.of("ignored-not-active")
    if clinical and not clinical & _ACTIVE:
        return Phrase.of("ignored-status-not-known")
    return None


def _has_abated(condition: Condition) -> bool:
    return condition.abatement_date_time is not None or condition.abatement_period is not None


class _Said(msgspec.Struct, frozen=True):
    """What every fact of one condition shares: its words, code, day and source."""

    as_received: str
    coded_as: str
    recorded_on: date | None
    source: str


def _add(
    readings: ConditionReadings,
    condition: Condition,
    value_sets: frozenset[str],
    book: CodeBook,
    place: Place,
) -> None:
    recorded = days_of(condition.recorded_date, place.zone)
    present = _REFUTED not in status_codes(condition.verification_status)
    name = name_of(condition.code)
    said = _Said(
        # the bare name of what is not there reads as its opposite
        name if present else f"{name}; {_REFUTED}",
        book.cite(condition.code),
        recorded.earliest if recorded else None,
        source_of("Condition", condition.id),
    )
    for value_set, sign in _SIGNS.items():
        if value_set in value_sets:
            grade = _grade(condition.severity, book) if present else None
            getattr(readings, sign).append(_sign(said, grade, present=present))
    if not present:
        return
    kind = next((KINDS[one] for one in KINDS if one in value_sets), None)
    if kind is not None:
        readings.diagnoses.append(_diagnosis(said, kind, condition, book, place))
    readings.cautions += [_caution(said, one) for one in _CAUTIONS if one in value_sets]
    readings.context += [_fact(said, one) for one in _CONTEXT if one in value_sets]


def _sign(said: _Said, grade: Grade | None, *, present: bool) -> SignRecord:
    return SignRecord(
        present=present,
        grade=grade,
        recorded_on=said.recorded_on,
        as_received=said.as_received,
        source=said.source,
        coded_as=said.coded_as,
    )


def _diagnosis(
    said: _Said, kind: DiagnosisKind, condition: Condition, book: CodeBook, place: Place
) -> Diagnosis:
    return Diagnosis(
        kind=kind,
        as_received=said.as_received,
        code=book.of_system(condition.code, KINDS) or "",
        onset=_onset(condition, place),
        recorded_on=said.recorded_on,
        source=said.source,
        coded_as=said.coded_as,
    )


def _caution(said: _Said, concern: str) -> CautionRecord:
    return CautionRecord(
        concern=concern,
        detail=concern,
        as_received=said.as_received,
        recorded_on=said.recorded_on,
        source=said.source,
        coded_as=said.coded_as,
    )


def _fact(said: _Said, fact: str) -> ContextFact:
    return ContextFact(
        input=fact,
        value=True,
        unit="",
        as_received=said.as_received,
        recorded_on=said.recorded_on,
        source=said.source,
        coded_as=said.coded_as,
    )


def _onset(condition: Condition, place: Place) -> DayBound | None:
    period = condition.onset_period
    return days_of(condition.onset_date_time or (period.start if period else None), place.zone)


def _grade(severity: CodeableConcept | None, book: CodeBook) -> Grade | None:
    """Read the grade from coded severity only; two grades at once are no grade."""
    found = {_GRADES[one] for one in book.value_sets(severity) if one in _GRADES}
    return found.pop() if len(found) == 1 else None
