"""PatientCase: what is known of one patient, each fact with where and when it was recorded.

Nothing here is judged yet: freshness, ties, lines of therapy and classes are the pathway's work.
Absence of a fact means "not recorded", never "no"; a documented absence is a fact of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from hcc_pathway.answer import Phrase
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.drug_record import DayBound, DrugRecord, IntoleranceRecord


class Availability(StrEnum):
    """What became of one search of the chart."""

    COMPLETE = "complete"  # answered, every page read (an empty answer is complete)
    ABSENT = "absent"  # never asked
    NOT_OFFERED = "not-offered"  # the FHIR server says that it has nothing of this kind
    FAILED = "failed"  # asked, and the answer was an error
    TRUNCATED = "truncated"  # answered, but known to be cut (further pages not read)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One measured quantity as the interval that it proves, in a canonical unit.

    ``399 ng/mL`` is [399, 399]; ``> 20000`` is (20000, None). Units: AFP ``ng/mL`` or, where no
    factor of the site applies, ``IU/mL``; AFP in moles ``pmol/L`` (never decidable); bilirubin
    ``mg/dL``; albumin ``g/dL``; INR ``1``.
    """

    low: Decimal
    high: Decimal | None  # None: no upper bound
    low_included: bool = True
    high_included: bool = True
    unit: str
    as_received: str  # "399 ng/mL", comparator and unit text as they came
    earliest: datetime  # aware; with a date alone, the first and last moment of that day
    latest: datetime
    recorded_on: date  # calendar day in the site's time zone
    source: str  # "Observation/afp-1"
    coded_as: str = ""  # "LOINC 1834-1"; empty where words alone say what it is
    notes: tuple[Phrase, ...] = ()  # conversion and its factor, unit read from text, ...

    @property
    def comparator(self) -> str:
        """How the number that was read stands to the value: "", ">", ">=", "<" or "<="."""
        if self.high is None:
            return ">=" if self.low_included else ">"
        if self.low == self.high:
            return ""
        return "<=" if self.high_included else "<"

    @property
    def number(self) -> Decimal:
        """The number that was read, in the canonical unit; with a comparator it is a bound."""
        return self.low if self.high is None else self.high


class DiagnosisKind(StrEnum):
    """What a liver cancer diagnosis says about the histology."""

    HCC = "hcc"
    UNSPECIFIED = "unspecified"  # liver cancer, not specified as HCC
    OTHER_SUBTYPE = "other-subtype"  # fibrolamellar or mixed: not HCC for this pathway (A35)


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """An active, not refuted liver cancer condition."""

    kind: DiagnosisKind
    as_received: str  # display or text, plain
    code: str  # "C22.0"
    onset: DayBound | None
    recorded_on: date | None
    source: str
    coded_as: str = ""


class ProgressionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A documented progression of the disease (not a stop reason: those are in DrugRecord)."""

    day: DayBound
    as_received: str
    source: str
    coded_as: str = ""


class EcogReading(msgspec.Struct, frozen=True, kw_only=True):
    """A performance status as ECOG grade 0 to 5, converted from Karnofsky where noted."""

    grade: int
    earliest: datetime
    latest: datetime
    recorded_on: date
    as_received: str
    source: str
    coded_as: str = ""
    notes: tuple[Phrase, ...] = ()


class StoredChildPugh(msgspec.Struct, frozen=True, kw_only=True):
    """A Child-Pugh score or class that somebody recorded; one of the two may be None."""

    score: int | None
    child_pugh_class: str | None  # "A" | "B" | "C"
    earliest: datetime
    latest: datetime
    recorded_on: date
    as_received: str
    source: str
    coded_as: str = ""


class Grade(StrEnum):
    """Severity of ascites or encephalopathy."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class SignRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Ascites or encephalopathy, present or documented as absent (refuted)."""

    present: bool
    grade: Grade | None  # None: grade not recorded
    recorded_on: date | None
    as_received: str
    source: str
    coded_as: str = ""
    answered_on: date | None = None  # a clinician's answer: what was recorded until then is past


class CautionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An active condition, procedure or drug that some options warn about.

    ``concern`` is an input name of the contract: ``liver-transplant``, ``autoimmune-disease``,
    ``bleeding-risk`` or ``interacting-medication``; ``detail`` narrows it (for an interacting drug
    ``strong-cyp3a4-inhibitor`` or ``strong-cyp3a4-inducer``, else the value set's id).
    """

    concern: str
    detail: str
    as_received: str
    recorded_on: date | None
    source: str
    coded_as: str = ""


class ContextFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact shown for context only: extrahepatic-spread, vascular-invasion, weight."""

    input: str
    value: Decimal | bool | str
    unit: str
    as_received: str
    recorded_on: date | None
    source: str
    coded_as: str = ""


class StatementAbout(StrEnum):
    """What a clinician may state that no resource of a chart carries."""

    TOLERATED_DOSE = "tolerated-dose"  # the minimum dose on the minimum of days (S4)
    NO_OTHER_LINES = "no-other-lines"  # the systemic therapies on record are all (A19)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A clinician's statement: it decides what the records leave open, or is held against them."""

    about: StatementAbout
    holds: bool
    recorded_on: date
    source: str


class IgnoredRecord(msgspec.Struct, frozen=True):
    """A resource of this patient that was not used, and why (an ``ignored-...`` phrase)."""

    source: str
    because: Phrase


class Answered(msgspec.Struct, frozen=True):
    """What a clinician answered, and the case without it."""

    recorded: PatientCase
    answers: ClinicianAnswers


class PatientCase(msgspec.Struct, frozen=True, kw_only=True):
    """All that the pathway reads of one patient.

    The order of the tuples carries no meaning; whoever builds a case sorts them by source so that
    equal charts give equal cases.
    """

    patient_source: str = "Patient"  # "Patient/p1"
    birth: DayBound | None = None
    deceased: bool = False
    sex: str | None = None  # administrative gender as recorded
    conditions: Availability = Availability.COMPLETE
    observations: Availability = Availability.COMPLETE
    # each medication source by its prefetch key, e.g. {"medicationRequests": COMPLETE}
    medication_sources: tuple[tuple[str, Availability], ...] = ()
    procedures: Availability = Availability.ABSENT
    allergies: Availability = Availability.ABSENT
    diagnoses: tuple[Diagnosis, ...] = ()
    drugs: tuple[DrugRecord, ...] = ()
    progressions: tuple[ProgressionRecord, ...] = ()
    intolerances: tuple[IntoleranceRecord, ...] = ()
    afp: tuple[Reading, ...] = ()
    bilirubin: tuple[Reading, ...] = ()
    albumin: tuple[Reading, ...] = ()
    inr: tuple[Reading, ...] = ()
    ecog: tuple[EcogReading, ...] = ()
    stored_child_pugh: tuple[StoredChildPugh, ...] = ()
    ascites: tuple[SignRecord, ...] = ()
    encephalopathy: tuple[SignRecord, ...] = ()
    cautions: tuple[CautionRecord, ...] = ()
    context: tuple[ContextFact, ...] = ()
    statements: tuple[Statement, ...] = ()
    ignored: tuple[IgnoredRecord, ...] = ()
    resources_of_other_patients: int = 0
    answered: Answered | None = None  # None: every fact above is of the chart

    def stated(self, about: StatementAbout) -> Statement | None:
        """Give what was stated about something, if anything was."""
        return next((one for one in self.statements if one.about is about), None)
