"""The fetch path as a door: searches in pages, from a FHIR server that has no socket."""

import re
from collections.abc import Mapping

import msgspec
from hypothesis import strategies as st

from fhir_access.access import Access
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import Fault, FetchFailed
from fhir_access.fetched_chart import FetchedChart
from fhir_access.fhir_server import FhirServer
from fhir_mappings.chart.record import KEYS, ChartSources
from hooks.prefetch import LEAN_KEYS, templates
from tests.properties.whole_charts import Chart, Json, kind_of

FHIR_BASE = "https://ehr.example/r4"
TEMPLATES = templates(["http://loinc.org|1834-1"], lean=False)
_TYPE_OF = {key: re.split(r"[/?]", template)[0] for key, template in TEMPLATES.items()}


class PagedServer(FhirServer):
    """Answers from memory; each search in the pages that it was given."""

    def __init__(self, patient: Json, pages: Mapping[str, list[list[Json]]]) -> None:
        super().__init__(FHIR_BASE)
        self._patient = patient
        self._pages = {_TYPE_OF[key]: entries for key, entries in pages.items()}

    def read(
        self, rest: str, *, token: str | None, deadline: Deadline, budget: ByteBudget
    ) -> bytes:
        assert token == "t"  # noqa: S105 (invented)
        assert deadline.seconds_left
        kind, _, query = rest[1:].partition("?")
        if kind.startswith("Patient/"):
            found: Json = self._patient
        elif kind in self._pages:
            found = self._page(kind, int(query.removeprefix("page=")) if "page=" in query else 0)
        else:
            raise FetchFailed(Fault.NOT_THERE)
        body = msgspec.json.encode(found)
        budget.take(len(body))
        return body

    def _page(self, kind: str, number: int) -> Json:
        pages = self._pages[kind]
        bundle: Json = {"resourceType": "Bundle", "type": "searchset", "entry": pages[number]}
        if number + 1 < len(pages):
            url = f"{FHIR_BASE}/{kind}?page={number + 1}"
            bundle["link"] = [{"relation": "next", "url": url}]
        return bundle

    def capabilities(self, deadline: Deadline) -> None:
        assert deadline.seconds_left


def through_fetching(
    chart: Chart, data: st.DataObject, by_key: Mapping[str, list[Json]]
) -> ChartSources:
    """Cut each search into pages anywhere, in any order, and read them as a call does."""
    (patient,) = [e["resource"] for e in chart.entries if kind_of(e) == "Patient"]
    pages = {}
    for key in TEMPLATES:
        entries = by_key.get(key, [])
        size = data.draw(st.integers(max(1, len(entries) // 8), max(1, len(entries))))
        cut = [entries[start : start + size] for start in range(0, len(entries), size)] or [[]]
        pages[key] = data.draw(st.permutations(cut))
    server = PagedServer(patient, pages)
    access = Access(
        server,
        token="t",  # noqa: S106 (invented)
        deadline=Deadline.after(60),
        most_bytes=100_000_000,
    )
    fetched = FetchedChart(
        {}, patient_id=chart.patient, templates=TEMPLATES, access=access, fhir_base=FHIR_BASE
    )
    fetched.sources(LEAN_KEYS)
    return fetched.sources(KEYS)
