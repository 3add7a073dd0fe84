"""One chart as a Bundle to the recommendation: what the API and the command line share."""

from datetime import date

import msgspec

from fhir_mappings.chart.half_pairs import without_half_pairs
from fhir_mappings.chart.record import ChartSources, sources_from_bundle
from fhir_mappings.patient_case import read_case
from hcc_pathway.case import PatientCase
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.selection import select
from hooks.service import Site

# numbers stay numbers, whatever the document holds
encode_document = msgspec.json.Encoder(decimal_format="number").encode


def recommend(
    bundle: bytes, site: Site, on: date
) -> tuple[Recommendation, PatientCase, KnowledgeOnDay]:
    """Ask the pathway about a Bundle of one patient; give back what was read, too.

    Raises:
        ChartRejected: not a Bundle of one patient.
        NeededDataAbsent: no conditions or no medication source.
        DayOutsideKnowledge: the pathway did not exist on that day.

    """
    return answer_to(sources_from_bundle(without_half_pairs(bundle)), None, site, on)


def answer_to(
    sources: ChartSources, patient_id: str | None, site: Site, on: date
) -> tuple[Recommendation, PatientCase, KnowledgeOnDay]:
    """Ask the pathway about one patient's chart; raises as ``recommend`` does."""
    knowledge = site.knowledge.as_of(on)
    case = read_case(
        sources,
        patient_id=patient_id,
        knowledge=knowledge,
        local_codes=site.local_codes,
        on=on,
        zone=site.zone,
        iu_to_ng=site.iu_to_ng,
    )
    return select(case, knowledge, on=on, site=site.policy), case, knowledge
