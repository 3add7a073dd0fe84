"""One FHIR server examined: what it offers, what each search of one patient returns, how fast."""

import time
from dataclasses import dataclass, field
from typing import Final

from cds_service.chart_answer import answer_to
from cds_service.composition import Composition
from fhir_access.access import Access
from fhir_access.capabilities import Capabilities, read_statement
from fhir_access.errors import FetchFailed
from fhir_access.fetched_chart import FetchedChart
from fhir_access.searches import resource_type_of, search_of
from fhir_mappings.chart.pages import SearchPages, pages_received
from fhir_mappings.chart.record import MEDICATION_KEYS, ChartSources
from fhir_mappings.clinical_facts.local_codes import local_condition_codes, local_drug_codes
from fhir_mappings.clinical_facts.unmapped_codes import UnmappedCode, unmapped_codes
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from hcc_pathway.case import Availability
from hcc_pathway.recommendation import Recommendation

ALL_LABORATORY: Final = "Observation?patient={{context.patientId}}&category=laboratory&_count=200"


@dataclass(slots=True)
class Step:
    """One thing asked: under which key, what came, how long it took."""

    key: str
    asked: str
    outcome: str
    resources: int = 0
    pages: int = 0
    milliseconds: float = 0.0

    @property
    def is_well(self) -> bool:
        """Whether all that there is was read."""
        return self.outcome == Availability.COMPLETE


@dataclass(slots=True)
class Examination:
    """All that was found."""

    capabilities: Capabilities | None = None
    steps: list[Step] = field(default_factory=list)
    document: Recommendation | None = None
    refusal: str = ""
    unmapped: tuple[UnmappedCode, ...] = ()

    def offered(self, template: str) -> bool:
        """Whether the server says that it can be asked this; True where it says nothing."""
        return search_of(template, "x", self.capabilities) is not None

    def can_work(self, templates: dict[str, str]) -> bool:
        """Whether the pathway has what it cannot do without."""
        outcomes = {step.key: step.is_well for step in self.steps}
        had = {key: self.offered(templates[key]) and outcomes.get(key, True) for key in templates}
        drugs = any(had[key] for key in MEDICATION_KEYS)
        return self.capabilities is not None and had["conditions"] and drugs and not self.refusal

    def has_finding(self, templates: dict[str, str]) -> bool:
        """Whether somebody has to do something."""
        proposals = any(one.proposal is not None for one in self.unmapped)
        failed = any(step.outcome in {"failed", "truncated"} for step in self.steps)
        return not self.can_work(templates) or proposals or failed


def examine(
    access: Access, templates: dict[str, str], patient_id: str | None, composition: Composition
) -> Examination:
    """Ask for the CapabilityStatement and, for one patient, everything that a hook would ask."""
    found = Examination()
    began = time.monotonic()
    step = Step("metadata", "metadata", Availability.COMPLETE)
    try:
        found.capabilities = read_statement(bytes(access.get("CapabilityStatement", "/metadata")))
    except FetchFailed as failed:
        step.outcome = str(failed)
    step.milliseconds = (time.monotonic() - began) * 1000
    found.steps.append(step)
    if patient_id is not None and found.capabilities is not None:
        _examine_patient(found, access, templates, patient_id, composition)
    return found


def _examine_patient(
    found: Examination,
    access: Access,
    templates: dict[str, str],
    patient_id: str,
    composition: Composition,
) -> None:
    by_key = {
        key: _ask(found, access, key, template, patient_id) for key, template in templates.items()
    }
    everything = _ask(found, access, "all laboratory results", ALL_LABORATORY, patient_id)
    on = composition.today()
    knowledge = composition.knowledge.as_of(on)
    base = access.server.base
    chart = FetchedChart(
        by_key, patient_id=patient_id, templates=templates, access=access, fhir_base=base
    )
    named = NamedDrugs.of(knowledge, composition.site.local_codes)
    try:
        sources = chart.sources(tuple(templates))  # with the Medications that drugs refer to
        found.unmapped = (
            *local_condition_codes(sources, patient_id, named.book),
            *local_drug_codes(sources, patient_id, named),
            *unmapped_codes(
                ChartSources(by_key={"observations": everything}, fhir_base=base),
                patient_id,
                named.book,
                knowledge,
            ),
        )
        found.document, _, _ = answer_to(sources, patient_id, composition.site, on)
    except (NeededDataAbsent, ChartRejected) as refused:
        found.refusal = str(refused)


def _ask(
    found: Examination, access: Access, key: str, template: str, patient_id: str
) -> SearchPages:
    rest = search_of(template, patient_id, found.capabilities)
    step = Step(key, resource_type_of(template), Availability.NOT_OFFERED)
    found.steps.append(step)
    if rest is None:
        return SearchPages((), Availability.NOT_OFFERED)
    began, before = time.monotonic(), len(access.calls)
    pages = access.pages(step.asked, rest)
    step.milliseconds = (time.monotonic() - began) * 1000
    received = pages_received(pages)
    step.pages, step.resources = len(pages.pages), len(received.resources)
    faults = [one.outcome for one in access.calls[before:] if one.outcome != "ok"]
    step.outcome = received.availability.value
    if faults:
        step.asked += f" ({faults[-1]})"
    return pages
