"""Nothing of a document is left out of the page, and nothing that is unknown reads as no."""

import json
import os
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cds_service.sample_charts import SampleChart, hook_request
from fhir_mappings.chart.pages import SearchPages
from fhir_mappings.chart.record import ChartSources
from hcc_pathway.case import Availability
from tests.samples.stored import NAMES, SAMPLES, expected_document
from tests.smart_page.opened import (
    BY_NAME,
    OpenedPage,
    document_of,
    opened_chart,
    opened_sample,
    page_of,
)
from tests.smart_page.page_text import Page

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
GRAPHS = Path(__file__).with_name("graph_states.json")
TOLERANT = BY_NAME["tolerant-afp-high"]


def blanks_as_one(text: str) -> str:
    return " ".join(text.split())


def said_by(document: dict[str, Any]) -> list[str]:
    """Give every sentence of a document that a clinician has to be able to read."""
    said = [text for option in document["options"] for text in option["reasons"]]
    said += [option["dosing"] for option in document["options"]]
    said += [caution["text"] for option in document["options"] for caution in option["cautions"]]
    said += [one["text"] for one in document["alsoConsider"]]
    said += [one["because"] for one in document["withheld"]]
    said += [one["ask"] for one in document["missing"]]
    said += [one["text"] for one in document["conflicts"]]
    said += [one["text"] for one in document["notices"]]
    said += [one["if"] for one in document["whatWouldChange"]]
    said += [one["asReceived"] for one in document["inputs"]]
    said += [one["source"] for one in document["inputs"]]
    said += [one["because"] for one in document["ignored"]]
    said += [one["source"] for one in document["ignored"]]
    return said


@each_sample
def test_every_option_caution_question_notice_and_record_stands_on_the_page(
    sample: SampleChart,
) -> None:
    seen = page_of(sample.name).seen
    document = expected_document(sample, on=sample.as_of)
    assert [text for text in said_by(document) if blanks_as_one(text) not in seen] == []


@each_sample
def test_a_page_is_well_formed_and_its_headings_lead_step_by_step(sample: SampleChart) -> None:
    page = page_of(sample.name)
    levels = [int(one.tag[1]) for one in page.elements if one.tag in {"h1", "h2", "h3", "h4"}]
    assert page.repeated_ids() == []
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = {one.attributes.get("id") for one in page.elements}
    targets = {one.attributes["href"] for one in page.all("a") if "href" in one.attributes}
    assert [link for link in targets if link and link[0] == "#" and link[1:] not in ids] == []
    assert len(page.all("main")) == 1


@each_sample
def test_every_field_has_a_label_and_no_script_or_style_is_inline(sample: SampleChart) -> None:
    page = page_of(sample.name)
    labelled = {one.attributes.get("for") for one in page.all("label")}
    for one in page.all("input"):
        kind = one.attributes.get("type")
        assert kind == "hidden" or "label" in one.inside or one.attributes["id"] in labelled
    assert all("aria-label" in one.attributes for one in page.all("textarea"))
    assert page.all("style") == []
    for script in page.all("script"):
        assert script.attributes.get("src") or script.attributes["type"] == "application/json"
    for one in page.elements:
        assert not [name for name in one.attributes if name.startswith("on") or name == "style"]


