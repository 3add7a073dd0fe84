"""What lets a clinician review the basis of a card (F1-F8), read from the rendered page."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache

import pytest

from tests.conformance.client import Json
from tests.conformance.rendering import Shown, shown
from tests.conformance.traffic import Exchange, Traffic

MEASURED = {"alpha-fetoprotein", "bilirubin", "albumin", "inr"}
PATHWAY_DRUGS = {"cabozantinib", "nivolumab", "ramucirumab", "regorafenib"}
LONGEST_CELL = 239  # longer texts of a chart are cut


def main_cards(traffic: Traffic) -> Iterator[tuple[str, Exchange, Json, Shown]]:
    for name, exchange in traffic.with_cards:
        assert exchange.document is not None, name
        yield name, exchange, exchange.document, shown(exchange.cards[0]["detail"])


def plain(text: str) -> str:
    return " ".join(text.split())


def is_shown(text: str, cell: str) -> bool:
    wanted, seen = plain(text), plain(cell)
    return seen == wanted or (len(wanted) > LONGEST_CELL and wanted.startswith(seen[:-1]))


def resources(exchange: Exchange) -> Iterator[Json]:
    for bundle in exchange.call["prefetch"].values():
        for entry in (bundle or {}).get("entry", []):
            yield entry["resource"]


@lru_cache(maxsize=256)
def observations_sent(body: bytes) -> dict[str, Json]:
    """Every observation of a request by its source, its numbers as they were written."""
    prefetch = json.loads(body, parse_float=str, parse_int=str)["prefetch"]
    entries = prefetch.get("observations", {}).get("entry", [])
    return {f"Observation/{one['resource'].get('id')}": one["resource"] for one in entries}


def reference_of(resource: Json) -> str | None:
    subject = resource.get("subject") or resource.get("patient") or {}
    found = subject.get("reference") if isinstance(subject, dict) else None
    return found if isinstance(found, str) else None


@pytest.mark.conformance("F1")
def test_intended_use_user_and_population_stand_in_the_card(traffic: Traffic) -> None:
    for name, _, _, page in main_cards(traffic):
        text = plain(page.text)
        assert "clinicians" in text, name
        assert "adults with HCC after sorafenib" in text, name
        assert "not for emergencies" in text, name
        assert "does not replace judgement" in text, name


@pytest.mark.conformance("F2")
def test_every_input_is_shown_as_received_with_day_source_and_conversion(
    traffic: Traffic,
) -> None:
    for name, _, document, page in main_cards(traffic):
        rows = page.table("Data used")
        assert len(rows) == len(document["inputs"]), name
        for row, used in zip(rows, document["inputs"], strict=True):
            _, value, received, day, source, note = (plain(cell) for cell in row)
            assert value, name
            assert is_shown(used["asReceived"], received), name
            assert day == (used["recorded"] or ""), name
            assert is_shown(used["source"], source), name
            assert note.endswith(plain(used["note"])), name


@pytest.mark.conformance("F2")
def test_a_measured_value_is_shown_with_the_very_number_and_unit_of_its_resource(
    traffic: Traffic,
) -> None:
    compared = 0
    for name, exchange, document, _ in main_cards(traffic):
        by_source = observations_sent(exchange.request.body)
        for used in document["inputs"]:
            if used["input"] not in MEASURED or used["source"] not in by_source:
                continue
            quantity = by_source[used["source"]].get("valueQuantity")
            if quantity is not None:
                unit = quantity.get("unit") or quantity.get("code")
                parts = [quantity.get("comparator"), quantity["value"], unit]
                received = " ".join(part for part in parts if part)
                assert used["asReceived"] == received, f"{name}: {used['source']}"
                compared += 1
    assert compared > 50


@pytest.mark.conformance("F2")
def test_every_source_is_a_resource_of_the_request(traffic: Traffic) -> None:
    for name, exchange, document, _ in main_cards(traffic):
        sent = {f"{one.get('resourceType')}/{one.get('id')}" for one in resources(exchange)}
        sent.add(f"Patient/{exchange.call['context']['patientId']}")
        for used in document["inputs"]:
            # no day of the window is known: no record speaks of it
            if not used["source"] and used["input"] == "sorafenib-exposure":
                assert (used["value"]["yes"], used["value"]["no"]) == (0, 0), name
                continue
            for source in used["source"].split(", "):
                assert re.sub(r" and \d+ more$", "", source) in sent, f"{name}: {source}"


@pytest.mark.conformance("F3")
def test_what_is_missing_ignored_or_contradictory_is_shown(traffic: Traffic) -> None:
    for name, exchange, document, page in main_cards(traffic):
        everything = " ".join(plain(shown(card["detail"]).text) for card in exchange.cards)
        said = "Missing:" in page.text or "Out of date, repeat:" in page.text
        assert said == bool(document["missing"]), name
        rows = page.table("Records not used")
        assert len(rows) == len(document["ignored"]), name
        for row, ignored in zip(rows, document["ignored"], strict=True):
            assert is_shown(ignored["source"] or "—", row[0]), name
            assert is_shown(ignored["because"], row[1]), name
        for conflict in document["conflicts"]:
            assert plain(conflict["text"]) in everything, name


@pytest.mark.conformance("F3")
def test_another_patients_resources_are_counted_and_never_named(traffic: Traffic) -> None:
    for name, exchange, document, _ in main_cards(traffic):
        own = f"Patient/{exchange.call['context']['patientId']}"
        foreign = [
            f"{one['resourceType']}/{one['id']}"
            for one in resources(exchange)
            if (reference_of(one) or own) != own
        ]
        answer = exchange.answer.body.decode()
        assert not [one for one in foreign if re.search(rf"{re.escape(one)}\b", answer)], name
        said = [one["because"] for one in document["ignored"] if not one["source"]]
        counted = [int(one.split()[0]) for one in said]
        assert counted == ([len(foreign)] if foreign else []), name


@pytest.mark.conformance("F4")
def test_the_rule_stands_there_with_its_thresholds_and_the_branch_taken(traffic: Traffic) -> None:
    for name, _, document, page in main_cards(traffic):
        text = plain(page.text)
        assert "at least 400 mg of sorafenib on at least 20 of 28 calendar days" in text, name
        assert "AFP is at least 400 ng/mL" in text, name
        assert f"Branch taken: {document['patientClass']}" in text, name


@pytest.mark.conformance("F5")
def test_evidence_is_cited_with_kind_year_and_limits_and_the_rule_with_its_review(
    traffic: Traffic,
) -> None:
    for name, _, document, page in main_cards(traffic):
        text = plain(page.text)
        assert re.search(r"editorial.*expert opinion", text), name
        assert re.search(r"Source of the pathway: .*20\d\d", text), name
        assert f"Knowledge version {document['pathway']['version']}, reviewed 20" in text, name
        rows = page.table("Evidence")
        assert len(rows) >= len(document["options"]), name
        for title, kind, finding, limits in rows:
            assert all(cell.strip() for cell in (title, finding, limits)), name
            # some years are not in the sources that were read; none is made up
            assert re.fullmatch(r"[a-z -]+(, 20\d\d)?", kind.strip()), name


@pytest.mark.conformance("F6")
def test_all_options_are_shown_as_proposals_and_never_as_an_order(traffic: Traffic) -> None:
    for name, exchange, document, page in main_cards(traffic):
        for part in ("options", "withheld"):
            for one in document[part]:
                assert one["therapy"] in page.text.lower(), name
        if document["options"]:
            assert "not ranked" in page.text, name
        assert {card["indicator"] for card in exchange.cards} <= {"info", "warning"}, name
    for name, _, action in traffic.actions:
        order = action.get("resource", {"status": "draft", "intent": "proposal"})
        assert (order["status"], order["intent"]) == ("draft", "proposal"), name


@pytest.mark.conformance("F7")
def test_the_day_of_the_data_is_the_day_of_the_request(traffic: Traffic) -> None:
    for name, _, document, page in main_cards(traffic):
        assert document["asOf"] == traffic.today.isoformat(), name
        assert f"Data as of {traffic.today.isoformat()}" in plain(page.text), name


@pytest.mark.conformance("F8")
def test_every_card_says_how_to_say_that_it_is_wrong(traffic: Traffic) -> None:
    for name, _, _, page in main_cards(traffic):
        assert "Wrong or not helpful?" in page.text, name
    for name, card in traffic.cards:
        assert "advice-wrong" in {reason["code"] for reason in card["overrideReasons"]}, name


@pytest.mark.conformance("F3")
def test_no_drug_is_named_in_a_summary_without_its_basis(traffic: Traffic) -> None:
    for name, exchange, document, page in main_cards(traffic):
        named = {drug for drug in PATHWAY_DRUGS if drug in exchange.cards[0]["summary"].lower()}
        if named:
            assert page.table("Data used"), name
            used = {one["input"] for one in document["inputs"]}
            assert {"diagnosis", "prior-lines"} <= used, name
