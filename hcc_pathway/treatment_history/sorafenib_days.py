"""Was sorafenib taken at the minimum dose on a calendar day? Yes, no or unknown, and how known.

Evidence counts in this order: administered, stated (or adherence stated on an order), dispensed
and prescribed, prescribed alone (clinical reference 6a). A weaker record speaks only where the
stronger ones are silent. A day of which no record speaks is unknown, never zero.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import DrugEvidence, DrugStatus
from hcc_pathway.treatment_history.daily_dose import (
    NO_DRUG,
    UNREAD,
    Dose,
    compare,
    documented_ends,
    dose_changes,
    dose_on,
    envelope,
    taken_on,
)
from hcc_pathway.treatment_history.drug_periods import End, Period
from hcc_pathway.treatment_history.interruptions import is_lifted, refusal_in_force

# after these, tablets in hand say nothing of the days that follow
_ENDS_SUPPLY = frozenset({End.DOCUMENTED, End.REPLACED, End.NOT_TAKEN})


class ExposureDay(msgspec.Struct, frozen=True):
    """One calendar day: at least the minimum dose or not, by which evidence and records.

    ``dose`` is in mg, lower and upper reading; None is a reading that nobody can give, never 0.
    """

    day: date
    answer: Answer
    evidence: DrugEvidence | None = None  # None: no record speaks of the day
    sources: tuple[str, ...] = ()
    dose: Dose = UNREAD


class _Found(msgspec.Struct):
    """What one kind of evidence says of a day; ``settled`` when it certainly covers it."""

    doses: list[Dose]
    sources: list[str]
    settled: bool = False

    def add(self, dose: Dose, source: str) -> None:
        self.doses.append(dose)
        self.sources.append(source)


class SorafenibDays:
    """The records of sorafenib, ready to be asked day by day."""

    def __init__(self, periods: Sequence[Period], minimum_mg: Decimal) -> None:
        """``periods``: all of sorafenib, by start; ``minimum_mg``: the daily dose that counts."""
        self._minimum = minimum_mg
        latest_first = sorted(periods, key=lambda period: period.surely_from, reverse=True)
        by_kind: dict[DrugEvidence, list[Period]] = {kind: [] for kind in DrugEvidence}
        self._not_taken: list[Period] = []
        for period in latest_first:
            kind, status = period.record.evidence, period.record.status
            if kind is DrugEvidence.STATED and status is DrugStatus.NOT_TAKEN:
                self._not_taken.append(period)
            else:
                by_kind[kind].append(period)
        self._by_kind = by_kind
        self._taken = [p for p in latest_first if p.record.status is not DrugStatus.NOT_TAKEN]
        self._ends = documented_ends(periods)
        self._levels = self._levels_in_use()
        self._changes = dose_changes(periods)
        self._varies_within = any(_has_cycle(period) for period in periods)
        self._known: dict[int, ExposureDay] = {}

    def _levels_in_use(self) -> tuple[tuple[DrugEvidence, Callable[[int], _Found]], ...]:
        """Order the kinds of evidence that occur, strongest first."""
        kinds = self._by_kind
        ordered = kinds[DrugEvidence.PRESCRIBED]
        adherence = any(_speaks_of_adherence(order) for order in ordered)
        stated = kinds[DrugEvidence.STATED] or self._not_taken or self._ends or adherence
        levels: tuple[tuple[DrugEvidence, object, Callable[[int], _Found]], ...] = (
            (DrugEvidence.ADMINISTERED, kinds[DrugEvidence.ADMINISTERED], self._administered),
            (DrugEvidence.STATED, stated, self._stated),
            (DrugEvidence.DISPENSED, kinds[DrugEvidence.DISPENSED], self._dispensed),
            (DrugEvidence.PRESCRIBED, ordered, self._prescribed),
        )
        return tuple((kind, level) for kind, used, level in levels if used)

    def on(self, day: date) -> ExposureDay:
        """Answer for one day; where no dose has a cycle, days between two changes are alike."""
        number = day.toordinal()
        stretch = number if self._varies_within else bisect_right(self._changes, number)
        known = self._known.get(stretch)
        if known is None:
            known = self._known[stretch] = self._find(day)
        return msgspec.structs.replace(known, day=day)

    def _find(self, day: date) -> ExposureDay:
        number = day.toordinal()
        doses: list[Dose] = []
        sources: list[str] = []
        strongest: DrugEvidence | None = None
        for kind, level in self._levels:
            said = level(number)
            if said.doses:
                strongest = strongest or kind
                doses += said.doses
                sources += said.sources
            if said.settled:
                named, answer = tuple(sorted(set(sources))), self._agreed(doses)
                return ExposureDay(day, answer, strongest, named, envelope(doses))
        return ExposureDay(day, Answer.UNKNOWN, strongest, tuple(sorted(set(sources))))

    def _administered(self, day: int) -> _Found:
        """Sum what was given; a dose that cannot be read, or was broken off, has no upper end."""
        found = _Found([], [])
        low, high = Decimal(0), Decimal(0)
        for period in self._by_kind[DrugEvidence.ADMINISTERED]:
            if not period.perhaps(day):
                continue
            least, most = dose_on(period, day)
            high = high + most if most is not None else Decimal("Infinity")
            if period.surely(day):
                found.settled = True
                low += least or Decimal(0)
            found.sources.append(period.record.source)
        if found.sources:
            found.doses.append((low, high if high.is_finite() else None))
        return found

    def _stated(self, day: int) -> _Found:
        found = _Found([], [])
        for period in self._not_taken:
            if period.perhaps(day):
                found.add(NO_DRUG, period.record.source)
                if period.surely(day):
                    found.settled = True
                    return found
        refused = refusal_in_force(self._not_taken, self._taken, day)
        self._governing(DrugEvidence.STATED, day, found)
        if found.settled and refused is None:
            return found
        ended = self._after_documented_end(day)
        if refused is not None and ended is None:
            ended = (UNREAD, refused.record.source)
        if ended is None:
            return self._adherence(day, found)
        found.add(*ended)
        found.settled = True
        return found

    def _adherence(self, day: int, found: _Found) -> _Found:
        """Adherence stated on the governing order counts like a statement."""
        order = self._governing_order(day)
        if order is not None and order.surely(day) and _speaks_of_adherence(order):
            found.add(taken_on(order, day), order.record.source)
            found.settled = True
        return found

    def _dispensed(self, day: int) -> _Found:
        """Tablets in hand, taken as the order in force says; held or unknown orders go first."""
        found = _Found([], [])
        order = next(
            (p for p in self._by_kind[DrugEvidence.PRESCRIBED] if p.surely_from <= day), None
        )
        if order is not None and (
            order.record.status in {DrugStatus.ON_HOLD, DrugStatus.UNKNOWN}
            or (order.end in _ENDS_SUPPLY and order.perhaps_to < day)
        ):
            return found
        self._governing(DrugEvidence.DISPENSED, day, found)
        if found.doses and order is not None and order.record.dose is not None:
            readable = [dose for dose in found.doses if self._answer(dose) is not Answer.UNKNOWN]
            found.doses = [*readable, taken_on(order, day)]
            found.sources.append(order.record.source)
        return found

    def _prescribed(self, day: int) -> _Found:
        found = _Found([], [])
        self._governing(DrugEvidence.PRESCRIBED, day, found)
        return found

    def _governing(self, kind: DrugEvidence, day: int, found: _Found) -> None:
        """Add the record that started last; records that may cover the day keep it open."""
        governs_from: int | None = None
        for period in self._by_kind[kind]:
            if governs_from is not None and period.surely_from != governs_from:
                break
            if not period.perhaps(day) or self._silent(period, day):
                continue
            found.add(taken_on(period, day), period.record.source)
            if period.surely(day):
                governs_from = period.surely_from
                found.settled = True

    def _governing_order(self, day: int) -> Period | None:
        orders = self._by_kind[DrugEvidence.PRESCRIBED]
        return next((period for period in orders if period.perhaps(day)), None)

    def _silent(self, period: Period, day: int) -> bool:
        """Whether a statement says nothing of the dose: no dose given, or a hold since lifted."""
        record = period.record
        if record.evidence is not DrugEvidence.STATED:
            return False
        if record.status is DrugStatus.ON_HOLD:
            return is_lifted(period, self._taken, day)
        unknown = record.status is DrugStatus.UNKNOWN or period.end is End.UNKNOWN
        return record.dose is None and not unknown

    def _after_documented_end(self, day: int) -> tuple[Dose, str] | None:
        """After a documented end: no drug, unless a later record begins; until then unknown."""
        past = [end for end in self._ends if end.perhaps_to < day]
        if not past:
            return None
        last = max(past, key=lambda end: (end.perhaps_to, end.record.source))
        starts = [period.perhaps_from for period in self._taken]
        starts_after = [start for start in starts if start > last.perhaps_to]
        if any(start <= day for start in starts_after):
            return None
        return (UNREAD if starts_after else NO_DRUG, last.record.source)

    def _answer(self, dose: Dose) -> Answer:
        return compare(*dose, self._minimum)

    def _agreed(self, doses: list[Dose]) -> Answer:
        first, *others = map(self._answer, doses)
        return first if all(answer is first for answer in others) else Answer.UNKNOWN


def _speaks_of_adherence(order: Period) -> bool:
    record = order.record
    return record.taken_as_prescribed is not None or record.status is DrugStatus.NOT_TAKEN


def _has_cycle(period: Period) -> bool:
    return period.record.dose is not None and len(period.record.dose.low_mg) > 1
