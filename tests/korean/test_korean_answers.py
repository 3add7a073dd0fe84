"""A Korean site: the same answer, other words; titles fit; nothing is left in English."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.chart_answer import encode_document, recommend
from cds_service.composition import compose
from cds_service.sample_charts import SampleChart, hook_request
from cds_service.settings import Settings, read_settings
from hcc_pathway.errors import UnknownLanguage
from hcc_pathway.explanation.wording import say_id, speaking
from hooks.card_frame import LONGEST_SUMMARY
from hooks.service import Site
from tests.samples.stored import SAMPLES, some_samples_by_default

# Names of people, trials, organisations, codes and units stay as they are.
_WORDS = re.compile(r"\b(the|and|with|was|were|is|are|not|of|for|before|after|known|unknown)\b")
_MORE = re.compile(r" and \d+ more| 외 \d+건")
_TEXTS = frozenset(
    {"text", "because", "ask", "note", "if", "dosing", "asReceived", "reasons", "display"}
)

every_sample = pytest.mark.parametrize("sample", some_samples_by_default())


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = tmp_path_factory.mktemp("korean") / "site.toml"
    path.write_text('language = "ko"\n', "utf-8")
    variables = {"HCC_CDS_MODE": "demo", "HCC_CDS_SITE_FILE": str(path)}
    return read_settings({**variables, "HCC_CDS_TODAY": "2026-11-22"})


@pytest.fixture(scope="module")
def korean_site(korean: Settings) -> Site:
    return compose(korean).site


@cache
def english_site() -> Site:
    return compose(read_settings({"HCC_CDS_MODE": "demo"})).site


@pytest.fixture(scope="module")
def client(korean: Settings) -> FlaskClient:
    return create_app(korean).test_client()


def document(sample: SampleChart, of_site: Site) -> dict[str, Any]:
    found, _, _ = recommend(sample.text.encode(), of_site, sample.as_of)
    answer: dict[str, Any] = json.loads(encode_document(found))
    return answer


def without_texts(node: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON
    if key in _TEXTS:
        return len(node) if isinstance(node, list) else bool(node)
    if key == "source":  # the first few, "and 3 more" in words
        return _MORE.sub("", node)
    if isinstance(node, dict):
        return {name: without_texts(inner, name) for name, inner in node.items()}
    if isinstance(node, list):
        return [without_texts(inner, key) for inner in node]
    return node


@every_sample
def test_the_document_differs_in_words_alone(sample: SampleChart, korean_site: Site) -> None:
    said = document(sample, english_site())
    assert without_texts(document(sample, korean_site)) == without_texts(said)


def sentences_of(node: Any, key: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from sentences_of(inner, name)
    elif isinstance(node, list):
        for inner in node:
            yield from sentences_of(inner, key)
    elif isinstance(node, str) and key in _TEXTS - {"asReceived", "display"}:
        yield node


@every_sample
def test_no_english_sentence_is_left_in_the_document(
    sample: SampleChart, korean_site: Site
) -> None:
    left = [text for text in sentences_of(document(sample, korean_site)) if _WORDS.search(text)]
    received = {one["asReceived"] for one in document(sample, korean_site)["inputs"]}
    assert [text for text in left if not any(words in text for words in received if words)] == []


@every_sample
def test_cards_are_korean_their_titles_short_and_their_orders_the_same(
    sample: SampleChart, client: FlaskClient
) -> None:
    call = hook_request(sample.moved_to(date(2026, 11, 22)))
    cards = client.post("/cds-services/hcc-after-sorafenib", json=call).get_json()["cards"]
    english = create_app(
        read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": "2026-11-22"})
    ).test_client()
    others = english.post("/cds-services/hcc-after-sorafenib", json=call).get_json()["cards"]
    assert [shape_of(card) for card in cards] == [shape_of(card) for card in others]
    for card in cards:
        assert len(card["summary"]) <= LONGEST_SUMMARY
        assert not card["summary"].endswith("…")
        assert re.search(r"[가-힣]", card["summary"])
        assert re.search(r"[가-힣]", card["detail"])
        assert not re.search(r"\{[a-z_]+\}", card["detail"])  # a gap left open


def shape_of(card: dict[str, Any]) -> tuple[Any, ...]:
    suggestions = card.get("suggestions", ())
    return (
        card["indicator"],
        card["source"]["topic"]["code"],
        [[action["type"] for action in one["actions"]] for one in suggestions],
    )


def test_discovery_describes_the_services_in_korean(client: FlaskClient) -> None:
    services = client.get("/cds-services").get_json()["services"]
    for service in services:
        assert re.search(r"[가-힣]", service["title"] + service["description"])


def test_orders_are_checked_in_korean(client: FlaskClient) -> None:
    (sample,) = [one for one in SAMPLES if one.name == "tolerant-afp-low"]
    call = hook_request(sample.moved_to(date(2026, 11, 22)))
    patient = call["context"]["patientId"]
    order = {
        "resourceType": "MedicationRequest",
        "id": "draft",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{patient}"},
        "medicationCodeableConcept": {"text": "ramucirumab"},
    }
    call["hook"] = "order-sign"
    call["context"] |= {
        "draftOrders": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": order}],
        }
    }
    answer = client.post("/cds-services/hcc-after-sorafenib-order-sign", json=call)
    (card,) = answer.get_json()["cards"]
    assert "라무시루맙 처방" in card["summary"]


def test_sentences_follow_the_language_of_the_knowledge_and_of_nothing_else() -> None:
    assert say_id("note-running") == "running"
    with speaking("ko"):
        assert say_id("note-running") == "투여 중"
        with speaking("en"):
            assert say_id("note-running") == "running"
        assert say_id("note-running") == "투여 중"
    assert say_id("note-running") == "running"


def test_a_language_without_texts_is_refused_before_anything_is_said() -> None:
    with pytest.raises(UnknownLanguage, match="'xx'"), speaking("xx"):
        pytest.fail("nothing is said in a language without texts")


def test_threads_speak_their_own_language() -> None:
    with speaking("ko"), ThreadPoolExecutor(1) as other:
        assert other.submit(say_id, "note-running").result() == "running"
        assert say_id("note-running") == "투여 중"
