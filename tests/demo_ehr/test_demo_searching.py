"""Which resources a search of the demonstration finds, and how much one search may ask."""

import json
import time
from collections.abc import Sequence

import msgspec
import pytest
from flask.testing import FlaskClient

from cds_service.demo_ehr.charts import Stored
from cds_service.demo_ehr.searching import MOST_VALUES, SearchRefusedError, search


def stored(kind: str, resource_id: str, **content: object) -> Stored:
    return Stored(kind, resource_id, "p", msgspec.Raw(json.dumps(content).encode()), content)


AFP = stored(
    "Observation",
    "afp",
    status="final",
    code={"coding": [{"system": "urn:l", "code": "1"}, {"code": "local"}]},
    category=[{"coding": [{"system": "urn:c", "code": "laboratory"}]}],
)
DRUG = stored("MedicationRequest", "drug", medicationCodeableConcept={"coding": [{"code": "7"}]})
PERSON = stored("Patient", "p", name=[{"family": "Ashdown", "given": ["Walter"]}])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([("code", "1")], 1),
        ([("code", "urn:l|1")], 1),
        ([("code", "urn:l|")], 1),
        ([("code", "urn:other|")], 0),
        ([("code", "|local")], 1),
        ([("code", "|1")], 0),
        ([("code", "urn:l|local")], 0),
        ([("code", "2,3,1")], 1),
        ([("code", "2,3")], 0),
        ([("code", "1"), ("code", "local")], 1),
        ([("code", "1"), ("code", "2")], 0),
        ([("code", "1"), ("status", "final")], 1),
        ([("code", "1"), ("status", "draft")], 0),
        ([("category", "urn:c|laboratory")], 1),
        ([("patient", "p")], 1),
        ([("subject", "q,Patient/p")], 1),
        ([("subject", "Patient/q")], 0),
        ([("_id", "other,afp")], 1),
        ([("_id", "other")], 0),
        ([("nonsense", "1")], 1),
    ],
)
def test_a_resource_matches_when_each_parameter_has_one_value_of_it(
    asked: Sequence[tuple[str, str]], found: int
) -> None:
    assert search([AFP], asked).total == found


@pytest.mark.parametrize(("name", "found"), [("ash", 1), ("x,WAL", 1), ("down", 0)])
def test_a_name_is_found_by_its_beginning(name: str, found: int) -> None:
    assert search([PERSON], [("name", name)]).total == found


def test_a_drug_is_found_by_the_code_of_its_concept() -> None:
    assert search([DRUG], [("code", "7")]).total == 1


@pytest.mark.parametrize(
    "asked",
    [
        [("code", ",".join(["1"] * (MOST_VALUES + 1)))],
        [("code", "1")] * (MOST_VALUES + 1),
        [("code", ",".join(["1"] * MOST_VALUES)), ("status", "final")],
    ],
    ids=["one parameter", "many parameters", "both"],
)
def test_more_values_than_any_client_needs_are_refused(asked: Sequence[tuple[str, str]]) -> None:
    with pytest.raises(SearchRefusedError, match="400 values"):
        search([AFP], asked)


def test_as_many_values_as_are_taken_cost_no_worker_its_time(client: FlaskClient) -> None:
    client.get("/demo/fhir/Observation?code=1")  # the charts are read by the first search
    began = time.process_time()
    for text in (",".join(["a"] * MOST_VALUES), ",".join(str(n) for n in range(MOST_VALUES))):
        assert client.get(f"/demo/fhir/Observation?code={text}").status_code == 200
    assert time.process_time() - began < 1


@pytest.mark.parametrize("values", [1_900, 5_000])
def test_a_search_of_thousands_of_values_is_a_400_by_post_as_well(
    client: FlaskClient, values: int
) -> None:
    sent = {"code": ",".join(["a"] * values)}
    answer = client.post("/demo/fhir/Observation/_search", data=sent)
    assert answer.status_code == 400
    assert "ask for fewer" in answer.get_json()["issue"][0]["diagnostics"]
