"""An answer that contradicts the chart: named at the top, and no record or answer is lost."""

from collections.abc import Mapping
from typing import Any

import pytest

from cds_service.sample_charts import SampleChart
from tests.samples.stored import NAMES, SAMPLES, expected_document
from tests.smart_page.opened import BY_NAME, document_of, opened_sample
from tests.smart_page.page_text import Page

MARK = "answered by you, not from the chart"
SUPERSEDED = "superseded by the clinician's answer"


def answered(sample: str, fields: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Give the document and the visible text of a sample's page with answers."""
    html = opened_sample(BY_NAME[sample]).answered(**fields)
    return document_of(html), Page(html).seen


def therapies(document: Mapping[str, Any]) -> list[str]:
    return [one["therapy"] for one in document["options"]]


@pytest.mark.rule("A5", "A32", "A35", "A18", "A10", "A34")
@pytest.mark.parametrize(
    ("sample", "fields", "conflict", "record", "options"),
    [
        (
            "tolerant-afp-high",
            {"progressed": "no"},
            "progression-answered-no",
            "Observation/tah-status-1",
            ["ramucirumab", "regorafenib"],
        ),
        (
            "third-line",
            {"progressed": "no"},
            "progression-answered-no",
            "MedicationStatement/thl-ms-2",
            ["cabozantinib"],
        ),
        (
            "tolerant-afp-high",
            {"progressed": "yes", "progressed_on": "2026-11-10"},
            "progression-answered-differently",
            "Observation/tah-status-1",
            ["ramucirumab", "regorafenib"],
        ),
        (
            "intolerant-afp-high",
            {"not_tolerated": "no"},
            "tolerance-answered-no",
            "MedicationStatement/iah-ms-1",
            ["cabozantinib", "nivolumab", "ramucirumab"],
        ),
        (
            "transplant-intolerant",
            {"not_tolerated": "no"},
            "tolerance-answered-no",
            "MedicationStatement/tri-ms-1",
            ["cabozantinib", "nivolumab"],
        ),
        (
            "tolerant-afp-high",
            {"not_tolerated": "yes", "stopped_on": "2026-06-01"},
            "stop-day-answered-differently",
            "MedicationStatement/tah-ms-1",
            ["cabozantinib", "nivolumab", "ramucirumab", "regorafenib"],
        ),
        (
            "intolerant-afp-high",
            {"not_tolerated": "yes", "stopped_on": "2026-03-01"},
            "stop-day-answered-differently",
            "MedicationStatement/iah-ms-1",
            ["cabozantinib", "nivolumab", "ramucirumab"],
        ),
        (
            "on-sorafenib",
            {"not_tolerated": "yes"},
            "stop-answered-while-running",
            "MedicationStatement/ons-ms-1",
            ["cabozantinib", "nivolumab"],
        ),
        (
            "ecog-3",
            {"ecog": "1"},
            "ecog-answered-differently",
            "Observation/ec3-ecog-1",
            ["ramucirumab", "regorafenib"],
        ),
        (
            "tolerant-afp-high",
            {"is_hcc": "no"},
            "diagnosis-answered-differently",
            "Condition/tah-hcc-1",
            [],
        ),
        (
            "no-liver-cancer",
            {"is_hcc": "yes"},
            "diagnosis-answered-differently",
            "No active liver cancer is recorded",
            [],
        ),
        (
            "tolerant-afp-high",
            {"afp_ng_per_ml": "12"},
            "alpha-fetoprotein-answered-differently",
            "Observation/tah-afp-1",
            ["regorafenib"],
        ),
        (
            "tolerant-afp-high",
            {"ascites": "severe"},
            "ascites-answered-differently",
            "Condition/tah-ascites-1",
            ["ramucirumab", "regorafenib"],
        ),
        (
            "never-sorafenib",
            {"took_minimum_dose": "yes"},
            "sorafenib-exposure-answered-without-record",
            "No record says that sorafenib was taken",
            [],
        ),
        (
            "never-sorafenib",
            {"not_tolerated": "yes"},
            "sorafenib-intolerance-answered-without-record",
            "No record says that sorafenib was taken",
            [],
        ),
        (
            "everyday-chart",
            {"progressed": "yes", "progressed_on": "2026-02-25"},
            "progression-answered-not-used",
            "2026-02-25",
            [],
        ),
    ],
)
def test_an_answer_that_contradicts_the_chart_is_named_with_the_record(
    sample: str, fields: dict[str, str], conflict: str, record: str, options: list[str]
) -> None:
    document, shown = answered(sample, fields)
    texts = {one["id"]: one["text"] for one in document["conflicts"]}
    assert conflict in texts
    assert record in texts[conflict]
    assert MARK in texts[conflict]
    assert texts[conflict] in shown
    assert therapies(document) == options
    known = {one["source"] for one in (*document["inputs"], *document["ignored"])}
    assert any(MARK in source for source in known)


@pytest.mark.parametrize(
    ("sample", "fields", "record"),
    [
        ("ecog-3", {"ecog": "1"}, "Observation/ec3-ecog-1"),
        ("tolerant-afp-high", {"is_hcc": "no"}, "Condition/tah-hcc-1"),
        ("tolerant-afp-high", {"afp_ng_per_ml": "900"}, "Observation/tah-afp-1"),
        ("tolerant-afp-high", {"ascites": "none"}, "Condition/tah-ascites-1"),
        ("tolerant-afp-high", {"inr": "1.0"}, "Observation/tah-inr-1"),
    ],
)
def test_a_record_that_an_answer_supersedes_is_listed_as_not_used(
    sample: str, fields: dict[str, str], record: str
) -> None:
    document, _ = answered(sample, fields)
    assert {"source": record, "because": SUPERSEDED} in document["ignored"]
    assert all(record not in one["source"].split(", ") for one in document["inputs"])


def test_an_answer_that_a_later_record_outweighs_is_listed_as_not_used() -> None:
    document, _ = answered("tolerant-afp-high", {"afp_ng_per_ml": "12", "afp_on": "2026-11-01"})
    assert therapies(document) == ["ramucirumab", "regorafenib"]
    (listed,) = [one for one in document["ignored"] if MARK in one["source"]]
    assert listed["because"] == "outweighed by what is recorded in the chart"


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_answers_that_agree_with_the_chart_or_fill_a_gap_are_no_contradiction(
    sample: SampleChart,
) -> None:
    before = expected_document(sample, on=sample.as_of)
    values = {one["input"]: one["value"] for one in before["inputs"]}
    same = {"ecog": str(values["ecog"])} if "ecog" in values else {"ecog": "1"}
    document, _ = answered(sample.name, same)
    assert document["conflicts"] == before["conflicts"]
    assert document["patientClass"] == before["patientClass"]


# ------------------------------------------------------------------------------ last day


@pytest.mark.rule("A6", "S4")
def test_the_last_day_that_is_answered_is_the_last_day_with_a_dose() -> None:
    document, _ = answered("everyday-chart", {"not_tolerated": "yes", "stopped_on": "2026-09-15"})
    rows = {one["input"]: one for one in document["inputs"]}
    window = rows["sorafenib-exposure"]["value"]
    assert (window["from"], window["to"], window["yes"]) == ("2026-08-19", "2026-09-15", 28)
    assert rows["sorafenib-duration"]["asReceived"] == "2026-02-25 to 2026-09-15"
    assert document["conflicts"] == []  # an order was written until later: that is no intake
    assert rows["sorafenib-intolerance"]["value"] is True
    assert rows["sorafenib-intolerance"]["asReceived"].endswith("last day 2026-09-15")


@pytest.mark.rule("A32")
@pytest.mark.parametrize(
    ("stopped", "last", "named"),
    [
        ("2026-11-09", "2026-11-09", False),  # the day of the answer
        ("2026-11-08", "2026-11-08", False),
        ("2026-11-07", "2026-11-07", False),  # the day on which it was said to be taken
        ("2026-11-06", "2026-11-07", True),
        ("2026-10-01", "2026-11-07", True),
    ],
)
def test_days_on_record_stay_days_of_sorafenib_whatever_last_day_is_answered(
    stopped: str, last: str, *, named: bool
) -> None:
    document, _ = answered("on-sorafenib", {"not_tolerated": "yes", "stopped_on": stopped})
    rows = {one["input"]: one for one in document["inputs"]}
    assert rows["sorafenib-duration"]["recorded"] == last
    assert rows["sorafenib-exposure"]["value"]["no"] == 0
    conflicts = [one["id"] for one in document["conflicts"]]
    wanted = ["stop-day-answered-differently"] if named else []
    assert conflicts == ["stop-answered-while-running", *wanted]


@pytest.mark.rule("A5")
def test_a_last_day_before_recorded_doses_turns_none_of_them_into_zero() -> None:
    document, _ = answered(
        "tolerant-afp-high", {"not_tolerated": "yes", "stopped_on": "2026-01-16"}
    )
    rows = {one["input"]: one for one in document["inputs"]}
    assert rows["sorafenib-exposure"]["value"]["yes"] == 28
    assert rows["sorafenib-intolerance"]["value"] is True
    assert document["patientClass"] == "conflicting"
    assert [one["id"] for one in document["conflicts"]] == [
        "tolerant-and-intolerant",
        "stop-day-answered-differently",
    ]


# ------------------------------------------------------------------------------------ no


@pytest.mark.rule("A19", "A20")
def test_that_other_lines_were_given_leaves_the_line_undetermined_and_asks() -> None:
    document, shown = answered("tolerant-afp-high", {"no_other_lines": "no"})
    assert (document["line"], therapies(document)) == ("undetermined", [])
    (asked,) = [one for one in document["missing"] if one["input"] == "prior-lines"]
    assert asked["ask"] == (
        "Complete the earlier systemic therapies in the chart:"
        " they were answered as not all on record"
    )
    (row,) = [one for one in document["inputs"] if one["source"].startswith(MARK)]
    assert (row["input"], row["asReceived"]) == ("prior-lines", "no")
    assert "Not decided yet By the answer given, other systemic therapies were given" in shown


@pytest.mark.rule("A37")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"progressed": "no", "not_tolerated": "no"},
            "Progression and intolerance were both answered with no",
        ),
        ({"progressed": "no"}, "Progression was answered with no; whether it was stopped"),
        ({"not_tolerated": "no"}, "Intolerance was answered with no; whether the tumour"),
    ],
)
def test_a_no_where_the_chart_is_silent_is_said_at_the_top(
    fields: dict[str, str], said: str
) -> None:
    document, shown = answered("everyday-chart", fields)
    assert document["conflicts"] == []
    assert said in shown
    assert "nothing says why" not in shown


