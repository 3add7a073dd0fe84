"""Sorafenib exposure from FHIR records, row by row, as a pharmacist would count it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from fhir_mappings.chart.record import read_record, sources_from_bundle
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.drugs.medications import read_drugs
from fhir_mappings.values.dates import days_of
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.treatment_history.sorafenib_exposure import (
    ExposureWindow,
    SorafenibExposure,
    exposure,
)
from tests.exposure.brute_force import count_days
from tests.exposure.dosing_charts import Json, bundle, resources, rows

TODAY = date(2026, 11, 22)
PROGRESSION = "2026-06-01"
ROWS = rows()


def exposure_of(row: Json, made: list[Json]) -> SorafenibExposure:
    knowledge = load_knowledge().as_of(TODAY)
    zone = ZoneInfo(row.get("zone", "UTC"))
    record = read_record(sources_from_bundle(bundle(made)), "p1")
    readings = read_drugs(
        record, knowledge, NamedDrugs.of(knowledge, {}), Place(on=TODAY, zone=zone)
    )
    progression = row.get("progression", PROGRESSION)
    return exposure(
        readings.drugs,
        progression=days_of(progression, zone),
        knowledge=knowledge,
        complete=row.get("complete", True),
    )


def counts(window: ExposureWindow | None) -> list[int]:
    assert window is not None
    return [window.yes, window.no, window.unknown]


@pytest.mark.rule("S4", "A3", "A6", "A7", "A8")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_the_days_of_a_dosing_record_are_counted_as_the_table_says(row: Json) -> None:
    found = exposure_of(row, resources(row))
    assert found.primary is not None
    assert counts(found.primary) == row["days"]
    assert found.answer == row["answer"]
    assert found.primary.anchor == row.get("anchor", found.primary.anchor)
    assert found.primary.first_day.isoformat() == row.get(
        "from", found.primary.first_day.isoformat()
    )
    if "literal" in row:
        assert counts(found.literal) == row["literal"]
    for flag, value in (
        ("prescriptions", found.based_on_prescriptions),
        ("windows_disagree", found.windows_disagree),
        ("long_before", found.last_dose_long_before_progression),
    ):
        assert value == row.get(flag, value), flag


@pytest.mark.rule("S4", "A6", "A8")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_an_independent_count_of_every_single_day_agrees(row: Json) -> None:
    made = resources(row)
    found = exposure_of(row, made)
    assert found.primary is not None
    progression = row.get("progression", PROGRESSION)
    by_hand = count_days(made, progression, ZoneInfo(row.get("zone", "UTC")))
    if not row.get("complete", True):
        by_hand = {day: "unknown" if said == "no" else said for day, said in by_hand.items()}
    words = {"met": "yes", "not-met": "no", "unknown": "unknown"}
    assert {day.day: words[day.answer] for day in found.primary.days} == by_hand


def test_the_table_holds_at_least_sixty_records() -> None:
    assert len({row["what"] for row in ROWS}) == len(ROWS) >= 60
