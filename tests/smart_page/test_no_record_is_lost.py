"""Whatever is answered of whichever chart: each record of it is used, or listed as not used."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cds_service.chart_answer import answer_to
from cds_service.sample_charts import SampleChart
from fhir_mappings.chart.record import sources_from_bundle
from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answered_case import with_answers
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.clinician_answers.sources import is_answered
from hcc_pathway.explanation.wording import speaking
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.selection import select
from smart_app.page.answer_form import filled_form
from tests.samples.stored import NAMES, SAMPLES, patient_of
from tests.smart_page.opened import BY_NAME, site

_YES_OR_NO = st.sampled_from(["", "yes", "no"])
_GRADES = st.sampled_from(["", "none", "mild", "severe"])
_DAYS_AGO = st.none() | st.integers(0, 120)
_SENT = st.fixed_dictionaries(
    {
        "progressed": _YES_OR_NO,
        "progressed_on": _DAYS_AGO,
        "not_tolerated": _YES_OR_NO,
        "stopped_on": _DAYS_AGO,
        "took_minimum_dose": _YES_OR_NO,
        "no_other_lines": _YES_OR_NO,
        "is_hcc": _YES_OR_NO,
        "afp_ng_per_ml": st.sampled_from(["", "12", "812"]),
        "afp_on": _DAYS_AGO,
        "albumin_g_per_dl": st.sampled_from(["", "2.5", "4.0"]),
        "laboratory_on": _DAYS_AGO,
        "ascites": _GRADES,
        "encephalopathy": _GRADES,
        "child_pugh": st.sampled_from(["", "A", "C"]),
        "ecog": st.sampled_from(["", "0", "3"]),
    }
)


def judged(sample: SampleChart) -> tuple[Recommendation, PatientCase, KnowledgeOnDay]:
    sources = sources_from_bundle(sample.text.encode())
    return answer_to(sources, str(patient_of(sample)["id"]), site(), sample.as_of)


_JUDGED = {sample.name: judged(sample) for sample in SAMPLES}


def rows_of(document: Recommendation) -> list[str]:
    """Give the sources of every row of inputs and of what was not used."""
    used = [one.source for one in document.inputs]
    return used + [one.source for one in document.ignored]


def named(document: Recommendation) -> set[str]:
    """Name every record among inputs and among what was not used."""
    return {source for row in rows_of(document) for source in row.split(", ")}


def usable(sample: SampleChart, sent: Mapping[str, Any], case: PatientCase) -> ClinicianAnswers:
    """Read a form, leaving out what it refuses."""
    fields = {
        name: str(sample.as_of - timedelta(days=value)) if isinstance(value, int) else value or ""
        for name, value in sent.items()
    }
    while refused := filled_form(fields, sample.as_of, case=case).refused:
        fields |= dict.fromkeys(refused, "")
        if "progressed_on" in refused:  # a "yes" needs its day
            fields["progressed"] = ""
    return filled_form(fields, sample.as_of, case=case).answers


@given(st.sampled_from(NAMES), _SENT)
def test_each_record_that_counted_without_answers_is_still_named_with_them(
    name: str, sent: Mapping[str, Any]
) -> None:
    sample, (before, case, knowledge) = BY_NAME[name], _JUDGED[name]
    with speaking(knowledge.language):
        answers = usable(sample, sent, case)
        answered = with_answers(case, answers, on=sample.as_of, zone=site().zone)
    after = select(answered, knowledge, on=sample.as_of, site=site().policy)
    assert {one for one in named(before) - named(after) if "/" in one} == set()
    added = {
        one.source
        for field in PatientCase.__struct_fields__
        if isinstance(records := getattr(answered, field), tuple)
        for one in records
        if is_answered(getattr(one, "source", ""))
    }
    rows = rows_of(after)
    assert {one for one in added if not any(one in row for row in rows)} == set()
