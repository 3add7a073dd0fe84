"""The page's document is the committed one of each sample: page and card cannot disagree."""

import pytest

from cds_service.sample_charts import SampleChart
from tests.samples.stored import NAMES, SAMPLES, expected_document
from tests.smart_page.opened import document_of, opened_sample


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_the_page_carries_the_committed_document(sample: SampleChart) -> None:
    html = opened_sample(sample).html()
    assert document_of(html) == expected_document(sample, on=sample.as_of)
