"""What discovery says of one service, and the site that it answers for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from hcc_pathway.knowledge_base.knowledge import Knowledge
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.site_policy import SitePolicy
from hooks.cards import CardWriter
from hooks.messages import CardsResponse, HookRequest


@dataclass(frozen=True, slots=True)
class Site:
    """What one site decided, and the knowledge that it uses: the same for every request."""

    knowledge: Knowledge
    cards: CardWriter
    zone: tzinfo
    policy: SitePolicy
    local_codes: Mapping[str, str]
    iu_to_ng: Decimal | None


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """The cards, and the document behind them where the chart was read at all."""

    response: CardsResponse
    recommendation: Recommendation | None = None


@dataclass(frozen=True, slots=True)
class HookService:
    """One entry of discovery and the function that answers it."""

    id: str
    hook: str
    title: str
    description: str
    usage_requirements: str
    answer: Callable[[HookRequest, Site, date], HookAnswer]
