"""Numbers that no chart means: whatever stands where a number is read, the chart is answered."""

import copy
import json
from typing import Any

import pytest

from fhir_mappings.chart.record import sources_from_bundle
from tests.unit.fhir_mappings.charts_for_tests import a_bundle, a_condition, a_patient, case_from

ODD = (
    *('"NaN"', '"sNaN"', '"-Infinity"', "1e999999", "1e-999999", "1e30", "-1", "0", "0e400"),
    *('"1e99999999"', "99999999999999999999", "1" + "0" * 400, '"12"', "true", '""'),
)
PLACE = "the-number"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SORAFENIB = {"coding": [{"system": RXNORM, "code": "495881"}], "text": "sorafenib 200 MG"}


def mg(value: object) -> dict[str, Any]:
    return {"value": value, "unit": "mg"}


def dosage(**repeat: object) -> list[dict[str, Any]]:
    return [{"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": mg(400)}]}]


def record(kind: str, **fields: object) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": "odd",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": SORAFENIB,
        **fields,
    }


def stated(**fields: object) -> dict[str, Any]:
    period = {"start": "2026-08-01", "end": "2026-11-01"}
    return record("MedicationStatement", effectivePeriod=period, **fields)


def ordered(**request: object) -> dict[str, Any]:
    dose = dosage(frequency=2, period=1, periodUnit="d")
    return record(
        "MedicationRequest",
        intent="order",
        authoredOn="2026-08-01",
        dosageInstruction=dose,
        dispenseRequest=request,
    )


def dispensed(**fields: object) -> dict[str, Any]:
    dose = dosage(frequency=2, period=1, periodUnit="d")
    return record(
        "MedicationDispense", whenHandedOver="2026-08-01", dosageInstruction=dose, **fields
    )


RECORDS = {
    "frequency": stated(dosage=dosage(frequency=PLACE, period=1, periodUnit="d")),
    "frequency a week": stated(
        dosage=dosage(frequency=PLACE, period=1, periodUnit="wk", dayOfWeek=["mon", "tue"])
    ),
    "period": stated(dosage=dosage(frequency=1, period=PLACE, periodUnit="d")),
    "period of hours": stated(dosage=dosage(frequency=1, period=PLACE, periodUnit="h")),
    "period of weeks": stated(dosage=dosage(frequency=1, period=PLACE, periodUnit="wk")),
    "longest period": stated(
        dosage=dosage(frequency=1, period=1, periodMax=PLACE, periodUnit="d")
    ),
    "bounds": stated(
        dosage=dosage(
            boundsDuration={"value": PLACE, "unit": "d"}, frequency=1, period=1, periodUnit="d"
        )
    ),
    "dose": stated(
        dosage=[
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": mg(PLACE)}],
            }
        ]
    ),
    "supply in days": ordered(expectedSupplyDuration={"value": PLACE, "unit": "d"}),
    "supply in weeks": ordered(expectedSupplyDuration={"value": PLACE, "unit": "wk"}),
    "days of supply": dispensed(daysSupply={"value": PLACE}),
    "days of supply in weeks": dispensed(daysSupply={"value": PLACE, "unit": "wk"}),
    "tablets": dispensed(quantity={"value": PLACE, "unit": "tablet"}),
    "administered dose": record(
        "MedicationAdministration",
        effectiveDateTime="2026-11-01",
        dosage={"dose": mg(PLACE)},
    ),
    "strength": stated(
        medicationCodeableConcept=None,
        contained=[
            {
                "resourceType": "Medication",
                "id": "m",
                "code": SORAFENIB,
                "ingredient": [
                    {
                        "itemCodeableConcept": SORAFENIB,
                        "strength": {"numerator": mg(PLACE), "denominator": {"value": PLACE}},
                    }
                ],
            }
        ],
        medicationReference={"reference": "#m"},
        dosage=[
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": PLACE, "unit": "tablet"}}],
            }
        ],
    ),
    "observation": {
        "resourceType": "Observation",
        "id": "odd",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "1834-1"}]},
        "effectiveDateTime": "2026-11-01",
        "valueQuantity": {"value": PLACE, "unit": "ng/mL"},
    },
}


@pytest.mark.parametrize("odd", ODD, ids=lambda text: text[:16])
@pytest.mark.parametrize("place", RECORDS)
def test_an_odd_number_makes_no_chart_unanswerable(place: str, odd: str) -> None:
    bundle = a_bundle(a_patient(), a_condition(), copy.deepcopy(RECORDS[place]))
    text = json.dumps(bundle).replace(f'"{PLACE}"', odd)
    case = case_from(sources_from_bundle(text.encode()))
    found = [one.source for one in case.drugs] + [one.source for one in case.afp]
    found += [one.source for one in case.ignored]
    assert [source for source in found if source.endswith("/odd")]