@each_sample
def test_the_drawing_shows_the_state_of_every_step(sample: SampleChart) -> None:
    nodes = [
        one
        for one in page_of(sample.name).all("a")
        if (one.attributes.get("class") or "").startswith("node ")
    ]
    found = {
        str(one.attributes["data-node"]): str(one.attributes["class"])
        .removeprefix("node ")
        .strip()
        for one in nodes
    }
    if os.environ.get("HCC_CDS_WRITE_GRAPHS") == "1":
        states = json.loads(GRAPHS.read_text("utf-8")) if GRAPHS.exists() else {}
        states[sample.name] = found
        GRAPHS.write_text(json.dumps(states, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(GRAPHS.read_text("utf-8"))[sample.name]


# --------------------------------------------------------------------------- what is not known


def cut_chart(sample: SampleChart, **states: Availability) -> OpenedPage:
    """Open a sample of which some searches failed or were cut after what is there."""
    prefetch = hook_request(sample.text)["prefetch"]
    by_key: dict[str, msgspec.Raw | SearchPages | None] = {}
    for key, found in prefetch.items():
        raw = msgspec.Raw(msgspec.json.encode(found))
        state = states.get(key, Availability.COMPLETE)
        pages = () if state is Availability.FAILED else (raw,)
        by_key[key] = raw if key == "patient" else SearchPages(pages, state)
    return OpenedPage(sample, ChartSources(by_key=by_key))


def test_observations_that_could_not_be_read_are_unknown_and_asked_for() -> None:
    page = Page(cut_chart(TOLERANT, observations=Availability.FAILED).html())
    assert "observations: could not be read: what it holds is unknown" in page.seen
    assert "Progression ? not recorded" in page.seen
    assert "AFP ? not known" in page.seen
    assert "ECOG ? not known" in page.seen
    assert "Not decided yet" in page.seen


def test_a_medication_list_that_was_cut_offers_nothing_and_says_why() -> None:
    chart = cut_chart(TOLERANT, medicationStatements=Availability.TRUNCATED)
    page = Page(chart.html())
    assert document_of(chart.html())["options"] == []
    assert "earlier lines cannot be counted" in page.seen
    assert "Are the systemic therapies in the chart all that were given?" in page.seen
    assert document_of(chart.answered(no_other_lines="yes"))["options"] != []


def test_types_that_were_not_granted_are_named_as_unknown() -> None:
    page = Page(opened_sample(TOLERANT, not_granted=("Observation", "Procedure")).html())
    assert (
        "The EHR did not let this page read: Observation, Procedure. What they hold is unknown"
        in page.seen
    )


def test_days_that_no_record_speaks_of_never_read_as_days_without_the_drug() -> None:
    page = Page(opened_sample(BY_NAME["undetermined-exposure-unknown"]).html())
    counted = re.findall(
        r"\b0 of 28 days\b(?! with at least 400 mg, 0 below, 28 unknown)", page.seen
    )
    assert counted == []
    assert "Sorafenib dose ? not known" in page.seen


def test_the_page_always_names_its_patient() -> None:
    page = Page(opened_sample(TOLERANT).html())
    (who,) = [one for one in page.all("p") if one.attributes.get("class") == "who"]
    named = " ".join(who.text.split())
    assert re.match(r"\w+ [\w ]+, born 17 May 1961, male, Patient/tah-patient", named), named


def test_what_is_not_known_of_the_patient_is_said_and_the_id_is_there() -> None:
    chart = json.loads(TOLERANT.text)
    for entry in chart["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"] = {"resourceType": "Patient", "id": "tah-patient"}
    page = Page(opened_chart(TOLERANT, json.dumps(chart)).html())
    assert "Name not known, birth date not known, sex not known, Patient/tah-patient" in page.seen


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        ("1961", "born between 1 Jan 1961 and 31 Dec 1961"),
        ("1961-05", "born between 1 May 1961 and 31 May 1961"),
        ("1961-05-17", "born 17 May 1961"),
    ],
)
def test_a_birth_date_is_told_as_precisely_as_it_is_recorded(recorded: str, said: str) -> None:
    chart = TOLERANT.text.replace("1961-05-17", recorded)
    assert said in Page(opened_chart(TOLERANT, chart).html()).seen


def test_the_page_leads_to_the_sites_place_for_reports_and_adds_nothing_to_its_address() -> None:
    place = "https://helpdesk.example/form?topic=hcc"
    opened = replace(opened_sample(TOLERANT), report_url=place)
    links = [one.attributes for one in Page(opened.html()).all("a") if "helpdesk" in str(one)]
    assert links == [{"href": place, "rel": "noreferrer"}]


def test_the_text_of_a_report_holds_nothing_of_the_patient() -> None:
    page = Page(opened_sample(TOLERANT).html())
    (report,) = [one for one in page.all("textarea") if one.attributes["id"] == "report-text"]
    assert "tah-" not in report.text
    assert "812" not in report.text
    assert "tolerant" not in report.text
    assert document_of(opened_sample(TOLERANT).html())["pathway"]["version"] in report.text


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("child-pugh-unknown", "liver function not known"),
        ("ecog-unknown", "ECOG not known"),
        ("afp-missing", "AFP missing"),
        ("afp-undecidable-units", "AFP in ng/mL"),
        ("tolerant-afp-high", ""),
        ("afp-stale", "AFP out of date"),
    ],
)
def test_the_top_of_the_page_says_what_to_check_as_the_title_of_the_card_does(
    name: str, check: str
) -> None:
    (top,) = [one for one in page_of(name).texts if "Check before relying" in one[0]] or [("", ())]
    assert check in top[0]
    assert bool(top[0]) == bool(check)
