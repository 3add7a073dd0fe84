"""From a recommendation to cards: what to show, what to ask, what to warn of."""

from typing import Literal, NamedTuple

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hooks.card_dangers import dangers
from hooks.card_detail import footer, lead, visible_part
from hooks.card_frame import CardFrame
from hooks.card_gaps import asked
from hooks.card_ids import TOPICS
from hooks.card_tables import folded_parts
from hooks.card_text import markdown_escape
from hooks.card_titles import title
from hooks.messages import Card, HookRequest
from hooks.suggestions import SuggestionWriter
from hooks.therapy_names import therapy_label, therapy_labels

_OPTIONS, _MISSING, _WARNING, _NEAR = TOPICS[:4]
_INPUTS_IN_SUMMARY = 3


class Near(NamedTuple):
    """How a patient is near the pathway, as the id of a sentence, and the drugs it speaks of."""

    how: Literal["sorafenib-running", "later-drug", "never-sorafenib"]
    drugs: tuple[str, ...]


class CardWriter:
    """Writes the cards of one opened chart."""

    def __init__(self, frame: CardFrame) -> None:
        """Take what all cards of the site have in common."""
        self._frame = frame
        self._texts = frame.texts
        self._drug_suggestions = SuggestionWriter(frame, _OPTIONS)
        self._test_suggestions = SuggestionWriter(frame, _MISSING)

    def answer_cards(
        self, recommendation: Recommendation, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> tuple[Card, ...]:
        """Write the main card, and where needed the warning and the missing-data card."""
        cards = [self._main_card(recommendation, request, knowledge)]
        warning = self._warning_card(recommendation, request, knowledge)
        if warning is not None:
            cards.append(warning)
        missing = self._missing_card(recommendation, request, knowledge)
        if missing is not None:
            cards.append(missing)
        return tuple(cards)

    def near_card(
        self,
        recommendation: Recommendation,
        request: HookRequest,
        knowledge: KnowledgeOnDay,
        near: Near,
    ) -> Card:
        """Write a quiet card for a patient near the pathway: no option, no suggestion."""
        texts = self._texts
        drugs = therapy_labels(near.drugs, knowledge)
        opening = texts.say(f"lead.{near.how}", drugs=drugs)
        paragraphs = visible_part(recommendation, knowledge, texts, opening)
        return self._frame.card(
            request,
            _NEAR,
            texts.say(f"summary.{near.how}", drugs=drugs),
            self._detail(paragraphs, recommendation, knowledge),
            document=recommendation,
        )

    def _main_card(
        self, recommendation: Recommendation, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> Card:
        opening = lead(recommendation, self._texts)
        visible = visible_part(recommendation, knowledge, self._texts, opening)
        return self._frame.card(
            request,
            _OPTIONS,
            title(recommendation, knowledge, self._texts),
            self._detail(visible, recommendation, knowledge),
            suggestions=self._drug_suggestions.drugs(recommendation.options, request, knowledge),
            document=recommendation,
        )

    def _detail(
        self, paragraphs: list[str], recommendation: Recommendation, knowledge: KnowledgeOnDay
    ) -> str:
        return "\n\n".join(
            (
                *paragraphs,
                footer(recommendation, self._texts),
                *folded_parts(recommendation, knowledge, self._texts),
            )
        )

    def _missing_card(
        self, recommendation: Recommendation, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> Card | None:
        missing = recommendation.missing
        suggestions = self._test_suggestions.laboratory(missing, request)
        if not suggestions:  # what is asked stands on the main card
            return None
        texts = self._texts
        lines = [texts.say("section-missing.intro", as_of=recommendation.as_of), ""]
        for wanted in asked(recommendation):
            key = "phrase.missing-decides" if wanted.would_decide else "phrase.missing"
            said = texts.say(
                key,
                input=texts.name("input", wanted.input),
                ask=markdown_escape(wanted.ask),
                therapies=therapy_labels(wanted.would_decide, knowledge),
            )
            lines.append(f"- {said}")
        if suggestions:
            lines += ["", texts.say("section-missing.orders")]
        return self._frame.card(
            request,
            _MISSING,
            self._missing_summary([one.input for one in asked(recommendation)]),
            "\n".join(lines),
            suggestions=suggestions,
        )

    def _missing_summary(self, inputs: list[str]) -> str:
        texts = self._texts
        shown = ", ".join(texts.name("input", name) for name in inputs[:_INPUTS_IN_SUMMARY])
        more = len(inputs) - _INPUTS_IN_SUMMARY
        if more > 0:
            return texts.say("summary.missing-many", inputs=shown, count=more)
        return texts.say("summary.missing", inputs=shown)

    def _warning_card(
        self, recommendation: Recommendation, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> Card | None:
        texts = self._texts
        lines = [f"- {markdown_escape(c.text, 600)}" for c in recommendation.conflicts]
        subjects = [texts.say("warning.conflict")] if lines else []
        for option in recommendation.options:
            for danger in dangers(option, recommendation, knowledge):
                key = "phrase.danger-recorded" if danger.recorded else "phrase.danger"
                said = texts.say(
                    key,
                    label=therapy_label(option.therapy, knowledge),
                    text=markdown_escape(danger.text, 600),
                    recorded=danger.recorded,
                )
                lines.append(f"- {said}")
                subjects.append(texts.say(f"warning.{danger.circumstance}"))
        if not lines:
            return None
        named = ", ".join(dict.fromkeys(subjects))
        return self._frame.card(
            request,
            _WARNING,
            texts.say("summary.warning", subjects=named),
            "\n".join(lines),
            indicator="warning",
        )
