"""Draft orders as the check sees them: which drug, which product, how much a day."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay


class DraftOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One unsigned order for a systemic drug, or the revision that ends one.

    ``daily_mg`` is the most that the order certainly gives on a day; None where its dosage
    cannot be read as milligrams. ``reference`` is empty for a draft that has no id yet.
    """

    drug: str  # "regorafenib": lower-case INN, the id of a drug file
    reference: str = ""  # "MedicationRequest/x"
    revises: bool = False  # an order signed before, not a new one
    ends: bool = False  # stops, pauses or withdraws the drug: nothing that would be given
    daily_mg: Decimal | None = None
    product_words: str = ""  # lower case, as the order names the product
    as_received: str = ""
    notes: tuple[str, ...] = ()


class DraftOrders(msgspec.Struct, frozen=True, kw_only=True):
    """What one call is about: the drafts of systemic drugs, and what else they come with.

    ``selected`` are the drafts that the call asks about; the others stand beside them.
    """

    orders: tuple[DraftOrder, ...] = ()
    selected: tuple[DraftOrder, ...] = ()
    # circumstances that drafts of other drugs bring: strong-cyp3a4-inhibitor, -inducer
    interacting: frozenset[str] = frozenset()

    @property
    def to_give(self) -> tuple[DraftOrder, ...]:
        """The drafts by which a drug would be given."""
        return tuple(order for order in self.orders if not order.ends)

    @property
    def drugs(self) -> frozenset[str]:
        """The drugs that would be given."""
        return frozenset(order.drug for order in self.to_give)

    @property
    def ended(self) -> frozenset[str]:
        """The drugs that a revision in the same call ends."""
        return frozenset(order.drug for order in self.orders if order.ends) - self.drugs


def regimen_of(
    drug: str, given_with: Iterable[str], knowledge: KnowledgeOnDay
) -> tuple[str, frozenset[str]]:
    """Name the therapy that a drug is part of: a combination the knowledge names, or itself.

    Args:
        drug: the drug of the order.
        given_with: the other drugs drafted or running beside it.
        knowledge: whose regimens count.

    """
    together = {drug, *given_with}
    for regimen in knowledge.regimens.values():
        if drug in regimen.drugs and together.issuperset(regimen.drugs):
            return regimen.id, frozenset(regimen.drugs)
    return drug, frozenset({drug})
