"""Documented progression: the disease status observation and the values that mean progression.

A rising AFP is not progression (A25), and a stop reason "no response" belongs to the drug.
"""

from collections.abc import Container
from datetime import tzinfo

from fhir_mappings.chart.projections import each
from fhir_mappings.clinical_facts.observations import Dated
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.concepts import name_of
from hcc_pathway.answer import Phrase
from hcc_pathway.case import ProgressionRecord


def read_progression(
    found: Dated, other_tumours: Container[str | None], book: CodeBook, zone: tzinfo
) -> ProgressionRecord | Phrase | None:
    """Read a disease status: progression, None (another status), or why it is not used.

    ``other_tumours``: references of conditions that are another disease.
    """
    observation = found.observation
    if any(one.reference in other_tumours for one in each(observation.focus)):
        return Phrase.of("ignored-other-tumour")
    value = observation.value_codeable_concept
    if value is None:
        return Phrase.of("ignored-no-value")
    meanings = book.value_sets(value)
    if "disease-progression" in meanings and "disease-not-progressed" not in meanings:
        return ProgressionRecord(
            day=found.time.days(zone),
            as_received=name_of(value),
            source=found.source,
            coded_as=found.coded_as,
        )
    if "disease-not-progressed" in meanings or "extrahepatic-spread" in meanings:
        return None
    return Phrase.of("ignored-value-not-known")
