"""The cards of every sample: what the standard asks of each, and what a card must show."""

import json
import re
from typing import Any

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest
from pydantic import BaseModel

from cds_service.composition import Composition, compose
from cds_service.sample_charts import hook_request, sample_charts
from cds_service.services import encode, read_hook_call
from cds_service.settings import read_settings
from hooks import patient_view
from hooks.service import PrefetchedChart

DOCUMENT = "org.hcc-pathway.recommendation"
SAMPLES = sample_charts()
MODELS: dict[str, type[BaseModel]] = {
    "MedicationRequest": MedicationRequest,
    "ServiceRequest": ServiceRequest,
}
SECRET = {"HCC_CDS_MODE": "demo", "HCC_CDS_SECRET_KEY": "s" * 32}


@pytest.fixture(scope="module")
def composition() -> Composition:
    return compose(read_settings(SECRET))


@pytest.fixture(scope="module")
def american(tmp_path_factory: pytest.TempPathFactory) -> Composition:
    site = tmp_path_factory.mktemp("site") / "site.toml"
    site.write_text('jurisdiction = "US"\n')
    return compose(read_settings(SECRET | {"HCC_CDS_SITE_FILE": str(site)}))


def cards_of(name: str, composition: Composition) -> list[dict[str, Any]]:
    sample = SAMPLES[name]
    request = read_hook_call(json.dumps(hook_request(sample.text)).encode())
    answer = patient_view.answer(request, PrefetchedChart(request), composition.site, sample.as_of)
    found: list[dict[str, Any]] = json.loads(encode(answer.response))["cards"]
    return found


@pytest.fixture(params=SAMPLES)
def cards(request: pytest.FixtureRequest, composition: Composition) -> list[dict[str, Any]]:
    return cards_of(request.param, composition)


def without_document(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, dict):
        return {k: without_document(v) for k, v in value.items() if k != DOCUMENT}
    return [without_document(v) for v in value] if isinstance(value, list) else value


def empty_members(value: Any) -> list[Any]:  # noqa: ANN401 (JSON)
    inner = (
        list(value.values())
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else []
    )
    here = [value] if value is None or value in ("", [], {}) else []
    return here + [found for part in inner for found in empty_members(part)]


def test_no_member_of_a_card_is_null_or_empty(cards: list[dict[str, Any]]) -> None:
    for card in cards:
        card["extension"] = {**card.get("extension", {}), "kept": 1}
        assert empty_members(without_document(card)) == []


def test_every_card_has_what_clients_ask_for(cards: list[dict[str, Any]]) -> None:
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in {"info", "warning"}
        assert re.fullmatch(r"[A-Za-z0-9]{1,100}", card["source"]["topic"]["code"])
        assert card["source"]["url"].startswith("http://127.0.0.1:8000/")
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", card["uuid"])
        assert all(set(r) == {"code", "system", "display"} for r in card["overrideReasons"])
        assert ("suggestions" in card) == ("selectionBehavior" in card)


def test_the_topics_of_one_answer_differ(cards: list[dict[str, Any]]) -> None:
    topics = [card["source"]["topic"]["code"] for card in cards]
    assert len(set(topics)) == len(topics)


def test_only_the_first_card_holds_the_document(cards: list[dict[str, Any]]) -> None:
    assert [DOCUMENT in card.get("extension", {}) for card in cards[:1]] == [True][: len(cards)]
    assert not any(DOCUMENT in card.get("extension", {}) for card in cards[1:])


@pytest.mark.rule("S2")
def test_every_draft_is_valid_r4_a_proposal_and_for_this_patient(
    cards: list[dict[str, Any]],
) -> None:
    for card in cards:
        for suggestion in card.get("suggestions", ()):
            assert len(suggestion["actions"]) == 1
            action = suggestion["actions"][0]
            order = action["resource"]
            MODELS[order["resourceType"]].model_validate(order)
            assert (action["type"], order["status"], order["intent"]) == (
                "create",
                "draft",
                "proposal",
            )
            assert order["subject"]["reference"].startswith("Patient/")
            assert "isRecommended" not in suggestion


def test_each_option_has_exactly_one_suggestion_unless_its_flags_forbid(
    cards: list[dict[str, Any]],
) -> None:
    for card in cards[:1]:
        proposed = [
            suggestion["actions"][0]["resource"]["medicationCodeableConcept"]["text"].lower()
            for suggestion in card.get("suggestions", ())
        ]
        forbidden = {"transplant-rejection-risk", "indication-withdrawn"}
        document = card["extension"][DOCUMENT]
        offered = [o["therapy"] for o in document["options"] if not forbidden & set(o["flags"])]
        assert proposed == offered


def test_the_main_card_shows_what_lets_a_clinician_judge_it(cards: list[dict[str, Any]]) -> None:
    for card in cards[:1]:
        detail, document = card["detail"], card["extension"][DOCUMENT]
        assert "For clinicians treating adults with HCC after sorafenib" in detail
        assert f"Data as of {document['asOf']}" in detail
        assert "at least 400 mg of sorafenib on at least 20 of 28 calendar days" in detail
        assert "at least 400 ng/mL" in detail
        assert "Clin Mol Hepatol 2020" in detail
        assert "Wrong or not helpful?" in detail
        assert f"Data used ({len(document['inputs'])})" in detail
        for used in document["inputs"]:
            assert used["source"].split(",")[0] in detail
        for ignored in document["ignored"]:
            assert ignored["source"] in detail


