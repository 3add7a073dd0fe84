"""Holds and refusals whose end nobody recorded: how long they speak against older records."""

from collections.abc import Iterable, Sequence

from hcc_pathway.drug_record import DrugStatus
from hcc_pathway.treatment_history.drug_periods import End, Period


def refusal_in_force(
    refused: Sequence[Period], taken: Sequence[Period], day: int
) -> Period | None:
    """Give the refusal after which nothing newer says that the drug was taken (6a).

    Days after it are unknown until a record begins, a dose is given or tablets are handed over.
    """
    last = max(
        (one for one in refused if one.end is End.UNKNOWN and one.surely_to < day),
        key=lambda one: one.surely_to,
        default=None,
    )
    told = (one for one in taken if one.record.status is not DrugStatus.UNKNOWN)
    return None if last is None or _begun_again(told, last.surely_to, day) else last


def is_lifted(hold: Period, taken: Sequence[Period], day: int) -> bool:
    """Whether the drug was begun again after a hold, by a day."""
    held_from = hold.surely_from
    if hold.record.asserted_on is not None:
        held_from = max(held_from, hold.record.asserted_on.toordinal())
    return _begun_again(taken, held_from, day)


def _begun_again(taken: Iterable[Period], since: int, day: int) -> bool:
    return any(
        since < other.begun <= day
        for other in taken
        if other.record.status is not DrugStatus.ON_HOLD
    )
