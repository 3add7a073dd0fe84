"""A documented "treatment not tolerated" whose value names sorafenib, as our page writes it.

Read as an adverse reaction is (A32): it says nothing of days or doses, and counts only where the
chart shows that sorafenib has ended.
"""

from datetime import tzinfo

from fhir_mappings.clinical_facts.observations import Dated
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.concepts import name_of
from hcc_pathway.answer import Phrase
from hcc_pathway.drug_record import IntoleranceRecord


def read_not_tolerated(found: Dated, book: CodeBook, zone: tzinfo) -> IntoleranceRecord | Phrase:
    """Read an intolerance of sorafenib, or say why the observation is not used."""
    value = found.observation.value_codeable_concept
    if value is None:
        return Phrase.of("ignored-no-value")
    if "drug-sorafenib" not in book.value_sets(value):
        return Phrase.of("ignored-value-not-known")
    return IntoleranceRecord(
        is_allergy=False,
        day=found.time.days(zone),
        as_received=name_of(found.observation.code),
        source=found.source,
        coded_as=found.coded_as,
    )
