"""What every card of a site has in common: where it comes from, how to dismiss it, its id."""

from typing import Any, Literal

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hooks.card_ids import TOPICS, CardIds
from hooks.card_text import CardTexts
from hooks.ehr_profile import STANDARD, EhrProfile
from hooks.messages import Card, Coding, HookRequest, Link, Source, Suggestion

DOCUMENT_EXTENSION = "org.hcc-pathway.recommendation"
LONGEST_SUMMARY = 139
_CODES = "http://hcc-pathway.org/fhir/CodeSystem/"
OVERRIDE_REASON_SYSTEM = f"{_CODES}override-reason"
OVERRIDE_REASONS = (
    "already-decided",
    "patient-preference",
    "contraindicated",
    "data-wrong",
    "advice-wrong",
    "not-relevant",
)


class CardFrame:
    """Frames the cards of one site for one family of EHRs; everything static is made once."""

    def __init__(  # noqa: PLR0913 - what cards have in common
        self,
        texts: CardTexts,
        ids: CardIds,
        knowledge: KnowledgeOnDay,
        public_url: str,
        profile: EhrProfile = STANDARD,
        *,
        opens_page: bool = False,
    ) -> None:
        """Take language, keyed ids, the service's own address, and what the EHR accepts.

        ``opens_page`` says whether the EHR can launch the SMART page: its cards then lead there.
        """
        self.texts = texts
        self.ids = ids
        self.profile = profile
        self._launch_url = f"{public_url}/smart/launch" if opens_page else None
        about = knowledge.about
        label = texts.say("source.label", pathway=about.short_title, version=about.version)
        self._sources = {
            topic: Source(
                label=label,
                url=f"{public_url}/knowledge",
                topic=Coding(
                    code=topic, system=f"{_CODES}card-topic", display=texts.say(f"topic.{topic}")
                ),
            )
            for topic in TOPICS
        }
        self._override_reasons = tuple(
            Coding(
                code=reason,
                system=OVERRIDE_REASON_SYSTEM,
                display=texts.say(f"override.{reason}"),
            )
            for reason in OVERRIDE_REASONS
        )

    def card(  # noqa: PLR0913 - the parts of a card
        self,
        request: HookRequest,
        topic: str,
        summary: str,
        detail: str,
        *,
        indicator: Literal["info", "warning"] = "info",
        suggestions: tuple[Suggestion, ...] = (),
        exclusive: bool = False,
        document: Any = None,  # noqa: ANN401 - encoded as it is
    ) -> Card:
        """Put a card together; of ``exclusive`` suggestions only one can be taken."""
        selection = self.profile.exclusive if exclusive and len(suggestions) > 1 else "any"
        uuid = self.ids.make(request.hook_instance, topic)
        return Card(
            uuid=uuid,
            summary=cut(summary),
            indicator=indicator,
            source=self._sources[topic],
            detail=detail,
            suggestions=suggestions or None,
            selection_behavior=selection if suggestions else None,
            links=None if document is None else self._links(uuid),
            override_reasons=self._override_reasons,
            extension=None if document is None else {DOCUMENT_EXTENSION: document},
        )

    def _links(self, uuid: str) -> tuple[Link, ...] | None:
        """Lead from a card with a document to the page that shows all of it.

        The address is the registered one and the same for every patient: EHRs show no other.
        """
        if self._launch_url is None:
            return None
        label = self.texts.say("link.page")
        context = uuid if self.profile.app_context else None
        return (Link(label=label, url=self._launch_url, type="smart", app_context=context),)


def cut(summary: str) -> str:
    """Keep a summary within the limit of the standard (fewer than 140 characters)."""
    return summary if len(summary) <= LONGEST_SUMMARY else summary[: LONGEST_SUMMARY - 1] + "…"
