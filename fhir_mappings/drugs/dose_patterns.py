"""How often a drug is taken on each day of a repeating cycle, and the milligrams that makes."""

from collections.abc import Sequence
from decimal import Decimal
from math import lcm

import msgspec

from hcc_pathway.drug_record import CycleAnchor, DosePattern

_LONGEST_CYCLE = 366


class DayCounts(msgspec.Struct, frozen=True):
    """Doses on each day of a cycle, lower and upper reading; one entry is every day."""

    low: tuple[Decimal, ...]
    high: tuple[Decimal, ...]
    anchor: CycleAnchor = CycleAnchor.START

    @classmethod
    def every_day(cls, low: Decimal, high: Decimal | None = None) -> "DayCounts":
        """Give the same count on every day."""
        return cls((low,), (low if high is None else high,))


class Amount(msgspec.Struct, frozen=True):
    """Milligrams per dose; an upper end that nobody gives is None."""

    low_mg: Decimal
    high_mg: Decimal | None


def pattern(amount: Amount, counts: DayCounts) -> DosePattern:
    """Multiply dose and frequency day by day; nothing is averaged over a cycle (A8)."""
    high = amount.high_mg
    return DosePattern(
        tuple(amount.low_mg * count for count in counts.low),
        tuple(None if high is None else high * count for count in counts.high),
        counts.anchor,
    )


def added(patterns: Sequence[DosePattern]) -> DosePattern | None:
    """Add doses that are taken side by side; None where their cycles cannot be laid together."""
    if len(patterns) == 1:
        return patterns[0]
    anchors = {one.anchor for one in patterns if len(one.low_mg) > 1}
    length = lcm(*(len(one.low_mg) for one in patterns))
    if len(anchors) > 1 or length > _LONGEST_CYCLE:
        return None
    return DosePattern(
        tuple(_sum([one.low_mg for one in patterns], day) for day in range(length)),
        tuple(_sum([one.high_mg for one in patterns], day) for day in range(length)),
        next(iter(anchors), CycleAnchor.START),
    )


def _sum(cycles: list[tuple[Decimal | None, ...]], day: int) -> Decimal | None:
    total = Decimal(0)
    for cycle in cycles:
        dose = cycle[day % len(cycle)]
        if dose is None:
            return None
        total += dose
    return total
