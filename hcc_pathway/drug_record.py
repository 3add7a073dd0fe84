"""Drug records: what one statement of the chart says about one systemic drug.

The facts as recorded, freed of FHIR: what they amount to (days of exposure, courses, lines) is
worked out in ``hcc_pathway.treatment_history``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from hcc_pathway.answer import Phrase


class DayBound(msgspec.Struct, frozen=True):
    """A calendar day as precisely as it was recorded: "2026-05" is 1 to 31 May 2026."""

    earliest: date
    latest: date


class DrugEvidence(StrEnum):
    """How a record speaks of a drug, strongest first: the order of precedence for a day's dose."""

    ADMINISTERED = "administered"
    STATED = "stated"
    DISPENSED = "dispensed"
    PRESCRIBED = "prescribed"


class DrugStatus(StrEnum):
    """The state of a drug record, freed of each resource type's own words."""

    ACTIVE = "active"
    COMPLETED = "completed"
    STOPPED = "stopped"
    ON_HOLD = "on-hold"
    NOT_TAKEN = "not-taken"  # not-taken statements, not-done administrations: a day without drug
    UNKNOWN = "unknown"


class StopReason(StrEnum):
    """Why a drug was stopped, where the record says so."""

    INTOLERANCE = "intolerance"  # SNOMED 407563006
    NO_RESPONSE = "no-response"  # SNOMED 266721009: progression
    OTHER = "other"  # non-compliance, refusal, financial, unavailable: never intolerance


class CycleAnchor(StrEnum):
    """Where a dose cycle begins."""

    START = "start"  # the record's first day
    MONDAY = "monday"  # day-of-week schedules


class DosePattern(msgspec.Struct, frozen=True):
    """Milligrams on each day of a repeating cycle, as lower and upper reading.

    400 mg twice daily is ``((800,), (800,))``; 800 mg every other day is ``((800, 0), (800, 0))``.
    A day whose dose cannot be read is None in both.
    """

    low_mg: tuple[Decimal | None, ...]
    high_mg: tuple[Decimal | None, ...]
    anchor: CycleAnchor = CycleAnchor.START


class DrugRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of the chart about one systemic drug.

    A resource whose dosage changes over time gives several records with the same source.
    ``last_day`` is an explicit end only; ``supply_ends`` is where dispensed or authorised supply
    runs out. The rules for open ends are the pathway's (clinical reference 6a).
    """

    drug: str  # "sorafenib": lower-case INN, the id of a drug file
    evidence: DrugEvidence
    status: DrugStatus
    first_day: DayBound | None
    last_day: DayBound | None
    supply_ends: DayBound | None = None
    asserted_on: date | None = None  # dateAsserted, authoredOn: when the record was made
    dose: DosePattern | None = None  # None: no readable dose
    stop_reason: StopReason | None = None
    stop_reason_as_received: str = ""
    taken_as_prescribed: bool | None = None  # adherence stated on the record; None: not stated
    adjuvant_or_trial: bool = False
    as_received: str = ""  # drug and dose as they came, plain
    recorded_on: date | None = None
    source: str
    coded_as: str = ""
    notes: tuple[Phrase, ...] = ()


class IntoleranceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An allergy, intolerance or adverse event with sorafenib as substance or suspect."""

    is_allergy: bool  # AllergyIntolerance (A33); False: AdverseEvent
    day: DayBound | None
    as_received: str
    source: str
    coded_as: str = ""
