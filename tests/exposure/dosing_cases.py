"""The rows of the dosing table as the pathway is asked about them, and what each row says.

FHIR is read once; what is asked again, as often as needed, is the count of days.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fhir_mappings.chart.record import read_record, sources_from_bundle
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.drugs.medications import read_drugs
from fhir_mappings.values.dates import days_of
from hcc_pathway.drug_record import DayBound, DrugRecord
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay, load_knowledge
from hcc_pathway.treatment_history.sorafenib_exposure import (
    ExposureWindow,
    SorafenibExposure,
    exposure,
)
from tests.exposure.brute_force import count_days
from tests.exposure.dosing_charts import Json, bundle, resources, rows

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 22)
_PROGRESSION = "2026-06-01"
_WORDS = {"met": "yes", "not-met": "no", "unknown": "unknown"}


@cache
def knowledge() -> KnowledgeOnDay:
    """Read the knowledge once."""
    return load_knowledge().as_of(TODAY)


class DosingCase(msgspec.Struct, frozen=True):
    """One row: what it says, its FHIR resources, and the drug records read from them."""

    row: Json
    made: list[Json]
    drugs: tuple[DrugRecord, ...]
    progression: DayBound | None

    @property
    def name(self) -> str:
        """The row, as a report names it."""
        return f"dosing_records:{self.row['what']}"

    @property
    def wanted(self) -> dict[str, object]:
        """What the row says of the window; what it leaves out is not asked."""
        return {name: self.row[name] for name in _ASKED if name in self.row}

    def found(self) -> dict[str, object]:
        """Count the days and name what the row speaks of."""
        found = exposure_of(self)
        return {name: _ASKED[name](found) for name in self.wanted}

    def days_by_hand(self) -> dict[date, str]:
        """Give every day of the window as the independent count has it."""
        said = count_days(self.made, self.row.get("progression", _PROGRESSION), zone_of(self.row))
        if self.row.get("complete", True):
            return said
        return {day: "unknown" if one == "no" else one for day, one in said.items()}

    def days(self) -> dict[date, str]:
        """Give every day of the window as the pathway has it."""
        window = exposure_of(self).primary
        assert window is not None
        return {day.day: _WORDS[day.answer] for day in window.days}


def zone_of(row: Json) -> ZoneInfo:
    """Return the time zone of the site of a row."""
    return ZoneInfo(row.get("zone", "UTC"))


def exposure_of(case: DosingCase) -> SorafenibExposure:
    """Ask the pathway about a row."""
    return exposure(
        case.drugs,
        progression=case.progression,
        knowledge=knowledge(),
        on=TODAY,
        complete=case.row.get("complete", True),
    )


def _counts(window: ExposureWindow | None) -> list[int] | None:
    return None if window is None else [window.yes, window.no, window.unknown]


def _primary(found: SorafenibExposure) -> ExposureWindow:
    assert found.primary is not None
    return found.primary


_ASKED: dict[str, Callable[[SorafenibExposure], object]] = {
    "days": lambda found: _counts(found.primary),
    "answer": lambda found: found.answer.value,
    "anchor": lambda found: _primary(found).anchor.value,
    "from": lambda found: _primary(found).first_day.isoformat(),
    "literal": lambda found: _counts(found.literal),
    "prescriptions": lambda found: found.based_on_prescriptions,
    "windows_disagree": lambda found: found.windows_disagree,
    "long_before": lambda found: found.last_dose_long_before_progression,
}


def _case(row: Json) -> DosingCase:
    made = resources(row)
    record = read_record(sources_from_bundle(bundle(made)), "p1")
    names = NamedDrugs.of(knowledge(), {})
    drugs = read_drugs(record, knowledge(), names, Place(on=TODAY, zone=zone_of(row))).drugs
    progression = days_of(row.get("progression", _PROGRESSION), zone_of(row))
    return DosingCase(row, made, tuple(drugs), progression)


CASES = tuple(_case(row) for row in rows())
