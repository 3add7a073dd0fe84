"""What the page needs from the service: a chart, an answer to it, a day, a place for answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo

from fhir_mappings.chart.record import ChartSources
from hcc_pathway.case import PatientCase
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.site_policy import SitePolicy, SiteReading
from smart_app.opened_chart import OpenedChart
from smart_app.write_back.facts import ObservationNames

Recommend = Callable[[ChartSources, str, date], tuple[Recommendation, PatientCase, KnowledgeOnDay]]


@dataclass(frozen=True, slots=True)
class PageDoors:
    """The callables and choices of one site; tests give their own and need no launch.

    ``open_chart`` reads the chart of the request's session, whatever it raises is for the service
    to answer. ``recommend`` is the same function as every other door's. ``keep_answers`` keeps the
    session's answers as JSON. ``report_url`` is where a problem with the advice is reported, if
    the site has such a place; no patient data goes there. ``names`` are those of Observations that
    answers are written as.
    """

    open_chart: Callable[[], OpenedChart]
    recommend: Recommend
    keep_answers: Callable[[bytes], None]
    today: Callable[[], date]
    zone: tzinfo
    reading: SiteReading
    names: ObservationNames
    language: str = "en"
    report_url: str = ""

    @property
    def policy(self) -> SitePolicy:
        """What the site set about the pathway itself."""
        return self.reading.policy
