"""One patient's chart for one call: what the client sent, completed from its FHIR server.

What is absent, "no data" or failed is read in parallel; a Bundle that says there is more is read
on. Whatever cannot be had by the deadline is a failure under its key, never an empty answer.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, wait
from functools import partial
from typing import Final, TypeVar

import msgspec

from fhir_access.access import Access
from fhir_access.addresses import below, is_fhir_id
from fhir_access.capabilities import Capabilities
from fhir_access.deadline import Deadline
from fhir_access.errors import FetchFailed
from fhir_access.searches import resource_type_of, search_of
from fhir_mappings.chart.bundles_received import Received, SearchReceived
from fhir_mappings.chart.pages import SearchPages
from fhir_mappings.chart.record import (
    MEDICATION_KEYS,
    ChartSources,
    answer_under,
    says_nothing,
)
from fhir_mappings.chart.referred_medications import (
    MedicationReferred,
    medication_received,
    medications_not_received,
)
from fhir_mappings.chart.whose_chart import is_another_patient
from fhir_mappings.errors import NeededDataAbsent
from hcc_pathway.case import Availability

MOST_MEDICATIONS: Final = 40
_GRACE_SECONDS: Final = 0.05  # for a thread to say that its time was up
_STAGE_ONE: Final = frozenset({"patient", "conditions"})
_NOT_HAD: Final = SearchPages((), Availability.FAILED)
_NOT_OFFERED: Final = SearchPages((), Availability.NOT_OFFERED)

_T = TypeVar("_T")


class FetchedChart:
    """The chart of the patient of one call; made for it and dropped with it."""

    def __init__(
        self,
        prefetch: Mapping[str, msgspec.Raw | SearchPages],
        *,
        patient_id: str,
        templates: Mapping[str, str],
        access: Access,
        fhir_base: str,
    ) -> None:
        """Take what was sent.

        Args:
            prefetch: the values that the client sent, or what is known not to be had.
            patient_id: the patient of the context, of FHIR's form.
            templates: the prefetch templates, of which the missing ones are read.
            access: what the client grants.
            fhir_base: as the client writes it; absolute references count below it.

        """
        self.access = access
        self._patient_id = patient_id
        self._templates = templates
        self._fhir_base = fhir_base
        self._by_key: dict[str, msgspec.Raw | SearchPages | None] = dict(prefetch)
        self._answers: dict[str, SearchReceived] = {}
        self._medications: tuple[Received, ...] = ()
        self._settled: set[str] = set()

    def sources(self, keys: Collection[str]) -> ChartSources:
        """Give what can be had under these keys by the deadline.

        Raises:
            ChartRejected: what the client sent is not FHIR, or not this patient's.
            NeededDataAbsent: the server gave somebody else's Patient.

        """
        wanted = [key for key in keys if key in self._templates and key not in self._settled]
        self._settled.update(wanted)
        self._complete(wanted)
        if any(key in MEDICATION_KEYS for key in wanted):
            self._complete_medications()
        return self._sources()

    def _sources(self) -> ChartSources:
        return ChartSources(
            by_key=self._by_key,
            medications=self._medications,
            fhir_base=self._fhir_base,
            answers=self._answers,
        )

    def _complete(self, keys: Collection[str]) -> None:
        sent = self._sources()
        lacking = {
            key: answer
            for key in keys
            if (answer := answer_under(key, sent)).availability is Availability.FAILED
            or answer.next_url is not None
            or says_nothing(key, sent)
        }
        if not lacking:
            return
        offered = self._offered(lacking)
        work = {key: self._work(key, answer, offered) for key, answer in lacking.items()}
        for key, pages in self._in_parallel(work, _NOT_HAD, self.access.deadline).items():
            self._by_key[key] = pages
            del self._answers[key]
            answer = answer_under(key, self._sources())
            if any(is_another_patient(one, self._patient_id) for one in answer.resources):
                raise NeededDataAbsent((key,))

    def _offered(self, keys: Collection[str]) -> Capabilities | None:
        """Ask what the server offers for liver cancer alone, so that other charts cost no call."""
        if _STAGE_ONE.issuperset(keys):
            return self.access.server.capabilities_known
        return self.access.server.capabilities(self.access.deadline)

    def _work(
        self, key: str, sent: SearchReceived, offered: Capabilities | None
    ) -> Callable[[], SearchPages]:
        template = self._templates[key]
        kind = resource_type_of(template)
        page = self._by_key.get(key)
        if sent.next_url is not None and isinstance(page, msgspec.Raw):
            return partial(self.access.following, kind, page, sent.next_url)
        rest = search_of(template, self._patient_id, offered)
        if rest is not None:
            return partial(self.access.pages, kind, rest)
        not_had = _NOT_HAD if sent.availability is Availability.FAILED else _NOT_OFFERED
        return lambda: not_had

    def medications(self, references: Collection[str]) -> tuple[Received, ...]:
        """Read the Medications that draft orders refer to; one that cannot be had is not there.

        They are waited for half of the time, so that the chart can still be read.
        """
        until = Deadline.after(self.access.deadline.seconds_left / 2)
        return tuple(self._read_medications(sorted(references), until).values())

    def _read_medications(self, references: Iterable[str], until: Deadline) -> dict[str, Received]:
        work = {
            reference: partial(self._medication, reference)
            for reference in list(references)[:MOST_MEDICATIONS]
        }
        read = self._in_parallel(work, None, until).items()
        return {reference: medication for reference, medication in read if medication is not None}

    def _complete_medications(self) -> None:
        referred = medications_not_received(self._sources(), self._patient_id)
        until = self.access.deadline
        found = self._read_medications({one.reference: None for one in referred}, until)
        self._medications = tuple(found.values())
        for one in referred:
            if one.reference not in found and not one.named:
                self._declare_incomplete(one)

    def _declare_incomplete(self, one: MedicationReferred) -> None:
        """Call a source cut that holds a drug without a name: it may be any."""
        answer = self._answers[one.key]
        self._answers[one.key] = SearchReceived(Availability.TRUNCATED, answer.resources)

    def _medication(self, reference: str) -> Received | None:
        base = self.access.server.base
        try:
            rest = below(base, reference) if reference.startswith(base) else f"/{reference}"
            path, _, wanted_id = rest.rpartition("/")
            if path != "/Medication" or not is_fhir_id(wanted_id):
                return None
            raw = self.access.get("Medication", rest)
        except FetchFailed:
            return None
        return medication_received(raw, reference, wanted_id)

    def _in_parallel(
        self, work: Mapping[str, Callable[[], _T]], not_had: _T, until: Deadline
    ) -> dict[str, _T]:
        """Do several things at once until a moment; what is not done then was not had.

        The Patient is no reason to have no time left for the rest: it is waited for half as long.
        """
        server = self.access.server
        half = Deadline.after(until.seconds_left / 2)
        begun: dict[str, Future[_T]] = {key: server.submit(do) for key, do in work.items()}
        needed = [future for key, future in begun.items() if key != "patient"]
        wait(needed, until.seconds_left + _GRACE_SECONDS)
        if "patient" in begun:
            wait([begun["patient"]], half.seconds_left)
        found: dict[str, _T] = {}
        for key, future in begun.items():
            if future.done():
                found[key] = future.result()
            else:
                future.cancel()
                found[key] = not_had
        return found
