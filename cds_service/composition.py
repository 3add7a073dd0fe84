"""What the whole process shares: knowledge, site, cards, discovery; made once at start."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from cds_service.chart_reading.chart_of_call import ChartReading
from cds_service.client_tokens.clients import Clients
from cds_service.client_tokens.from_site import clients_of_site
from cds_service.client_tokens.key_address import fetch_key_set
from cds_service.demo_ehr.site_block import with_demo_ehr
from cds_service.records import Records, open_records
from cds_service.settings import Settings
from cds_service.site_file import Ehr, SiteFileError
from cds_service.start_refusals.against_knowledge import (
    refuse_long_searches,
    refuse_what_is_unknown,
)
from cds_service.start_refusals.production import refuse_unready_production
from cds_service.storage.engines import Storage, open_storage
from cds_service.storage.replay_memory import ReplayMemory
from fhir_mappings.outgoing.draft_orders import LABORATORY_ORDERS
from hcc_pathway.errors import UnknownLanguage
from hcc_pathway.knowledge_base.knowledge import Knowledge, KnowledgeOnDay, load_knowledge
from hcc_pathway.site_policy import SitePolicy
from hooks.card_frame import CardFrame
from hooks.card_ids import CardIds
from hooks.card_text import load_card_texts
from hooks.cards import CardWriter
from hooks.ehr_profile import PROFILES, STANDARD
from hooks.orders.order_cards import OrderCardWriter
from hooks.prefetch import OBSERVATION_VALUE_SETS, search_token, templates
from hooks.service import Site

LAST_DAY = date(9999, 12, 31)
_LONGEST_SYSTEM_NAMED = 32


@dataclass(frozen=True, slots=True)
class Composition:
    """The parts that requests use; nothing in it changes after start."""

    settings: Settings
    knowledge: Knowledge
    sites: Mapping[tuple[str, bool], Site]  # by EHR profile, and whether it opens the SMART page
    prefetch: dict[str, str]
    chart_reading: ChartReading
    today: Callable[[], date]
    records: Records
    clients: Clients | None  # None in the demonstration, where nobody proves anything

    @property
    def site(self) -> Site:
        """The site as every client but those of a named profile sees it."""
        return self.sites[STANDARD.name, False]

    def site_for(self, ehr: Ehr | None) -> Site:
        """Give the site as a calling EHR sees it: cards of its profile, links it can follow."""
        return self.site if ehr is None else self.sites[ehr.profile, ehr.smart is not None]

    @property
    def storage(self) -> Storage:
        """Where feedback and the memory of used tokens are kept."""
        return self.records.storage


def compose(settings: Settings) -> Composition:
    """Load the knowledge and join it with the site's decisions.

    Raises:
        HccCdsError: a knowledge, text or site file cannot be used, or not in production.

    """
    if settings.is_demo:
        settings = with_demo_ehr(settings)
    else:
        refuse_unready_production(settings)
    chosen = settings.site
    knowledge = _knowledge(settings)
    latest = knowledge.as_of(LAST_DAY)
    refuse_what_is_unknown(chosen, settings.site_path, latest)
    card_ids = CardIds(settings.secret_key, latest.pathway.version)
    names = suggestion_names(latest)
    storage = open_storage(settings.database_url)
    clients = _clients(settings, storage)
    refresh = () if clients is None else (clients.refresh,)
    records = open_records(storage, card_ids, names, silent=chosen.silent, refresh=refresh)
    codes = tuple(_observation_codes(settings, knowledge))
    refuse_long_searches(chosen, settings.site_path, codes)
    return Composition(
        settings=settings,
        knowledge=knowledge,
        sites=_sites(settings, knowledge, card_ids),
        prefetch=dict(templates(codes, lean=chosen.prefetch == "lean")),
        chart_reading=_chart_reading(settings, codes),
        today=_clock(settings),
        records=records,
        clients=clients,
    )


def _knowledge(settings: Settings) -> Knowledge:
    try:
        return load_knowledge(settings.site.language)
    except UnknownLanguage as error:
        raise SiteFileError(settings.site_path or Path(), "language", str(error)) from None


def _sites(settings: Settings, knowledge: Knowledge, ids: CardIds) -> dict[tuple[str, bool], Site]:
    texts, latest = load_card_texts(settings.site.language), knowledge.as_of(LAST_DAY)
    return {
        (name, opens_page): _site(
            settings,
            knowledge,
            CardFrame(texts, ids, latest, settings.public_url, profile, opens_page=opens_page),
        )
        for name, profile in PROFILES.items()
        for opens_page in (False, True)
    }


def _site(settings: Settings, knowledge: Knowledge, frame: CardFrame) -> Site:
    chosen = settings.site
    return Site(
        knowledge=knowledge,
        cards=CardWriter(frame),
        order_cards=OrderCardWriter(frame),
        zone=chosen.zone,
        policy=SitePolicy(afp_inclusive=chosen.afp.inclusive, jurisdiction=chosen.jurisdiction),
        local_codes=chosen.codes,
        iu_to_ng=None if chosen.afp.iu_to_ng is None else Decimal(str(chosen.afp.iu_to_ng)),
    )


def _chart_reading(settings: Settings, codes: Sequence[str]) -> ChartReading:
    return ChartReading(
        settings.site.ehr,
        templates(codes, lean=False),
        deadline_ms=settings.deadline_ms,
        most_bytes=settings.max_body_bytes,
    )


def _clients(settings: Settings, storage: Storage) -> Clients | None:
    if settings.is_demo:
        return None
    return clients_of_site(settings, ReplayMemory(storage.replay), fetch_key_set)


def suggestion_names(knowledge: KnowledgeOnDay) -> frozenset[str]:
    """Everything that a suggestion of a card may be about: to order a drug, or not to; a test."""
    removals = (f"without {drug}" for drug in knowledge.drugs)
    return frozenset((*knowledge.drugs, *removals, *LABORATORY_ORDERS))


def _observation_codes(settings: Settings, knowledge: Knowledge) -> Iterator[str]:
    value_sets = knowledge.as_of(LAST_DAY).value_sets
    for value_set in OBSERVATION_VALUE_SETS:
        for code in value_sets[value_set].codes:
            # the long URI of NCIt alone would double the template; its codes are unmistakable
            named = len(code.system) <= _LONGEST_SYSTEM_NAMED
            yield f"{code.system}|{code.code}" if named else code.code
    for local, value_set in settings.site.codes.items():
        if value_set in OBSERVATION_VALUE_SETS:
            system, _, local_code = local.rpartition("|")
            yield search_token(system, local_code)


def _clock(settings: Settings) -> Callable[[], date]:
    """Tell the day of the site's time zone, or the day that the settings fix."""
    fixed = settings.today
    if fixed is not None:
        return lambda: fixed
    zone = settings.site.zone
    return lambda: datetime.now(zone).date()
