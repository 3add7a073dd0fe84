"""A silent service sends no card, and its report adds up to what it would have sent."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service.app import build_app
from cds_service.cli import main
from cds_service.composition import Composition, compose
from cds_service.settings import Settings, read_settings
from cds_service.silent_mode import answers as silent_answers
from cds_service.silent_mode.report import Figure, SilentReport, silent_report
from cds_service.storage.engines import transaction
from cds_service.storage.tables import KEPT
from tests.service.conftest import (
    SERVICE,
    TODAY,
    coded,
    hook_call,
    observation,
    quantity,
    searchset,
)

SUBJECT = {"reference": "Patient/p1"}


def silent_composition(database_url: str) -> Composition:
    settings: Settings = read_settings(
        {"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": TODAY, "HCC_CDS_DATABASE_URL": database_url}
    )
    return compose(replace(settings, site=msgspec.structs.replace(settings.site, silent=True)))


@pytest.fixture
def composition(database_url: str) -> Iterator[Composition]:
    made = silent_composition(database_url)
    yield made
    made.storage.close()


@pytest.fixture
def client(composition: Composition) -> FlaskClient:
    return build_app(composition).test_client()


@pytest.fixture(scope="session")
def demo() -> FlaskClient:
    """Return a service that sends its cards."""
    settings = read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": TODAY})
    return build_app(compose(settings)).test_client()


def report_of(composition: Composition) -> SilentReport:
    composition.records.background.write()
    return silent_report(composition.storage)


def as_dict(figures: Sequence[Figure]) -> dict[str, int]:
    return {figure.what: figure.times for figure in figures}


def everything_kept(composition: Composition) -> str:
    with transaction(composition.storage.kept, "reads") as connection:
        rows = [list(connection.execute(select(table))) for table in KEPT.tables.values()]
    return repr(rows)


def documents(client: FlaskClient, demo: FlaskClient) -> dict[str, dict[str, Any]]:
    """Post every sample to both services; give the documents of the one that speaks."""
    found = {}
    for sample in demo.get("/samples").get_json()["samples"]:
        name = sample["name"]
        body = demo.get(f"/samples/{name}/hook-request.json").data
        silent = client.post(SERVICE, data=body, content_type="application/json")
        assert (silent.status_code, silent.get_json()) == (200, {"cards": []}), name
        spoken = demo.post(SERVICE, data=body, content_type="application/json").get_json()["cards"]
        found[name] = {"cards": spoken}
        for card in spoken:
            found[name] |= card.get("extension", {}).get("org.hcc-pathway.recommendation", {})
    return found


def test_over_all_samples_no_card_leaves_and_the_report_adds_up_to_their_documents(
    client: FlaskClient, composition: Composition, demo: FlaskClient
) -> None:
    found = list(documents(client, demo).values())
    report = report_of(composition)
    figures = report.answers
    assert report.charts == figures.calls == figures.answered == len(found)
    assert sum(one.times for one in figures.situations) == len(found)
    assert figures.with_cards == sum(bool(one["cards"]) for one in found)
    assert figures.with_drug_options == sum(bool(one.get("options")) for one in found)

    def total(read: Callable[[dict[str, Any]], list[str]]) -> dict[str, int]:
        return dict(Counter(what for one in found if "options" in one for what in read(one)))

    assert total(lambda one: [option["therapy"] for option in one["options"]]) == as_dict(
        figures.options
    )
    flags = total(lambda one: [f"{o['therapy']}: {f}" for o in one["options"] for f in o["flags"]])
    assert flags == as_dict(figures.flags)
    cards = Counter(card["source"]["topic"]["code"] for one in found for card in one["cards"])
    assert dict(cards) == as_dict(figures.cards)
    shown = total(lambda one: [one["patientClass"]])
    classes = as_dict(figures.classes)
    assert {name: classes[name] for name in shown if name != "not-applicable"} == {
        name: times for name, times in shown.items() if name != "not-applicable"
    }
    asked: Counter[str] = Counter()
    for figure in figures.unknown_inputs:
        asked[figure.what.partition(":")[0]] += figure.times
    assert dict(asked) == total(lambda one: [missing["input"] for missing in one["missing"]])
    conflicts = total(lambda one: [conflict["id"] for conflict in one["conflicts"]])
    assert conflicts == as_dict(figures.conflicts)
    assert sum(figure.times for figure in report.milliseconds_up_to) == len(found)


def test_neither_the_tables_nor_the_report_name_anybody(
    composition: Composition,
    demo: FlaskClient,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    documents(build_app(composition).test_client(), demo)
    composition.records.background.write()
    kept = everything_kept(composition)
    monkeypatch.setenv("HCC_CDS_DATABASE_URL", database_url)
    assert main(["silent", "report"]) == 0
    assert main(["silent", "report", "--json"]) == 0
    printed = capsys.readouterr().out
    assert "tolerant" in kept
    assert "tolerant" in printed
    for sample in demo.get("/samples").get_json()["samples"]:
        call = json.loads(demo.get(f"/samples/{sample['name']}/hook-request.json").data)
        for word in _identifiers(call):
            assert word not in kept, word
            assert word not in printed, word


def _identifiers(call: dict[str, Any]) -> set[str]:
    """Ids of patient, user, call and resources; names, numbers and full dates of the chart."""
    found = {call["hookInstance"], call["context"]["patientId"]}
    found.add(call["context"]["userId"].partition("/")[2])
    waiting: list[tuple[str, Any]] = [("", call["prefetch"])]
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.items()
        elif isinstance(one, list):
            waiting += [(name, item) for item in one]
        elif isinstance(one, str) and (
            name in {"id", "family", "given", "reference", "value"}
            or name.endswith(("Date", "Time"))
        ):
            found.add(one)
    return {word for word in found if len(word) > 4}


def test_the_order_hooks_are_silent_too_and_count_no_options(
    client: FlaskClient, composition: Composition, demo: FlaskClient
) -> None:
    draft = {
        "resourceType": "MedicationRequest",
        "id": "draft",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "medicationCodeableConcept": coded(
            "http://www.nlm.nih.gov/research/umls/rxnorm", "1363268", "cabozantinib"
        ),
    }
    call = hook_call() | {"hook": "order-sign"}
    call["context"] |= {"draftOrders": searchset(draft)}
    (card,) = demo.post(f"{SERVICE}-order-sign", json=call).get_json()["cards"]
    assert client.post(f"{SERVICE}-order-sign", json=call).get_json() == {"cards": []}
    report = report_of(composition)
    assert as_dict(report.services) == {"hcc-after-sorafenib-order-sign": 1}
    assert as_dict(report.answers.cards) == {card["source"]["topic"]["code"]: 1}
    assert as_dict(report.answers.classes) == {"tolerant": 1}
    assert report.answers.options == ()


LOCAL = {"system": "urn:oid:1.2.3", "code": "T-900"}


def test_a_liver_cancer_that_only_the_site_can_name_is_reported(
    client: FlaskClient, composition: Composition
) -> None:
    call = hook_call()
    for entry in call["prefetch"]["conditions"]["entry"]:
        entry["resource"]["code"] = {"coding": [LOCAL | {"display": "Liver cell carcinoma"}]}
    assert client.post(SERVICE, json=call).get_json() == {"cards": []}
    report = report_of(composition)
    assert as_dict(report.possible_liver_cancer_codes) == {"urn:oid:1.2.3|T-900": 1}
    assert report.drug_codes_not_recognised == report.codes_not_recognised == ()


def test_of_a_chart_without_liver_cancer_no_other_code_is_reported(
    client: FlaskClient, composition: Composition
) -> None:
    call = hook_call()
    for entry in call["prefetch"]["conditions"]["entry"]:
        entry["resource"]["code"] = {"coding": [LOCAL | {"display": "Gout"}]}
    assert client.post(SERVICE, json=call).get_json() == {"cards": []}
    assert report_of(composition).possible_liver_cancer_codes == ()


def test_a_drug_that_only_the_site_can_name_is_reported(
    client: FlaskClient, composition: Composition
) -> None:
    call = hook_call()
    drug = {"coding": [{"system": "urn:oid:1.2.4", "code": "D-17"}]}
    local = {
        "resourceType": "MedicationStatement",
        "id": "local-drug",
        "status": "active",
        "subject": SUBJECT,
        "medicationCodeableConcept": drug,
    }
    call["prefetch"]["medicationStatements"]["entry"].append({"resource": local})
    assert client.post(SERVICE, json=call).get_json() == {"cards": []}
    assert as_dict(report_of(composition).drug_codes_not_recognised) == {"urn:oid:1.2.4|D-17": 1}


def test_what_could_name_the_patient_is_left_out_of_units_and_codes(
    client: FlaskClient, composition: Composition
) -> None:
    call = hook_call()
    call["prefetch"]["patient"] |= {
        "name": [{"family": "Canary", "given": ["Ada Maria"]}],
        "identifier": [{"system": "urn:mrn", "value": "MRN-4711"}],
    }
    entries = call["prefetch"]["observations"]["entry"]
    for number, unit in enumerate(
        ["Canary", "ada", "MRN-4711", "two words", "furlong", "x" * 21, "p1"]
    ):
        value = quantity(3, unit) | {"system": "urn:local"}
        bad = observation(f"u{number}", "1834-1", SUBJECT, valueQuantity=value)
        entries.append({"resource": bad})
    for number, code in enumerate(["MRN-4711", "canary", "AFP-7", "two words", "p1"]):
        odd = observation(f"c{number}", code, SUBJECT, valueQuantity=quantity(3, "ng/mL"))
        odd["code"]["coding"][0]["system"] = "urn:oid:1.2.3"
        entries.append({"resource": odd})
    assert client.post(SERVICE, json=call).get_json() == {"cards": []}
    report = report_of(composition)
    assert [one.what for one in report.units_not_recognised] == ["furlong"]
    assert [one.what for one in report.codes_not_recognised] == ["urn:oid:1.2.3|AFP-7"]
    kept = everything_kept(composition).casefold()
    for word in ("canary", "4711", "ada", "two words"):
        assert word not in kept


def test_the_reason_why_an_input_is_not_known_is_told(
    client: FlaskClient, composition: Composition
) -> None:
    nothing = hook_call("a1")
    nothing["prefetch"].pop("observations")
    failed = hook_call("a2")
    failed["prefetch"]["observations"] = {"resourceType": "OperationOutcome", "issue": []}
    empty = hook_call("a3")
    empty["prefetch"]["observations"] = {"resourceType": "Bundle", "type": "searchset"}
    for call in (nothing, failed, empty):
        assert client.post(SERVICE, json=call).status_code == 200
    why = as_dict(report_of(composition).answers.unknown_inputs)
    assert why["progression: search absent"] == 1
    assert why["progression: search failed"] == 1
    assert why["progression: nothing usable recorded"] == 1
    assert why["sorafenib-intolerance: recorded, but it does not decide"] == 3


def test_calls_that_cannot_be_answered_are_counted_and_refused_as_ever(
    client: FlaskClient, composition: Composition
) -> None:
    call = hook_call()
    call["prefetch"].pop("conditions")
    assert client.post(SERVICE, json=call).status_code == 412
    other = hook_call()
    other["prefetch"]["patient"]["id"] = "another"
    assert client.post(SERVICE, json=other).status_code == 400
    figures = report_of(composition).answers
    assert as_dict(figures.not_answered) == {
        "412: prefetch.conditions": 1,
        "400: the chart was refused": 1,
    }
    assert (figures.calls, figures.answered) == (2, 0)


def test_one_chart_opened_twice_is_one_chart_and_two_calls(
    client: FlaskClient, composition: Composition
) -> None:
    for patient in ("a1", "a1", "a2"):
        client.post(SERVICE, json=hook_call(patient))
        composition.records.background.write()
    report = report_of(composition)
    assert (report.charts, report.answers.calls) == (2, 3)


def test_answers_beyond_what_a_worker_holds_are_counted_as_dropped(
    client: FlaskClient, composition: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silent_answers, "_MOST_WAITING", 2)
    for _ in range(5):
        client.post(SERVICE, json=hook_call())
    report = report_of(composition)
    assert (report.answers.calls, report.dropped) == (2, 3)


def test_an_answer_waits_for_no_database(tmp_path: Path) -> None:
    composition = silent_composition(f"sqlite:///{tmp_path}/absent.db")
    client = build_app(composition).test_client()
    assert client.post(SERVICE, json=hook_call()).get_json() == {"cards": []}
    composition.records.background.write()
    assert not list(tmp_path.iterdir())


def test_nothing_is_kept_where_cards_are_sent(demo: FlaskClient, composition: Composition) -> None:
    assert demo.post(SERVICE, json=hook_call()).get_json()["cards"]
    assert report_of(composition).answers.calls == 0
