"""The questions that decide: asked exactly where something is missing, answered, recomputed."""

import json
import re
from datetime import timedelta

import pytest

from cds_service.sample_charts import SampleChart
from tests.samples.stored import NAMES, SAMPLES, expected_document
from tests.smart_page.opened import BY_NAME, document_of, opened_sample, page_of
from tests.smart_page.page_text import Page

MARK = "answered by you, not from the chart"
EVERYDAY = BY_NAME["everyday-chart"]
# the first field of the question that answers each input
FIRST_FIELD = {
    "diagnosis": "is_hcc",
    "progression": "progressed",
    "sorafenib-intolerance": "not_tolerated",
    "sorafenib-exposure": "took_minimum_dose",
    "prior-lines": "no_other_lines",
    "alpha-fetoprotein": "afp_ng_per_ml",
    "child-pugh": "child_pugh",
    "bilirubin": "bilirubin_mg_per_dl",
    "albumin": "albumin_g_per_dl",
    "inr": "inr",
    "ascites": "ascites",
    "encephalopathy": "encephalopathy",
    "ecog": "ecog",
}
_ASKED = re.compile(
    r'<form method="post" action="/smart/answers".*?<details class="others">', re.DOTALL
)


def fields_asked(html: str) -> set[str]:
    """Name the fields that stand open, not those folded away under "something else"."""
    (asked,) = _ASKED.findall(html)
    return {name for name in re.findall(r'name="(\w+)"', asked) if name != "form_token"}


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_exactly_what_is_missing_is_asked(sample: SampleChart) -> None:
    missing = {one["input"] for one in expected_document(sample, on=sample.as_of)["missing"]}
    asked = fields_asked(page_of(sample.name).source)
    first_fields = asked & set(FIRST_FIELD.values())
    wanted = {FIRST_FIELD[name] for name in missing}
    if sample.name == "allergy-never-taken":  # asked as the days on which it was taken
        wanted = wanted - {"took_minimum_dose"}
        assert {"sorafenib_from", "sorafenib_to"} <= asked
    if sample.name == "combination":  # only the chart can tell
        wanted = wanted - {"took_minimum_dose"}
    if "sorafenib-intolerance" in missing:  # tolerance has two halves
        wanted |= first_fields & {"took_minimum_dose"}
    if wanted & {"bilirubin_mg_per_dl", "albumin_g_per_dl", "inr", "ascites", "encephalopathy"}:
        wanted.add("child_pugh")
    assert first_fields == wanted


@pytest.mark.rule("A37", "A3", "S5")
def test_the_everyday_chart_is_decided_by_two_answers() -> None:
    page = opened_sample(EVERYDAY)
    assert document_of(page.html())["options"] == []

    intolerant = page.answered(not_tolerated="yes")
    found = document_of(intolerant)
    assert found["patientClass"] == "intolerant"
    assert [one["therapy"] for one in found["options"]] == ["cabozantinib", "nivolumab"]
    assert MARK in Page(intolerant).seen

    progressed = page.answered(progressed="yes", progressed_on="2026-10-30", not_tolerated="no")
    found = document_of(progressed)
    assert found["patientClass"] == "tolerant"
    assert [one["therapy"] for one in found["options"]] == ["regorafenib"]
    rows = {one["input"]: one for one in found["inputs"] if one["source"].startswith(MARK)}
    assert rows["progression"]["recorded"] == "2026-10-30"
    assert rows["sorafenib-intolerance"]["value"] is False