def test_what_stands_before_the_folded_parts_is_short(cards: list[dict[str, Any]]) -> None:
    for card in cards[:1]:
        contradictory = "**Settle first:**" in card["detail"]
        longest = 240 if contradictory else 220
        assert len(card["detail"].split("<details>")[0].split()) <= longest


@pytest.mark.parametrize("name", ["no-liver-cancer", "first-line"])
def test_a_chart_far_from_the_pathway_gets_no_card(name: str, composition: Composition) -> None:
    assert cards_of(name, composition) == []


@pytest.mark.parametrize("name", ["on-sorafenib", "later-drug-running", "never-sorafenib"])
def test_a_chart_near_the_pathway_gets_one_quiet_card_without_suggestion(
    name: str, composition: Composition
) -> None:
    (card,) = cards_of(name, composition)
    assert card["indicator"] == "info"
    assert card["source"]["topic"]["code"] == "HccAfterSorafenibNear"
    assert "suggestions" not in card


def test_a_later_drug_is_named(composition: Composition) -> None:
    (card,) = cards_of("later-drug-running", composition)
    assert "Regorafenib" in card["summary"]


def test_missing_laboratory_values_get_a_card_that_proposes_to_order_them(
    composition: Composition,
) -> None:
    missing = cards_of("afp-missing", composition)[-1]
    assert missing["source"]["topic"]["code"] == "HccAfterSorafenibMissing"
    codes = [
        suggestion["actions"][0]["resource"]["code"]["coding"][0]["code"]
        for suggestion in missing["suggestions"]
    ]
    assert codes == ["1834-1"]


def test_sorafenib_that_ended_without_a_reason_is_asked_about(composition: Composition) -> None:
    (main,) = cards_of("everyday-chart", composition)  # no test answers it: no second card
    assert "why did sorafenib end" in main["summary"]
    assert "suggestions" not in main
    said = visible("everyday-chart", composition)
    assert all(
        wanted["ask"].rstrip(".") in said for wanted in main["extension"][DOCUMENT]["missing"]
    )


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("tolerant-and-intolerant", "conflicting records"),
        ("transplant-intolerant", "liver transplant"),
        ("sorafenib-allergy", "sorafenib allergy"),
        ("strong-cyp3a4-inhibitor", "interacting drug"),
        ("autoimmune-intolerant", "autoimmune disease"),
    ],
)
def test_contradictions_and_dangers_get_a_warning_of_their_own(
    name: str, subject: str, composition: Composition
) -> None:
    warnings = [c for c in cards_of(name, composition) if c["indicator"] == "warning"]
    assert len(warnings) == 1
    assert subject in warnings[0]["summary"]
    assert warnings[0]["detail"].startswith("- ")


def test_after_a_transplant_nivolumab_is_shown_without_an_order(composition: Composition) -> None:
    main = cards_of("transplant-intolerant", composition)[0]
    assert (
        "**Nivolumab** (CAUTION: liver transplant, graft may be lost, no draft order proposed"
        in main["detail"]
    )
    assert [s["label"] for s in main["suggestions"]] == ["Propose Cabozantinib (draft order)"]


def test_a_withdrawal_in_the_own_jurisdiction_takes_the_order_away(
    american: Composition,
) -> None:
    main = cards_of("intolerant-afp-low", american)[0]
    assert (
        "**Nivolumab** (CAUTION: indication withdrawn here, no draft order proposed"
        in main["detail"]
    )
    assert [s["label"] for s in main["suggestions"]] == ["Propose Cabozantinib (draft order)"]


def test_an_encounter_of_the_context_stands_in_the_drafts(composition: Composition) -> None:
    sample = SAMPLES["tolerant-afp-low"]
    call = hook_request(sample.text)
    call["context"]["encounterId"] = "e1"
    request = read_hook_call(json.dumps(call).encode())
    answer = patient_view.answer(request, PrefetchedChart(request), composition.site, sample.as_of)
    card = answer.response.cards[0]
    assert card.suggestions is not None
    order = card.suggestions[0].actions[0].resource or {}
    assert order["encounter"] == {"reference": "Encounter/e1"}


def test_the_same_request_gets_the_same_answer(composition: Composition) -> None:
    assert cards_of("tolerant-afp-high", composition) == cards_of("tolerant-afp-high", composition)


def visible(name: str, composition: Composition) -> str:
    detail: str = cards_of(name, composition)[0]["detail"]
    return detail.partition("<details>")[0]


def test_a_change_says_in_a_whole_clause_what_is_gained_and_what_is_lost(
    composition: Composition,
) -> None:
    said = visible("child-pugh-b9-intolerant", composition)
    assert (
        "If progression on or after sorafenib is documented: regorafenib is also offered; "
        "then settle first whether sorafenib was tolerated." in said
    )
    assert "If Child-Pugh is class C: cabozantinib and nivolumab are no longer offered." in said
    assert "→" not in said


