"""The sample charts as cases, and their timelines."""

from functools import cache

from cds_service.chart_answer import recommend
from cds_service.composition import compose
from cds_service.sample_charts import SampleChart
from cds_service.settings import read_settings
from hcc_pathway.case import PatientCase
from hcc_pathway.findings.assessment import Assessment, assess
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.timeline.parts import PatientTimeline
from hcc_pathway.timeline.timeline import patient_timeline
from hooks.service import Site


@cache
def site() -> Site:
    return compose(read_settings({"HCC_CDS_MODE": "demo"})).site


@cache
def read(sample: SampleChart) -> tuple[Recommendation, PatientCase, KnowledgeOnDay]:
    return recommend(sample.text.encode(), site(), sample.as_of)


def assessed(sample: SampleChart) -> Assessment:
    _, case, knowledge = read(sample)
    return assess(case, knowledge, sample.as_of, site().policy)


def timeline_of(sample: SampleChart) -> PatientTimeline:
    _, case, knowledge = read(sample)
    return patient_timeline(case, knowledge, sample.as_of, site().policy)
