"""Draft orders as the check sees them: which drug, which product, how much a day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay


class DraftDose(msgspec.Struct, frozen=True, kw_only=True):
    """The most that one phase of an order certainly gives on a day, and on which days.

    ``first`` is ``date.min`` for a phase that begins with the order, and None for a later one
    that nobody dates: on which days it is taken is then not known.
    """

    daily_mg: Decimal
    first: date | None = date.min
    last: date = date.max

    def is_taken_on(self, day: date) -> bool:
        """Whether this day certainly is one of its days."""
        return self.first is not None and self.first <= day <= self.last


class DraftOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One unsigned order for a systemic drug, or the revision that ends one.

    ``reference`` is empty for a draft that has no id yet. Only what is ``replaceable``, a draft
    with an id, may be taken away or changed by a suggestion: never an order that was signed.
    """

    drug: str  # "regorafenib": lower-case INN, the id of a drug file; "" where it cannot be read
    reference: str = ""  # "MedicationRequest/x"
    replaceable: bool = False
    revises: bool = False  # an order signed before, not a new one
    ends: bool = False  # stops, pauses or withdraws the drug: nothing that would be given
    doses: tuple[DraftDose, ...] = ()  # none where its dosage cannot be read as milligrams
    product_words: str = ""  # lower case, as the order names the product
    as_received: str = ""
    notes: tuple[str, ...] = ()

    @property
    def daily_mg(self) -> Decimal | None:
        """The most that the order certainly gives on a day."""
        return max((dose.daily_mg for dose in self.doses), default=None)

    def mg_on(self, day: date) -> Decimal:
        """Give the milligrams that it certainly gives on one day."""
        taken = (dose.daily_mg for dose in self.doses if dose.is_taken_on(day))
        return max(taken, default=Decimal(0))


class DraftOrders(msgspec.Struct, frozen=True, kw_only=True):
    """What one call is about: the drafts of systemic drugs, and what else they come with.

    ``selected`` are the drafts that the call asks about; the others stand beside them. ``unread``
    are drafts asked about that name a medication which cannot be read: it may be any drug.
    """

    orders: tuple[DraftOrder, ...] = ()
    selected: tuple[DraftOrder, ...] = ()
    unread: tuple[DraftOrder, ...] = ()
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


def together_mg(orders: Iterable[DraftOrder]) -> Decimal | None:
    """Give the most that orders of one drug certainly give on a day: those of one day added up.

    None where no dosage can be read.
    """
    drafted = tuple(orders)
    begins = {dose.first for order in drafted for dose in order.doses if dose.first is not None}
    alone = (order.daily_mg for order in drafted if order.daily_mg is not None)
    added = (sum((order.mg_on(day) for order in drafted), Decimal(0)) for day in begins)
    return max((*alone, *added), default=None)


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
