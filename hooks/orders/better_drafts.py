"""Suggestions that put a better draft in the place of the one that a card speaks against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.order_check.draft_orders import DraftOrder
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.recommendation import Recommendation, TreatmentOption
from hooks.card_dangers import dangers
from hooks.card_frame import CardFrame
from hooks.ehr_profile import Replacing
from hooks.messages import Action, HookRequest, Suggestion
from hooks.suggestions import FLAGS_WITHOUT_ORDER, SuggestionWriter

# another option would be the better draft
_BY_ANOTHER = frozenset(
    {
        FindingKind.TRANSPLANT,
        FindingKind.WITHDRAWN,
        FindingKind.ALREADY_GIVEN,
        FindingKind.AFP_BELOW,
        FindingKind.TOLERANCE_NOT_SHOWN,
        FindingKind.INTERACTION,
        FindingKind.AFP_UNKNOWN,
        FindingKind.TOLERANCE_UNKNOWN,
        FindingKind.NOT_OFFERED,
        FindingKind.NOT_NAMED,
    }
)
# the same drug would be, in the product and dose of the knowledge
_BY_THE_SAME = frozenset({FindingKind.OTHER_PRODUCT, FindingKind.DOSE_ABOVE_START})
# an option with one of these would bring the next card
_NO_BETTER = frozenset({"liver-transplant", "strong-cyp3a4-inhibitor", "strong-cyp3a4-inducer"})


@dataclass(frozen=True, slots=True)
class BetterDrafts:
    """Writes the suggestions of one finding."""

    frame: CardFrame
    topic: str
    request: HookRequest
    recommendation: Recommendation
    knowledge: KnowledgeOnDay

    def suggestions(
        self, findings: Sequence[OrderFinding], orders: Sequence[DraftOrder]
    ) -> tuple[tuple[Suggestion, ...], bool]:
        """Give the suggestions, and whether only one of them can be taken.

        ``findings`` are the weightiest first; a draft is better only where it answers what is
        found of that order. ``orders`` are all drafts that would be given. What is no draft with
        an id is never touched, and no draft is put beside it: that would help nobody.
        """
        first = findings[0]
        if first.kind is FindingKind.TOGETHER:
            return tuple(self._removals(orders)), True
        kinds = frozenset(one.kind for one in findings if one.order is first.order)
        replaced = tuple(self._replacements(first.order, orders, kinds))
        if first.kind is FindingKind.AFP_UNKNOWN:
            return (*self._tests(), *replaced), False
        return replaced, True

    @property
    def _writer(self) -> SuggestionWriter:
        return SuggestionWriter(self.frame, self.topic)

    def _tests(self) -> tuple[Suggestion, ...]:
        asked = [one for one in self.recommendation.missing if one.input == "alpha-fetoprotein"]
        return self._writer.laboratory(asked, self.request)

    def _replacements(
        self, order: DraftOrder, orders: Sequence[DraftOrder], kinds: frozenset[FindingKind]
    ) -> Iterator[Suggestion]:
        options = self.recommendation.options
        better = [option for option in options if self._is_better(option, order, kinds)]
        if not better or not self._can_be_replaced(orders):
            return
        for option in better:
            yield self._replacement(option, orders)
        if self.frame.profile.replacing is Replacing.SEPARATE:
            yield self._removal(order)

    def _can_be_replaced(self, orders: Sequence[DraftOrder]) -> bool:
        """Whether one suggestion can take all of the orders away, so that the better one is alone.

        They must be drafts with an id and of one drug; several of them are taken away together,
        which needs an EHR that takes several actions at once.
        """
        several = len(orders) > 1
        at_once = self.frame.profile.replacing is Replacing.CREATE_AND_DELETE
        if several and not at_once:
            return False
        alike = len({order.drug for order in orders}) == 1
        return alike and all(order.replaceable for order in orders)

    def _is_better(
        self, option: TreatmentOption, order: DraftOrder, kinds: frozenset[FindingKind]
    ) -> bool:
        wanted = _BY_THE_SAME if option.therapy == order.drug else _BY_ANOTHER
        if wanted.isdisjoint(kinds) or not FLAGS_WITHOUT_ORDER.isdisjoint(option.flags):
            return False
        found = dangers(option, self.recommendation, self.knowledge)
        return _NO_BETTER.isdisjoint(danger.circumstance for danger in found)

    def _replacement(self, option: TreatmentOption, orders: Sequence[DraftOrder]) -> Suggestion:
        kind = "correct" if option.therapy == orders[0].drug else "replace"
        label = self.knowledge.drugs[option.therapy].label
        return Suggestion(
            label=self.frame.texts.say(f"order-suggestion.{kind}", label=label),
            uuid=self.frame.ids.make(self.request.hook_instance, self.topic, option.therapy),
            actions=self._actions(option, orders),
        )

    def _actions(
        self, option: TreatmentOption, orders: Sequence[DraftOrder]
    ) -> tuple[Action, ...]:
        """Replace drafts as the calling EHR can; the creation first, the deletions after it.

        The order is no matter to a transaction, but a client that takes the first action alone
        must take the better draft and not the deletion.
        """
        replacing = self.frame.profile.replacing
        if replacing is Replacing.UPDATE:
            return (self._update(option, orders[0]),)
        creation = self._writer.creation(option, self.request, self.knowledge)
        if replacing is Replacing.SEPARATE:
            return (creation,)
        return (creation, *map(self._deletion, orders))

    def _update(self, option: TreatmentOption, order: DraftOrder) -> Action:
        draft = self._writer.draft(option, self.request, self.knowledge)
        label = self.knowledge.drugs[option.therapy].label
        return Action(
            type="update",
            description=self.frame.texts.say(
                "order-suggestion.update-action", label=label, dosing=option.dosing
            ),
            resource={**draft, "id": order.reference.rpartition("/")[2]},
        )

    def _removals(self, orders: Sequence[DraftOrder]) -> Iterator[Suggestion]:
        """Offer to remove each of several drafts that stands for one drug, and it alone for it."""
        drugs = [order.drug for order in orders]
        references = [order.reference for order in orders]
        for order in orders:
            is_one = drugs.count(order.drug) == references.count(order.reference) == 1
            if is_one and order.replaceable:
                yield self._removal(order)

    def _removal(self, order: DraftOrder) -> Suggestion:
        label = self.knowledge.drugs[order.drug].label
        return Suggestion(
            label=self.frame.texts.say("order-suggestion.remove", label=label),
            uuid=self.frame.ids.make(
                self.request.hook_instance, self.topic, f"without {order.drug}"
            ),
            actions=(self._deletion(order),),
        )

    def _deletion(self, order: DraftOrder) -> Action:
        label = self.knowledge.drugs[order.drug].label
        return Action(
            type="delete",
            description=self.frame.texts.say("order-suggestion.remove-action", label=label),
            resource_id=order.reference,
        )
