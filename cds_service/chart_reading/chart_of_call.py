"""The chart source of one call: the calling EHR's own FHIR server is read, and no other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from cds_service import metrics, request_log
from cds_service.ehr_network import network_of
from cds_service.site_file import Ehr
from fhir_access.access import Access, OutgoingCall
from fhir_access.deadline import Deadline
from fhir_access.fetched_chart import FetchedChart
from fhir_access.fhir_server import FhirServer
from hooks.messages import HookRequest
from hooks.service import ChartSource, PrefetchedChart

# what is kept of the deadline for the pathway, the cards and a busy machine
_SHARE_KEPT: Final = 0.2
_SECONDS_KEPT: Final = 0.25


class ChartReading:
    """The FHIR servers of the site file, and how long and how much may be read of them."""

    def __init__(
        self,
        ehrs: Sequence[Ehr],
        templates: Mapping[str, str],
        *,
        deadline_ms: int,
        most_bytes: int,
    ) -> None:
        """``templates``: all prefetch templates, whatever discovery offers.

        Raises:
            AddressRefused: a ``fhir_base`` is not a plain address.

        """
        self._servers = {ehr.name: FhirServer(ehr.fhir_base, network_of(ehr)) for ehr in ehrs}
        self.templates = templates
        seconds = deadline_ms / 1000
        kept = max(seconds * _SHARE_KEPT, _SECONDS_KEPT)
        self._seconds = max(seconds - kept, seconds / 2)
        self._most_bytes = most_bytes

    def deadline(self, seconds_so_far: float = 0.0) -> Deadline:
        """Give the moment at which reading has to end for a call taken up so long ago."""
        return Deadline.after(self._seconds - seconds_so_far)

    def server_of(self, ehr: Ehr) -> FhirServer:
        """Give the FHIR server of a block; every reader shares its connections and its breaker."""
        return self._servers[ehr.name]

    @staticmethod
    def note_calls(made: Sequence[OutgoingCall]) -> None:
        """Count and log what was asked of a FHIR server for one request."""
        _note(made)

    @contextmanager
    def chart(
        self, request: HookRequest, ehr: Ehr | None, deadline: Deadline
    ) -> Iterator[ChartSource]:
        """Give the chart of a call; when it is done with, what was asked for it is logged.

        Args:
            request: the call.
            ehr: who calls; None: nobody whom the site file names.
            deadline: when reading has to end.

        """
        if ehr is None or request.fhir_server != ehr.fhir_base:
            if request.fhir_server is not None:
                request_log.note(fhirServer="refused")
            yield PrefetchedChart(request)
            return
        authorization = request.fhir_authorization
        access = Access(
            self.server_of(ehr),
            token=authorization.access_token if authorization else None,
            deadline=deadline,
            most_bytes=self._most_bytes,
        )
        try:
            yield FetchedChart(
                request.prefetch or {},
                patient_id=request.context.patient_id,
                templates=self.templates,
                access=access,
                fhir_base=request.fhir_server,
            )
        finally:
            self.note_calls(access.calls)


def _note(made: Sequence[OutgoingCall]) -> None:
    calls = tuple(made)
    if not calls:
        return
    for one in calls:
        metrics.count_fhir_call(one.resource_type, one.outcome, one.milliseconds / 1000)
    longest_ms = max(one.milliseconds for one in calls)
    request_log.note(fhirCalls=len(calls), fhirLongestMs=round(longest_ms), **_faults(calls))


def _faults(calls: Sequence[OutgoingCall]) -> dict[str, str]:
    faults = sorted({f"{one.resource_type} {one.outcome}" for one in calls if one.outcome != "ok"})
    return {"fhirFaults": ", ".join(faults)} if faults else {}
