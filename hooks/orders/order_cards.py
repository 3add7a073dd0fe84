"""The one card that an order gets: what speaks against it, and what the pathway offers."""

from collections.abc import Iterator, Sequence

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.order_check.draft_orders import DraftOrder
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.recommendation import PatientClass, Recommendation
from hooks.card_detail import footer
from hooks.card_frame import CardFrame
from hooks.card_status import status_line
from hooks.card_tables import folded_parts
from hooks.card_text import knowledge_markdown, markdown_escape
from hooks.messages import Card, HookRequest
from hooks.orders.better_drafts import BetterDrafts
from hooks.situation import others_records
from hooks.therapy_names import joined, therapy_label, therapy_labels

_LONGEST_SENTENCE = 1200
_MOST_ALSO = 3
TOPIC_OF = {
    FindingKind.CHILD_PUGH_C: "HccOrderPatientState",
    FindingKind.ECOG_POOR: "HccOrderPatientState",
    FindingKind.TRANSPLANT: "HccOrderTransplant",
    FindingKind.WITHDRAWN: "HccOrderWithdrawn",
    FindingKind.TOGETHER: "HccOrderTogether",
    FindingKind.BESIDE_RUNNING: "HccOrderTogether",
    FindingKind.ALREADY_GIVEN: "HccOrderGivenBefore",
    FindingKind.GIVEN_BEFORE: "HccOrderGivenBefore",
    FindingKind.INTERACTION: "HccOrderInteraction",
    FindingKind.OTHER_PRODUCT: "HccOrderProduct",
    FindingKind.DOSE_ABOVE_START: "HccOrderProduct",
    FindingKind.NOT_READ: "HccOrderProduct",
}
"""The topic of each kind of finding; an EHR that remembers what was dismissed goes by it."""
_OTHER_TOPIC = "HccOrderNotOffered"


class OrderCardWriter:
    """Writes the card of one site's order hooks."""

    def __init__(self, frame: CardFrame) -> None:
        """Take what all cards of the site have in common."""
        self._frame = frame
        self._texts = frame.texts

    def card(
        self,
        findings: Sequence[OrderFinding],
        orders: Sequence[DraftOrder],
        recommendation: Recommendation,
        request: HookRequest,
        knowledge: KnowledgeOnDay,
    ) -> Card:
        """Write the card for the first finding; the others are named in its detail.

        Args:
            findings: what speaks against the orders, the weightiest first; at least one.
            orders: every draft by which a drug would be given.
            recommendation: the document of the same chart.
            request: the call.
            knowledge: that of the day.

        """
        first = findings[0]
        topic = TOPIC_OF.get(first.kind, _OTHER_TOPIC)
        better = BetterDrafts(self._frame, topic, request, recommendation, knowledge)
        suggestions, exclusive = better.suggestions(findings, orders)
        paragraphs = self._paragraphs(findings, recommendation, knowledge)
        if suggestions:
            paragraphs.append(self._texts.say("order.drafts-left"))
        return self._frame.card(
            request,
            topic,
            self._say("order-summary", first, knowledge),
            "\n\n".join(
                (
                    *paragraphs,
                    footer(recommendation, self._texts),
                    *folded_parts(recommendation, knowledge, self._texts),
                )
            ),
            indicator=first.grade,
            suggestions=suggestions,
            exclusive=exclusive,
            document=recommendation,
        )

    def _paragraphs(
        self,
        findings: Sequence[OrderFinding],
        recommendation: Recommendation,
        knowledge: KnowledgeOnDay,
    ) -> list[str]:
        first = findings[0]
        others = others_records(recommendation)
        return [
            *(self._texts.say("phrase.other-patients", records=said) for said in others),
            self._lead(first, knowledge),
            status_line(recommendation, knowledge, self._texts),
            *self._beside(first, recommendation),
            *self._offered(recommendation, knowledge),
            *self._also(findings, knowledge),
        ]

    def _say(self, group: str, finding: OrderFinding, knowledge: KnowledgeOnDay) -> str:
        dose = finding.daily_mg
        return self._texts.say(
            f"{group}.{finding.kind}",
            label=therapy_label(finding.therapy, knowledge),
            others=joined(finding.others, knowledge, self._texts) if finding.others else "",
            dose="" if dose is None else f"{dose.normalize():f}",
        )

    def _lead(self, finding: OrderFinding, knowledge: KnowledgeOnDay) -> str:
        """Say what speaks against the order, with values, days and records."""
        said = [self._say("order-lead", finding, knowledge)]
        if finding.because:
            because = markdown_escape(finding.because, _LONGEST_SENTENCE).rstrip(".")
            said.append(self._texts.say("order.because", because=because))
        if finding.daily_mg != finding.order.daily_mg and finding.daily_mg is not None:
            said.append(self._texts.say("order.added-up"))
        if finding.recorded:
            recorded = ", ".join(markdown_escape(one) for one in dict.fromkeys(finding.recorded))
            said.append(self._texts.say("order.recorded", recorded=recorded))
        return " ".join(said)

    def _beside(self, finding: OrderFinding, recommendation: Recommendation) -> Iterator[str]:
        """Say what the document says of the drug beside the pathway, where it does."""
        if finding.kind is FindingKind.NOT_OFFERED:
            for one in recommendation.also_consider:
                if one.therapy == finding.therapy:
                    yield self._texts.say("order.beside", text=knowledge_markdown(one.text))

    def _offered(self, recommendation: Recommendation, knowledge: KnowledgeOnDay) -> Iterator[str]:
        if recommendation.patient_class is PatientClass.NOT_APPLICABLE:
            return
        options = [one.therapy for one in recommendation.options]
        kind = ("no-option", "one-option", "options")[min(len(options), 2)]
        yield self._texts.say(f"order.{kind}", options=therapy_labels(options, knowledge))

    def _also(self, findings: Sequence[OrderFinding], knowledge: KnowledgeOnDay) -> Iterator[str]:
        summaries = dict.fromkeys(self._say("order-summary", one, knowledge) for one in findings)
        others = list(summaries)[1 : 1 + _MOST_ALSO]
        if others:
            yield self._texts.say("order.also", said="; ".join(others) + ".")