def test_answers_stay_on_the_page_until_they_are_removed() -> None:
    page = opened_sample(EVERYDAY)
    html = page.answered(not_tolerated="yes")
    assert '<input type="radio" name="not_tolerated" value="yes" checked>' in html
    assert "This page uses 1 of your own answers." in Page(html).seen
    assert json.loads(page.kept)["notTolerated"] is True
    cleared = page.answered(do="clear")
    assert page.kept == b""
    assert document_of(cleared) == expected_document(EVERYDAY, on=EVERYDAY.as_of)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"progressed": "yes"}, "A day is needed."),
        ({"progressed": "yes", "progressed_on": "2030-01-01"}, "The day lies in the future."),
        ({"afp_ng_per_ml": "about 400"}, "This is not a number."),
        ({"afp_ng_per_ml": "4,00"}, "This is not a number."),
        ({"albumin_g_per_dl": "39"}, "This value is not plausible; check number and unit."),
        ({"ecog": "5"}, "Choose one of the answers."),
        ({"progressed": "yes", "progressed_on": "yesterday"}, "This is not a day."),
        (
            {"progressed": "yes", "progressed_on": "1026-10-30"},
            "When was the progression seen?: The day lies too far in the past.",
        ),
        (
            {"progressed_on": "2026-10-30"},
            "When was the progression seen?: The day belongs to an answer that is not given",
        ),
        (
            {"not_tolerated": "no", "stopped_on": "2026-09-01"},
            "Last day of sorafenib: The day belongs to an answer that is not given",
        ),
        (
            {"not_tolerated": "yes", "stopped_on": "2026-01-01", "ecog": "1"},
            "Last day of sorafenib: The day lies before the first recorded day of sorafenib.",
        ),
        (
            {"afp_ng_per_ml": "400", "afp_on": "1930-01-01"},
            "AFP measured on: The day lies before the birth of the patient.",
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_said_and_not_kept(
    fields: dict[str, str], said: str
) -> None:
    page = opened_sample(EVERYDAY)
    answer = page.post("/smart/answers", **fields)
    shown = Page(answer.text)
    assert answer.status_code == 422
    assert page.kept == b""
    (alert,) = [one for one in shown.elements if one.attributes.get("role") == "alert"]
    assert said in alert.text
    assert any(one.attributes.get("aria-invalid") for one in shown.elements)
    ticked = {
        one.attributes["name"]: one.attributes["value"]
        for one in shown.all("input")
        if "checked" in one.attributes and one.attributes["value"]
    }
    chosen = {name: value for name, value in fields.items() if value in {"yes", "no", "1"}}
    assert ticked == chosen


def test_an_answer_that_no_longer_fits_the_chart_is_named_and_not_thrown_away() -> None:
    page = opened_sample(EVERYDAY)
    page.kept = b'{"notTolerated":true,"stoppedOn":"2026-01-01","ecog":1}'
    shown = Page(page.html())
    (alert,) = [one for one in shown.elements if one.attributes.get("role") == "alert"]
    assert "Last day of sorafenib: The day lies before the first recorded day" in alert.text
    assert document_of(shown.source) == expected_document(EVERYDAY, on=EVERYDAY.as_of)
    assert '<input type="radio" name="not_tolerated" value="yes" checked>' in shown.source


def test_an_answer_that_stands_keeps_the_day_on_which_it_was_given() -> None:
    page = opened_sample(EVERYDAY)
    page.kept = b'{"ecog":1,"answeredOn":{"ecog":"2026-11-01"}}'
    found = document_of(page.answered(ecog="1", afp_ng_per_ml="12"))
    recorded = {one["input"]: one["recorded"] for one in found["inputs"]}
    assert recorded["ecog"] == "2026-11-01"
    assert recorded["alpha-fetoprotein"] == EVERYDAY.as_of.isoformat()


@pytest.mark.parametrize(
    ("written", "value"), [("1480", 1480), ("1,480", 1480), ("21.5", 21.5), (" 812 ", 812)]
)
def test_numbers_are_read_as_they_are_written(written: str, value: float) -> None:
    page = opened_sample(BY_NAME["afp-missing"])
    found = document_of(page.answered(afp_ng_per_ml=written))
    (afp,) = [one for one in found["inputs"] if one["input"] == "alpha-fetoprotein"]
    assert afp["value"] == value


def test_an_answer_of_an_older_version_is_asked_again() -> None:
    page = opened_sample(EVERYDAY)
    page.kept = b'{"noLongerAsked": true}'
    assert document_of(page.html()) == expected_document(EVERYDAY, on=EVERYDAY.as_of)


# ------------------------------------------------------------------------------ write-back


def test_without_the_scope_the_page_says_that_nothing_is_stored() -> None:
    page = opened_sample(EVERYDAY)
    html = page.answered(not_tolerated="yes")
    assert "Nothing is stored in the EHR; your answers end with this session." in Page(html).seen
    assert "/smart/write-back" not in html


def test_with_the_scope_what_can_be_written_is_offered_for_confirmation() -> None:
    page = opened_sample(EVERYDAY, writable=frozenset({"Observation"}))
    assert "/smart/write-back" not in page.html()  # nothing answered yet
    shown = Page(page.answered(not_tolerated="yes", ecog="1", progressed="no"))
    (form,) = [one for one in shown.all("form") if one.attributes["action"] == "/smart/write-back"]
    fields = [one.attributes for one in shown.all("input")]
    answers = {one["value"] for one in fields if one.get("name") == "answer"}
    (confirm,) = [one for one in fields if one.get("name") == "confirm"]
    assert {str(one).partition(".")[0] for one in answers} == {"sorafenib-intolerance", "ecog"}
    assert (confirm["value"], "required" in confirm) == ("yes", True)
    assert "I confirm that these are my findings for this patient" in form.text


# --------------------------------------------------------------------------------- what if


def test_what_if_shows_a_supposition_marked_as_such_and_keeps_nothing() -> None:
    page = opened_sample(BY_NAME["tolerant-afp-high"])
    answer = page.post("/smart/what-if", afp_ng_per_ml="12")
    shown = Page(answer.text).seen
    assert answer.status_code == 200
    assert "Supposed, not recorded" in shown
    assert "Now Ramucirumab or Regorafenib Then Regorafenib" in shown
    assert page.kept == b""
    assert "Supposed" not in Page(page.html()).seen


def test_what_if_repeats_what_was_supposed_in_the_words_of_the_form() -> None:
    page = opened_sample(BY_NAME["everyday-chart"])
    day = (page.sample.as_of - timedelta(days=3)).isoformat()
    sent = {"progressed": "yes", "progressed_on": day, "ecog": "2", "afp_ng_per_ml": "812"}
    items = Page(page.post("/smart/what-if", **sent).text).all("li")
    assert [one.text for one in items if one.text.startswith("Supposed:")] == [
        "Supposed: Did the tumour progress on or after sorafenib? Yes",
        "Supposed: When was the progression seen? 30 Oct 2026",
        "Supposed: AFP 812 ng/mL",
        "Supposed: ECOG performance status 2: up and about more than half of the day, no work",
    ]


def test_what_if_says_that_nothing_would_change_and_that_nothing_was_supposed() -> None:
    page = opened_sample(BY_NAME["tolerant-afp-high"])
    same = Page(page.post("/smart/what-if", afp_ng_per_ml="813").text).seen
    assert "The options would stay the same." in same
    other = Page(page.post("/smart/what-if", afp_ng_per_ml="12").text).seen
    assert "The options would stay the same." not in other
    empty = Page(page.post("/smart/what-if").text).seen
    assert "Nothing is supposed" in empty
    assert "What would be offered" not in empty


def test_what_if_says_what_it_cannot_suppose() -> None:
    page = opened_sample(BY_NAME["tolerant-afp-high"])
    shown = Page(page.post("/smart/what-if", afp_ng_per_ml="high").text).seen
    assert "This is not a number." in shown
