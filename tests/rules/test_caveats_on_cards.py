"""Each caveat of the editorial stands on the card of a named sample; background stays away."""

import json
from typing import Any

import pytest

from cds_service.composition import compose
from cds_service.sample_charts import hook_request, sample_charts
from cds_service.services import encode, read_hook_call
from cds_service.settings import read_settings
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hooks import patient_view
from hooks.service import PrefetchedChart

SAMPLES = sample_charts()


def main_card(name: str) -> dict[str, Any]:
    site = compose(read_settings({"HCC_CDS_MODE": "demo"})).site
    request = read_hook_call(json.dumps(hook_request(SAMPLES[name].text)).encode())
    answer = patient_view.answer(request, PrefetchedChart(request), site, SAMPLES[name].as_of)
    card: dict[str, Any] = json.loads(encode(answer.response))["cards"][0]
    return card


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        pytest.param(
            "tolerant-afp-high",
            "neither favour nor exclude it",
            marks=pytest.mark.rule("S11", "A29"),
        ),
        pytest.param(
            "third-line", "neither favours nor excludes it", marks=pytest.mark.rule("S11", "A29")
        ),
        pytest.param(
            "intolerant-afp-high", "Whether ramucirumab is superior", marks=pytest.mark.rule("S16")
        ),
        pytest.param("child-pugh-b7", "(B7 15.3, B8-B9 7.4)", marks=pytest.mark.rule("A15")),
        pytest.param(
            "child-pugh-b9-intolerant",
            "(B7 15.3, B8-B9 7.4)",
            marks=pytest.mark.rule("A15", "S17"),
        ),
        pytest.param("third-line", "extrahepatic spread", marks=pytest.mark.rule("S11", "A29")),
        pytest.param(
            "tolerant-afp-high", "superior to other drugs", marks=pytest.mark.rule("S16")
        ),
        pytest.param(
            "intolerant-afp-high", "Cost-effectiveness is part", marks=pytest.mark.rule("S18")
        ),
        pytest.param(
            "third-line", "judged not cost-effective", marks=pytest.mark.rule("S19", "A28")
        ),
        pytest.param(
            "intolerant-afp-low", "selection bias remains", marks=pytest.mark.rule("S20")
        ),
        pytest.param("tolerant-afp-high", "No biomarker but AFP", marks=pytest.mark.rule("S21")),
        pytest.param(
            "intolerant-afp-high", "after sorafenib is in doubt", marks=pytest.mark.rule("S22")
        ),
        pytest.param("tolerant-afp-low", "today's first line", marks=pytest.mark.rule("S23")),
        pytest.param(
            "sorafenib-allergy", "No trial compares these drugs", marks=pytest.mark.rule("S24")
        ),
        pytest.param(
            "tolerant-afp-low", "A longer time on sorafenib", marks=pytest.mark.rule("S25")
        ),
        pytest.param(
            "child-pugh-b7", "strongest prognostic factors", marks=pytest.mark.rule("S26")
        ),
        pytest.param(
            "child-pugh-b9-intolerant", "hepatic decompensation", marks=pytest.mark.rule("S27")
        ),
    ],
)
def test_a_caveat_stands_on_the_card_of_its_sample(sample: str, said: str) -> None:
    detail = " ".join(main_card(sample)["detail"].split())
    assert said in detail


@pytest.mark.rule("S28")
def test_a_research_aim_is_background_with_its_reason_and_on_no_card() -> None:
    knowledge = load_knowledge().as_of(max(sample.as_of for sample in SAMPLES.values()))
    (aim,) = [caveat for caveat in knowledge.caveats if caveat.id == "S28"]
    assert not aim.shown
    assert aim.background_because == "A research aim; it says nothing about an individual patient."
    assert "respond to individual drugs" not in main_card("tolerant-afp-high")["detail"]
