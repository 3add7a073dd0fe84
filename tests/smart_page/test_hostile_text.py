"""Script, markup and bidi text in every text of a chart stays text, in a direction of its own."""

import json
from typing import Any

import pytest

from cds_service.sample_charts import SampleChart
from tests.fetching.charts import some_by_default
from tests.smart_page.opened import BY_NAME, document_of, opened_chart
from tests.smart_page.page_text import Page

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{7777*7}}"
    "\u202e\u2066\u200b\x07 evil"
)
_TEXTS = frozenset({"text", "display", "family", "comment", "note", "div", "title", "description"})
_LISTS = frozenset({"given", "prefix", "suffix"})
_UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\x07"


def poisoned(node: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Append hostile text to every text that a chart holds, codes and dates apart."""
    if isinstance(node, dict):
        return {name: poisoned(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [poisoned(one, key) for one in node]
    return f"{node}{HOSTILE}" if isinstance(node, str) and key in _TEXTS | _LISTS else node


def hostile(sample: SampleChart) -> str:
    return json.dumps(poisoned(json.loads(sample.text)))


_QUICK = {"tolerant-afp-high", "everyday-chart", "damaged-export", "sorafenib-allergy"}
some_samples = pytest.mark.parametrize("name", some_by_default(BY_NAME, _QUICK))


@pytest.mark.parametrize("path", ["/smart/", "/smart/print"])
@some_samples
def test_hostile_text_makes_no_element_and_turns_no_text(name: str, path: str) -> None:
    sample = BY_NAME[name]
    html = opened_chart(sample, hostile(sample)).html(path)
    page = Page(html)
    assert page.all("img") == []
    for script in page.all("script"):
        assert "src" in script.attributes or script.attributes["type"] == "application/json"
    assert [name for one in page.elements for name in one.attributes if name[:2] == "on"] == []
    assert [character for character in _UNSEEN if character in html] == []
    assert "54439" not in page.seen


@some_samples
def test_hostile_text_stands_isolated_from_what_is_around_it(name: str) -> None:
    sample = BY_NAME[name]
    page = Page(opened_chart(sample, hostile(sample)).html())
    isolated = {"bdi", "textarea", "script"}
    assert [
        inside for text, inside in page.texts if "evil" in text and not isolated & set(inside)
    ] == []
    areas = [one for one in page.all("textarea") if "evil" in one.text]
    assert all(one.attributes.get("dir") == "auto" for one in areas)


def test_the_document_stays_what_it_is_whatever_its_texts_hold() -> None:
    sample = BY_NAME["tolerant-afp-high"]
    found = document_of(opened_chart(sample, hostile(sample)).html())
    received = [one["asReceived"] for one in found["inputs"]]
    assert any("evil" in text for text in received)
    assert [one["therapy"] for one in found["options"]] == ["ramucirumab", "regorafenib"]


def test_answers_of_a_form_are_shown_as_text() -> None:
    page = opened_chart(BY_NAME["everyday-chart"], BY_NAME["everyday-chart"].text)
    shown = Page(page.post("/smart/answers", afp_ng_per_ml='"><script>alert(1)</script>').text)
    (field,) = [
        one for one in shown.all("input") if one.attributes.get("name") == "afp_ng_per_ml"
        and one.attributes["id"] == "q-afp_ng_per_ml"
    ]  # fmt: skip
    assert field.attributes["value"] == '"><script>alert(1)</script>'
