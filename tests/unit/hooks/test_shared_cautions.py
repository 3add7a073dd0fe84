"""Cautions of several options on the main card: what all share is said once, nothing is lost."""

import json

import pytest

from cds_service.composition import compose
from cds_service.sample_charts import hook_request, sample_charts
from cds_service.services import read_hook_call
from cds_service.settings import read_settings
from hooks import patient_view
from hooks.card_text import knowledge_markdown
from hooks.service import PrefetchedChart

SAMPLES = sample_charts()


@pytest.mark.rule("A12", "A15")
@pytest.mark.parametrize(
    "name", ["child-pugh-b7", "child-pugh-b9-intolerant", "tolerant-and-intolerant"]
)
def test_every_caution_of_every_option_stands_once_on_the_card(name: str) -> None:
    sample = SAMPLES[name]
    site = compose(read_settings({"HCC_CDS_MODE": "demo"})).site
    request = read_hook_call(json.dumps(hook_request(sample.text)).encode())
    answer = patient_view.answer(request, PrefetchedChart(request), site, sample.as_of)
    assert answer.recommendation is not None
    detail = answer.response.cards[0].detail or ""
    texts = {c.text for option in answer.recommendation.options for c in option.cautions}
    options = len(answer.recommendation.options)
    assert len(texts) > options > 1
    for text in texts:
        holding = sum(
            text in {c.text for c in option.cautions} for option in answer.recommendation.options
        )
        assert detail.count(knowledge_markdown(text)) == (1 if holding == options else holding)
