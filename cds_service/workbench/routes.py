"""GET / and the forms of the workbench."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request

from cds_service.card_view import card_html, sample_card_html
from cds_service.composition import LAST_DAY, Composition
from cds_service.demo_ehr.site_block import fhir_base, require_demonstration
from cds_service.discovery import discovered_services
from cds_service.feedback.routes import FeedbackDoor
from cds_service.sample_pages import SampleCards
from cds_service.services import HookCalls
from cds_service.workbench.answering import feedback_of_form, shown_report
from cds_service.workbench.calling import Caller, DraftedDrug, Exchange
from cds_service.workbench.chart_edits import CHOICES, edited
from cds_service.workbench.own_chart import read_own_chart
from cds_service.workbench.sample_list import patient_groups
from cds_service.workbench.visitors import EVENTS, PATIENT_VIEW, SERVICE_OF, Asked, read_asked
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

HTML: Final = "text/html; charset=utf-8"
_RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
_NOT_KEPT: Final = {"Cache-Control": "no-store"}


class Workbench:
    """Makes the pages of the workbench."""

    def __init__(
        self, composition: Composition, samples: SampleCards, calls: HookCalls, door: FeedbackDoor
    ) -> None:
        """Take the parts of the process.

        Raises:
            SettingError: the mode is not demo.

        """
        require_demonstration(composition.settings)
        base = fhir_base(composition.settings)
        self._composition = composition
        self._samples = samples
        self._door = door
        templates = composition.chart_reading.templates
        self._caller = Caller(calls, templates, base)
        found = discovered_services(templates, composition.settings.site.language)
        self._discovered = {service.id: service for service in found}
        self.groups = patient_groups(samples.charts)
        self._patients = {one.sample: one for group in self.groups for one in group.patients}
        latest = composition.knowledge.as_of(LAST_DAY)
        self._drugs = {drug.label: drug for drug in _drugs(latest)}

    def page(self) -> str:
        """Show the state that the address names."""
        asked = read_asked(request.args, tuple(self._patients), tuple(self._drugs))
        on = self._composition.today()
        site = self._composition.site
        book = CodeBook.of(self._composition.knowledge.as_of(on), site.local_codes)
        chart = edited(self._samples.chart_text(asked.sample), asked.edits, book, on)
        drug = None if asked.hook == PATIENT_VIEW else self._drugs[asked.drug]
        exchange = self._caller.call(asked.service, chart, drug, held=True)
        return self._rendered(asked, exchange, patient=self._patients[asked.sample])

    def own_page(self, sent: bytes) -> str:
        """Show what is said to a chart that a visitor sent."""
        own = read_own_chart(sent)
        asked = read_asked({}, tuple(self._patients), tuple(self._drugs))
        exchange = None
        if not own.unusable:
            exchange = self._caller.call(SERVICE_OF[PATIENT_VIEW], own.text, held=False)
        return self._rendered(asked, exchange, own=own)

    def report(self) -> str:
        """Show the report by itself, for a page that is there already."""
        return render_template(
            "workbench_report.html", report=shown_report(self._composition.storage)
        )

    def take_answer(self) -> str:
        """Keep what was answered in a plain form, and give the address to go on to."""
        form = request.form.to_dict()
        self._door.take(form.get("service", ""), feedback_of_form(form))
        asked = read_asked(form, tuple(self._patients), tuple(self._drugs))
        outcome = "accepted" if form.get("suggestion") else "overridden"
        return asked.address(answered=outcome) + "#report"

    def _rendered(self, asked: Asked, exchange: Exchange | None, **more: Any) -> str:  # noqa: ANN401 - what the template shows
        return render_template(
            "workbench.html",
            asked=asked,
            exchange=exchange,
            discovered=self._discovered,
            groups=self.groups,
            drugs=self._drugs,
            events=EVENTS,
            choices=CHOICES,
            recorded=_recorded(exchange),
            about=self._composition.knowledge.about,
            report=shown_report(self._composition.storage),
            answered=request.args.get("answered"),
            **more,
        )


def workbench_pages(workbench: Workbench, most_bytes: int) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("workbench", __name__)
    routes.add_app_template_global(card_html)
    routes.add_app_template_global(sample_card_html)

    @routes.get("/")
    def page() -> Response:
        return Response(workbench.page(), content_type=HTML, headers=_NOT_KEPT)

    @routes.get("/workbench/report")
    def report() -> Response:
        return Response(workbench.report(), content_type=HTML, headers=_NOT_KEPT)

    @routes.post("/workbench/feedback")
    def answer() -> Any:  # noqa: ANN401 - werkzeug's redirect
        return redirect(workbench.take_answer(), 303)

    @routes.post("/workbench/own")
    def own() -> Response:
        request.max_form_memory_size = most_bytes
        file = request.files.get("file")
        sent = file.read() if file is not None else b""
        sent = sent or request.form.get("bundle", "").encode()
        return Response(workbench.own_page(sent), content_type=HTML)

    return routes


def _drugs(knowledge: KnowledgeOnDay) -> list[DraftedDrug]:
    """Give what may be ordered: the drugs of the knowledge, and a product that is another."""
    found = []
    for drug in sorted(knowledge.drugs.values(), key=lambda one: one.label):
        codes = knowledge.value_sets[drug.value_set].codes
        rxnorm = next((code.code for code in codes if code.system == _RXNORM), "")
        found.append(DraftedDrug(drug.label, rxnorm))
    return [*found, DraftedDrug("Cabozantinib 60 MG capsule")]


def _recorded(exchange: Exchange | None) -> dict[str, str]:
    """Give what the chart says to each question that can be changed, as the answer read it."""
    document = None if exchange is None else exchange.document
    return {
        one["input"]: str(one["asReceived"] or one["value"])
        for one in (document or {}).get("inputs", ())
    }