def test_that_it_is_no_hcc_is_said_as_answered_and_not_as_a_chart_without_one() -> None:
    _, shown = answered("tolerant-afp-high", {"is_hcc": "no"})
    assert "The diagnosis was answered as not hepatocellular carcinoma" in shown
    assert "The chart holds no hepatocellular carcinoma" not in shown


def test_a_dose_that_is_answered_without_any_sorafenib_is_not_shown_as_reached() -> None:
    _, shown = answered("never-sorafenib", {"took_minimum_dose": "yes"})
    assert "Sorafenib dose reached" not in shown


# -------------------------------------------------------------------------------- what if


@pytest.mark.parametrize(
    ("sample", "fields", "supposed", "then"),
    [
        (
            "undetermined-exposure-unknown",
            {"took_minimum_dose": "yes"},
            {"took_minimum_dose": "no"},
            "Ramucirumab",
        ),
        (
            "undetermined-exposure-unknown",
            {"took_minimum_dose": "no"},
            {"took_minimum_dose": "yes"},
            "Ramucirumab or Regorafenib",
        ),
        ("everyday-chart", {"not_tolerated": "yes"}, {"not_tolerated": "no"}, "no drug"),
        (
            "everyday-chart",
            {"not_tolerated": "no"},
            {"not_tolerated": "yes"},
            "Cabozantinib or Nivolumab",
        ),
        (
            "everyday-chart",
            {"progressed": "no"},
            {"progressed": "yes", "progressed_on": "2026-10-30"},
            "Regorafenib",
        ),
        ("ecog-3", {"ecog": "1"}, {"ecog": "3"}, "no drug"),
        ("third-line", {}, {"progressed": "no"}, "no drug"),
        ("third-line", {"ecog": "1"}, {"progressed": "no"}, "no drug"),
        ("on-sorafenib", {"not_tolerated": "yes"}, {"not_tolerated": "no"}, "no drug"),
    ],
)
def test_what_is_supposed_goes_before_what_was_answered(
    sample: str, fields: dict[str, str], supposed: dict[str, str], then: str
) -> None:
    page = opened_sample(BY_NAME[sample])
    if fields:
        page.answered(**fields)
    shown = Page(page.post("/smart/what-if", **supposed).text).seen
    _, said = shown.split(" Then ", 1)
    assert said.startswith(then)
    assert not said.startswith(f"{then} or")
    kept = page.kept
    page.post("/smart/what-if", **supposed)
    assert page.kept == kept


def test_a_last_line_supposed_without_progression_is_one_that_ended() -> None:
    page = opened_sample(BY_NAME["third-line"])
    shown = Page(page.post("/smart/what-if", progressed="no").text).seen
    assert "nothing says why" not in shown
    assert "was given after sorafenib and ended" in shown
