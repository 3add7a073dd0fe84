"""What happens to a hook's answer before it is sent: audit, counts, and silence if asked for."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import TypeVar

from cds_service import audit, metrics, request_log
from cds_service.client_tokens.caller import caller_name, counted_name
from cds_service.composition import Composition
from cds_service.silent_mode.answers import Noted, count_kinds
from cds_service.silent_mode.without_identity import Identity
from cds_service.silent_mode.would_be import UnknownInput, WouldBeAnswer, would_be_answer
from fhir_mappings.chart.projections import Coding
from fhir_mappings.chart.record import KEYS
from fhir_mappings.chart.unrecognised import unrecognised_codings
from fhir_mappings.clinical_facts.local_codes import local_condition_codes, local_drug_codes
from fhir_mappings.clinical_facts.unmapped_codes import UnmappedCode
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.errors import NeededDataAbsent
from hcc_pathway.case import PatientCase
from hcc_pathway.errors import HccCdsError
from hooks.messages import CardsResponse, HookRequest
from hooks.service import ChartSource, HookAnswer, HookService

_Found = TypeVar("_Found")
_NO_CARDS = CardsResponse(())
_FIRST_KEYS = ("patient", "conditions")  # what was read of a chart without liver cancer
_MOST_OF_A_CHART = 100  # different codes, and units, that are looked at for the report


class AfterAnswer:
    """Takes note of the answers of one process."""

    def __init__(self, composition: Composition) -> None:
        """Take the parts of the process; nothing is read from the settings later."""
        self._records = composition.records
        self._site = composition.site
        self._version = composition.knowledge.about.version

    def refused(
        self, service: HookService, call: HookRequest, error: HccCdsError, on: date
    ) -> None:
        """Take note of a call that cannot be answered; the error is the answer."""
        keys = error.keys if isinstance(error, NeededDataAbsent) else ()
        status = 412 if isinstance(error, NeededDataAbsent) else 400
        unknown = tuple(UnknownInput(f"prefetch.{key}", "could not be had") for key in keys)
        self._note_call(service, call, "not answered")
        if self._records.silent is not None:
            would_be = WouldBeAnswer(status, unknown=unknown)
            self._records.silent.note(self._noted(service, call, on, would_be, ()))

    def answered(
        self,
        service: HookService,
        call: HookRequest,
        chart: ChartSource,
        answer: HookAnswer,
        on: date,
    ) -> CardsResponse:
        """Take note of an answer and give what is sent."""
        silent = self._records.silent
        document = answer.recommendation
        if document is not None:
            audit.note_document(document)
            request_log.note(
                patientClass=document.patient_class.value, knowledge=document.pathway.version
            )
        response = answer.response if silent is None else _NO_CARDS
        if silent is not None:
            would_be = would_be_answer(service.hook, answer)
            counts = self._not_recognised(chart, call, answer, on)
            silent.note(self._noted(service, call, on, would_be, counts))
        outcome = "silent" if silent is not None else "cards" if response.cards else "no card"
        self._note_call(service, call, outcome)
        self._records.shown.note(on, service.id, counted_name(), response.cards)
        metrics.count_cards(service.id, len(response.cards))
        request_log.note(service=service.id, cards=len(response.cards))
        return response

    def _note_call(self, service: HookService, call: HookRequest, outcome: str) -> None:
        audit.note(
            service=service.id,
            hook=service.hook,
            hookInstance=str(call.hook_instance),
            outcome=outcome,
        )

    def _not_recognised(
        self, chart: ChartSource, call: HookRequest, answer: HookAnswer, on: date
    ) -> tuple[tuple[str, str], ...]:
        """Count what meant nothing; of a chart without liver cancer, only what may be one."""
        named = NamedDrugs.of(self._site.knowledge.as_of(on), self._site.local_codes)
        patient_id, book = call.context.patient_id, named.book
        has_cancer = answer.recommendation is not None
        sources = chart.sources(KEYS if has_cancer else _FIRST_KEYS)
        context = call.context
        identity = Identity(sources, (patient_id, context.user_id, context.encounter_id or ""))

        def kept(kind: str, found: Iterable[Coding | UnmappedCode]) -> tuple[tuple[str, str], ...]:
            different = _first_different((one.system, one.code) for one in found)
            codes = (identity.code(system, code) for system, code in different)
            return count_kinds(kind, (code for code in codes if code is not None))

        conditions = local_condition_codes(sources, patient_id, book)
        near = kept("condition code", (one for one in conditions if one.proposal is not None))
        if not has_cancer:
            return near
        return (
            *_records_not_used(answer.case, identity),
            *kept("code", unrecognised_codings(sources, book)),
            *kept("drug code", local_drug_codes(sources, patient_id, named)),
            *near,
        )

    def _noted(
        self,
        service: HookService,
        call: HookRequest,
        on: date,
        would_be: WouldBeAnswer,
        counts: tuple[tuple[str, str], ...],
    ) -> Noted:
        return Noted(
            month=on.strftime("%Y-%m"),
            service=service.id,
            ehr=caller_name(),
            pathway_version=self._version,
            patient=call.context.patient_id,
            answer=would_be,
            counts=counts,
            milliseconds=request_log.seconds_so_far() * 1000,
        )


def _first_different(found: Iterable[_Found]) -> Iterable[_Found]:
    return islice(dict.fromkeys(found), _MOST_OF_A_CHART)


def _records_not_used(case: PatientCase | None, identity: Identity) -> tuple[tuple[str, str], ...]:
    ignored = case.ignored if case is not None else ()
    reasons = count_kinds("not used", (one.because.id for one in ignored))
    texts = (text for one in ignored for name, text in one.because.values if name == "unit")
    units = map(identity.unit, _first_different(texts))
    return (*reasons, *count_kinds("unit", (unit for unit in units if unit is not None)))
