"""What a clinician answered stands on the course as an answer, beside the days on record."""

from datetime import UTC

import pytest

from hcc_pathway.clinician_answers.answered_case import with_answers
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.timeline.timeline import patient_timeline
from smart_app.plots.fragments import timeline_fragment
from smart_app.plots.texts import load_plot_texts
from tests.samples.stored import SAMPLES
from tests.timeline.samples_read import read, site, timeline_of

(SAMPLE,) = [one for one in SAMPLES if one.name == "undetermined-exposure-unknown"]


@pytest.mark.parametrize(
    ("took", "said"),
    [(True, "at least 400 mg on at least 20"), (False, "not 400 mg on 20"), (None, "")],
)
def test_a_stated_dose_is_named_as_an_answer_and_no_day_is_made_up(
    *, took: bool | None, said: str
) -> None:
    _, case, knowledge = read(SAMPLE)
    answers = ClinicianAnswers(took_minimum_dose=took)
    answered = with_answers(case, answers, on=SAMPLE.as_of, zone=UTC) if took is not None else case
    timeline = patient_timeline(answered, knowledge, SAMPLE.as_of, site().policy)
    assert timeline.sorafenib.days == timeline_of(SAMPLE).sorafenib.days
    html = timeline_fragment(timeline, load_plot_texts())
    assert ("data-stated" in html) is (took is not None)
    assert said in html


def test_drugs_are_named_in_the_language_of_the_knowledge() -> None:
    _, case, _ = read(SAMPLE)
    korean = load_knowledge("ko").as_of(SAMPLE.as_of)
    timeline = patient_timeline(case, korean, SAMPLE.as_of, site().policy)
    html = timeline_fragment(timeline, load_plot_texts("ko"))
    assert "소라페닙 ?" not in html
    assert '<th scope="row">소라페닙</th>' in html
