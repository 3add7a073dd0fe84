"""What discovery says of one service, the site that it answers for, and where charts come from."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Protocol

from fhir_mappings.chart.bundles_received import Received
from fhir_mappings.chart.record import ChartSources
from hcc_pathway.case import PatientCase
from hcc_pathway.knowledge_base.knowledge import Knowledge
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.site_policy import SitePolicy, SiteReading
from hooks.card_text import CardTexts
from hooks.cards import CardWriter
from hooks.messages import CardsResponse, HookRequest
from hooks.orders.order_cards import OrderCardWriter


@dataclass(frozen=True, slots=True)
class Site:
    """What one site decided, and the knowledge that it uses: the same for every request."""

    knowledge: Knowledge
    cards: CardWriter
    order_cards: OrderCardWriter
    zone: tzinfo
    policy: SitePolicy
    local_codes: Mapping[str, str]
    iu_to_ng: Decimal | None

    @property
    def reading(self) -> SiteReading:
        """What of this may change an answer to the same chart on the same day."""
        return SiteReading(
            policy=self.policy, iu_to_ng=self.iu_to_ng, local_codes=self.local_codes
        )


class ChartSource(Protocol):
    """The chart of the one patient whom one call is about.

    Made for one call and dropped with it, so that nothing of a patient or a token outlives it.
    """

    def sources(self, keys: Collection[str]) -> ChartSources:
        """Give what can be had under these prefetch keys: sent, or read from the FHIR server.

        A hook asks for patient and conditions first, and for the rest only where they name a
        liver cancer. What could not be had is a failure under its key, never an empty answer.
        """
        ...

    def medications(self, references: Collection[str]) -> tuple[Received, ...]:
        """Give the Medications that draft orders refer to, as far as they can be had."""
        ...


class PrefetchedChart:
    """A chart of which there is what the client sent, and nothing else."""

    def __init__(self, request: HookRequest) -> None:
        """Take the prefetch of one call."""
        self._sources = ChartSources(by_key=request.prefetch or {}, fhir_base=request.fhir_server)

    def sources(self, keys: Collection[str]) -> ChartSources:  # noqa: ARG002 (all is there)
        """Give the prefetch."""
        return self._sources

    def medications(self, references: Collection[str]) -> tuple[Received, ...]:  # noqa: ARG002
        """Give none: there is nobody to ask."""
        return ()


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """The cards, and the document and case behind them where the chart was read at all."""

    response: CardsResponse
    recommendation: Recommendation | None = None
    case: PatientCase | None = None


@dataclass(frozen=True, slots=True)
class HookService:
    """One entry of discovery and the function that answers it."""

    id: str
    hook: str
    texts: str  # the group of sentences that say what it is: "service"
    topics: frozenset[str]  # of the cards that it may send
    answer: Callable[[HookRequest, ChartSource, Site, date], HookAnswer]

    def title(self, texts: CardTexts) -> str:
        """Name the service."""
        return texts.say(f"{self.texts}.title")

    def description(self, texts: CardTexts) -> str:
        """Say what the service does."""
        return texts.say(f"{self.texts}.description")

    def usage_requirements(self, texts: CardTexts) -> str:
        """Say what a client has to send."""
        return texts.say(f"{self.texts}.usage-requirements")
