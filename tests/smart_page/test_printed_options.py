"""The options of the printed sheet: nothing of them is left out without being counted."""

import re

import pytest

from cds_service.sample_charts import SampleChart
from smart_app.page.words import load_words
from tests.samples.stored import some_samples_by_default
from tests.smart_page.opened import document_of, site
from tests.smart_page.page_text import Page
from tests.smart_page.sheets import LANGUAGES, WAYS, answered_page

every_sample = pytest.mark.parametrize("sample", some_samples_by_default())
every_way = pytest.mark.parametrize("way", WAYS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def blanks_as_one(text: str) -> str:
    return " ".join(text.split())


@every_sample
@every_way
@every_language
def test_what_the_sheet_leaves_out_of_an_option_is_counted_and_the_rest_is_whole(
    sample: SampleChart, way: str, language: str
) -> None:
    opened = answered_page(language, sample.name, way)
    document, sheet = document_of(opened.html()), Page(opened.html("/smart/print")).seen
    knowledge = site(language).knowledge.as_of(sample.as_of)
    more = re.escape(load_words(language).say("print.more", count="#")).replace("\\#", r"(\d+)")
    assert ('value="clear"' in opened.html()) is (way != "unanswered")
    left_out = []
    for option in document["options"]:
        findings = [
            knowledge.evidence[one].card_text
            for one in option["evidence"]
            if one not in knowledge.about.evidence
        ]
        texts = [*(one["text"] for one in option["cautions"]), *findings]
        left_out.append(sum(blanks_as_one(text) not in sheet for text in texts if text))
    assert [int(count) for count in re.findall(more, sheet)] == [one for one in left_out if one]


@every_sample
@every_way
@every_language
def test_reasons_doses_and_regulatory_notices_of_every_option_are_printed(
    sample: SampleChart, way: str, language: str
) -> None:
    opened = answered_page(language, sample.name, way)
    document, sheet = document_of(opened.html()), Page(opened.html("/smart/print")).seen
    offered = {option["therapy"] for option in document["options"]}
    said = [one["text"] for one in document["notices"] if one["therapy"] in offered]
    for option in document["options"]:
        said += [option["dosing"], *option["reasons"]]
    assert [text for text in said if blanks_as_one(text) not in sheet] == []


def test_notices_of_the_offered_drugs_stand_on_the_sheet() -> None:
    sheet = Page(answered_page("en", "intolerant-afp-low", "unanswered").html("/smart/print")).seen
    assert "Regulatory notices: Canada: conditional approval on 2018-03-23" in sheet
