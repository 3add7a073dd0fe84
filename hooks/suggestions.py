"""Suggestions: one per option or missing laboratory test, each with one draft to create."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fhir_mappings.outgoing.draft_orders import (
    LABORATORY_ORDERS,
    draft_laboratory_request,
    draft_medication_request,
)
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import MissingInput, TreatmentOption
from hooks.card_frame import CardFrame
from hooks.card_text import CardTexts
from hooks.messages import Action, HookRequest, Suggestion

# An option with one of these stays visible and is never proposed as an order (A26, notices).
FLAGS_WITHOUT_ORDER = frozenset({"transplant-rejection-risk", "indication-withdrawn"})


# A draft that is proposed in spite of one of these states it, so that whoever signs reads it.
_STATED_IN_THE_DRAFT = frozenset({"strong-cyp3a4-inhibitor", "strong-cyp3a4-inducer"})


@dataclass(frozen=True, slots=True)
class SuggestionWriter:
    """Writes the suggestions of the cards with one topic."""

    frame: CardFrame
    topic: str

    @property
    def texts(self) -> CardTexts:
        """The sentences of the site's language."""
        return self.frame.texts

    def drugs(
        self,
        options: Iterable[TreatmentOption],
        request: HookRequest,
        knowledge: KnowledgeOnDay,
    ) -> tuple[Suggestion, ...]:
        """Make one suggestion per option, in their order, none recommended over another."""
        return tuple(
            self.drug(option, request, knowledge)
            for option in options
            if FLAGS_WITHOUT_ORDER.isdisjoint(option.flags)
        )

    def laboratory(
        self, missing: Iterable[MissingInput], request: HookRequest
    ) -> tuple[Suggestion, ...]:
        """Make one suggestion per missing input that a laboratory test answers."""
        return tuple(
            self._test(wanted.input, request)
            for wanted in missing
            if wanted.input in LABORATORY_ORDERS
        )

    def drug(
        self, option: TreatmentOption, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> Suggestion:
        """Suggest the draft of one option."""
        label = knowledge.drugs[option.therapy].label
        return Suggestion(
            label=self.texts.say("suggestion.drug", label=label),
            uuid=self._id(request, option.therapy),
            actions=(self.creation(option, request, knowledge),),
        )

    def creation(
        self, option: TreatmentOption, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> Action:
        """Make the action that creates the draft of an option."""
        label = knowledge.drugs[option.therapy].label
        sentence = "suggestion.drug-action" if option.dosing else "suggestion.drug-action-no-dose"
        return Action(
            type="create",
            description=self.texts.say(sentence, label=label, dosing=option.dosing),
            resource=self.draft(option, request, knowledge),
        )

    def draft(
        self, option: TreatmentOption, request: HookRequest, knowledge: KnowledgeOnDay
    ) -> dict[str, Any]:
        """Draft the order of an option in the words and codes of the calling EHR."""
        drug, context = knowledge.drugs[option.therapy], request.context
        when = {caution.id: caution.when for caution in drug.cautions}
        return draft_medication_request(
            option,
            drug.label,
            context.patient_id,
            context.encounter_id,
            notes=tuple(
                caution.text
                for caution in option.cautions
                if when.get(caution.id) in _STATED_IN_THE_DRAFT
            ),
            system_names=knowledge.systems_as_oid if self.frame.profile.systems_as_oid else {},
        )

    def _id(self, request: HookRequest, what: str) -> str:
        return self.frame.ids.make(request.hook_instance, self.topic, what)

    def _test(self, wanted: str, request: HookRequest) -> Suggestion:
        context = request.context
        label = self.texts.name("laboratory", wanted)
        action = Action(
            type="create",
            description=self.texts.say("suggestion.laboratory-action", label=label),
            resource=draft_laboratory_request(wanted, context.patient_id, context.encounter_id),
        )
        return Suggestion(
            label=self.texts.say("suggestion.laboratory", label=label),
            uuid=self._id(request, wanted),
            actions=(action,),
        )