def test_where_nothing_would_change_the_options_that_is_said(composition: Composition) -> None:
    for name in ("tolerant-afp-high", "child-pugh-c"):
        said = visible(name, composition)
        assert re.search("near a threshold,? would change which drugs are offered[.]", said)


@pytest.mark.rule("A5")
def test_a_contradiction_on_tolerance_is_to_be_settled_before_anything_else(
    composition: Composition,
) -> None:
    said = visible("tolerant-and-intolerant", composition)
    assert "**Settle first:** was sorafenib tolerated?" in said
    assert "regorafenib shares sorafenib's toxicities" in said
    assert "Nothing that the pathway needs is missing" not in said


def test_what_nobody_has_seen_is_to_be_confirmed(composition: Composition) -> None:
    assert (
        "**Confirm:** progression by imaging (taken from a stop reason), else no option stands; "
        "that sorafenib was taken as prescribed, else regorafenib does not stand."
        in visible("ecog-unknown", composition)
    )
    assert "**Confirm:**" not in visible("tolerant-afp-high", composition)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("afp-missing", ". Check: AFP missing"),
        ("afp-stale", ". Check: AFP out of date"),
        ("child-pugh-b7", ". Check: Child-Pugh B"),
        ("child-pugh-unknown", ". Check: liver function not known"),
        ("damaged-export", ". Check: records of other patients"),
        ("ecog-unknown", ". Check: ECOG not known, progression by imaging"),
        ("tolerant-and-intolerant", ". Check: contradicting records"),
        ("transplant-intolerant", ". Check: liver transplant"),
        ("tolerant-afp-high", "(not ranked)"),
    ],
)
def test_the_title_names_what_to_check_before_relying_on_it(
    name: str, check: str, composition: Composition
) -> None:
    assert cards_of(name, composition)[0]["summary"].endswith(check)


def test_where_the_pathway_ends_treatment_is_not_said_to_end(composition: Composition) -> None:
    said = visible("third-line-cabozantinib-used", composition)
    assert "that does not mean that no treatment is indicated." in said


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (
            "child-pugh-b9-intolerant",
            (
                "AFP 45 IU/mL (2026-09-29) · Child-Pugh B, 9 points (2026-09-29)"
                " · ECOG 1 (2026-09-29)"
            ),
        ),
        (
            "afp-missing",
            "AFP not known · Child-Pugh A, 5 points (2026-02-15) · ECOG 0 (2026-02-15)",
        ),
        (
            "child-pugh-unknown",
            (
                "AFP 88 ng/mL (2026-04-25) · Child-Pugh not certain, 5 to 13 points (2026-04-25)"
                " · ECOG 0 (2026-04-25)"
            ),
        ),
    ],
)
def test_every_main_card_opens_with_the_values_that_decide_and_their_days(
    name: str, status: str, composition: Composition
) -> None:
    assert visible(name, composition).splitlines()[0] == status


@pytest.mark.parametrize("name", ["child-pugh-c", "ecog-3", "liver-cancer-unspecified"])
def test_what_stops_every_drug_is_said_once_and_the_drugs_are_folded(
    name: str, composition: Composition
) -> None:
    said = visible(name, composition)
    assert said.count("This stops every drug of the pathway, whatever AFP or tolerance.") == 1
    assert "Not offered" not in said
    assert "To choose" not in said
    assert (
        "Beside what stops every drug: what each would need"
        in cards_of(name, composition)[0]["detail"]
    )


def test_missing_and_out_of_date_are_told_apart(composition: Composition) -> None:
    said = visible("afp-stale", composition)
    assert "AFP 640 ng/mL (2026-06-11, 60 days old)" in said
    assert "**Missing:**" not in said
    assert "**Out of date, repeat:** AFP (2026-06-11)." in said
    assert "**Missing:** albumin; ascites; encephalopathy; INR." in visible(
        "child-pugh-unknown", composition
    )


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("sorafenib-allergy", "**Regorafenib** (CAUTION: sorafenib allergy recorded;"),
        ("strong-cyp3a4-inhibitor", "**Regorafenib** (CAUTION: interacting drug: clarithromycin"),
        ("autoimmune-intolerant", "**Nivolumab** (CAUTION: autoimmune disease: Autoimmune hep"),
    ],
)
def test_a_danger_stands_on_the_line_of_its_drug(
    name: str, mark: str, composition: Composition
) -> None:
    assert mark in visible(name, composition)


def test_records_of_other_patients_are_said_and_no_record_id_stands_in_the_reasons(
    composition: Composition,
) -> None:
    said = visible("damaged-export", composition)
    assert said.startswith("**WARNING: 3 records of other patients arrived with this chart**")
    assert "Observation/" not in said


@pytest.mark.parametrize("name", ["transplant-intolerant", "autoimmune-intolerant"])
def test_the_caution_on_checkpoint_inhibitors_stands_beside_the_guideline_too(
    name: str, composition: Composition
) -> None:
    assert "CAUTION for checkpoint inhibitors:" in visible(name, composition)
