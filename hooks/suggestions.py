"""Suggestions: one per option or missing laboratory test, each with one draft to create."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fhir_mappings.outgoing.draft_orders import (
    LABORATORY_ORDERS,
    draft_laboratory_request,
    draft_medication_request,
)
from hcc_pathway.knowledge_base.schema import Drug
from hcc_pathway.recommendation import MissingInput, TreatmentOption
from hooks.card_ids import CardIds
from hooks.card_text import CardTexts
from hooks.messages import Action, HookRequest, Suggestion

# An option with one of these stays visible and is never proposed as an order (A26, notices).
FLAGS_WITHOUT_ORDER = frozenset({"transplant-rejection-risk", "indication-withdrawn"})


@dataclass(frozen=True, slots=True)
class SuggestionWriter:
    """Writes the suggestions of the cards with one topic."""

    texts: CardTexts
    ids: CardIds
    topic: str

    def drugs(
        self,
        options: Iterable[TreatmentOption],
        request: HookRequest,
        drugs: Mapping[str, Drug],
    ) -> tuple[Suggestion, ...]:
        """Make one suggestion per option, in their order, none recommended over another."""
        return tuple(
            self._drug(option, request, drugs[option.therapy].label)
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

    def _drug(self, option: TreatmentOption, request: HookRequest, label: str) -> Suggestion:
        context = request.context
        sentence = "suggestion.drug-action" if option.dosing else "suggestion.drug-action-no-dose"
        order = draft_medication_request(option, label, context.patient_id, context.encounter_id)
        action = Action(
            type="create",
            description=self.texts.say(sentence, label=label, dosing=option.dosing),
            resource=order,
        )
        return Suggestion(
            label=self.texts.say("suggestion.drug", label=label),
            uuid=self.ids.make(request.hook_instance, self.topic, option.therapy),
            actions=(action,),
        )

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
            uuid=self.ids.make(request.hook_instance, self.topic, wanted),
            actions=(action,),
        )
