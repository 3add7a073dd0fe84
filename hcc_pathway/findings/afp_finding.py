"""AFP against the threshold of 400 ng/mL (S6, A9, A10)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from hcc_pathway.answer import Phrase
from hcc_pathway.case import Availability, PatientCase, Reading
from hcc_pathway.findings.findings import AfpState
from hcc_pathway.findings.latest import Freshness, freshness, latest, usable
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_MASS = "ng/mL"
_ARBITRARY = "IU/mL"
_PERCENT = Decimal(100)
_DECIMALS_OF_A_FACTOR = 2


class AfpFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether AFP reaches the threshold, by which readings, and why it may not be known.

    ``readings`` are the latest ones, several only where their times overlap; ``because`` is the
    sentence that explains the state; ``near`` is the state across the threshold where the value
    lies close to it.
    """

    state: AfpState
    because: Phrase
    readings: tuple[Reading, ...] = ()
    aged: bool = False
    near: AfpState | None = None
    conflict: Phrase | None = None
    too_old: tuple[Reading, ...] = ()  # the latest readings, where they are too old to be used


def afp_finding(
    case: PatientCase, knowledge: KnowledgeOnDay, on: date, *, inclusive: bool
) -> AfpFinding:
    """Judge the latest usable AFP; ``inclusive`` reads the threshold as "at least 400" (A9).

    Of several readings of one time each has to decide alike: one that is undecided leaves the
    answer open, two on different sides are a conflict.
    """
    in_time = usable(case.afp, on, knowledge)
    if not in_time:
        return _without_reading(case, knowledge)
    last = latest(in_time)
    first_of: dict[AfpState, Reading] = {}
    for reading in last:
        first_of.setdefault(state_of(reading, knowledge, inclusive=inclusive), reading)
    aged = any(freshness(reading.recorded_on, on, knowledge) is Freshness.AGED for reading in last)
    if {AfpState.AT_LEAST, AfpState.BELOW} <= first_of.keys():
        phrase = _both_sides(first_of, knowledge)
        return AfpFinding(
            state=AfpState.UNKNOWN, because=phrase, readings=last, aged=aged, conflict=phrase
        )
    state = AfpState.UNKNOWN if AfpState.UNKNOWN in first_of else next(iter(first_of))
    return AfpFinding(
        state=state,
        because=_explain(state, first_of[state], knowledge, inclusive=inclusive),
        readings=last,
        aged=aged,
        near=_across_the_threshold(state, first_of[state], knowledge),
    )


def _both_sides(first_of: Mapping[AfpState, Reading], knowledge: KnowledgeOnDay) -> Phrase:
    first, second = (one for state, one in first_of.items() if state is not AfpState.UNKNOWN)
    return Phrase.of(
        "afp-readings-disagree",
        first=show(first),
        second=show(second),
        day=first.recorded_on,
        threshold=knowledge.parameter("afp-threshold-ng-per-ml"),
    )


def _without_reading(case: PatientCase, knowledge: KnowledgeOnDay) -> AfpFinding:
    if case.afp:
        too_old = latest(case.afp)
        newest = too_old[0]
        phrase = Phrase.of(
            "afp-too-old",
            value=show(newest),
            day=newest.recorded_on,
            days=knowledge.parameter("usable-days"),
        )
        return AfpFinding(state=AfpState.UNKNOWN, because=phrase, too_old=too_old)
    read = case.observations is Availability.COMPLETE
    phrase = Phrase("afp-not-recorded" if read else "afp-not-read")
    return AfpFinding(state=AfpState.UNKNOWN, because=phrase)


def state_of(reading: Reading, knowledge: KnowledgeOnDay, *, inclusive: bool) -> AfpState:
    """Judge one reading as the interval that it proves (A9); IU/mL by the band of A10."""
    if reading.unit == _MASS:
        threshold = knowledge.parameter("afp-threshold-ng-per-ml")
        if _reaches(reading, threshold, inclusive=inclusive):
            return AfpState.AT_LEAST
        if _stays_below(reading, threshold, inclusive=inclusive):
            return AfpState.BELOW
    if reading.unit == _ARBITRARY:
        highest = knowledge.parameter("afp-undecidable-high-iu-per-ml")
        lowest = knowledge.parameter("afp-undecidable-low-iu-per-ml")
        if _reaches(reading, highest, inclusive=False):
            return AfpState.AT_LEAST
        if _stays_below(reading, lowest, inclusive=True):
            return AfpState.BELOW
    return AfpState.UNKNOWN


def _reaches(reading: Reading, threshold: Decimal, *, inclusive: bool) -> bool:
    if reading.low == threshold:
        return inclusive or not reading.low_included
    return reading.low > threshold


def _stays_below(reading: Reading, threshold: Decimal, *, inclusive: bool) -> bool:
    if reading.high is None:
        return False
    if reading.high == threshold:
        return not inclusive or not reading.high_included
    return reading.high < threshold


def _across_the_threshold(
    state: AfpState, reading: Reading, knowledge: KnowledgeOnDay
) -> AfpState | None:
    """Give the other state where a plain value lies within the near margin of the threshold."""
    if state is AfpState.UNKNOWN or reading.unit != _MASS or reading.low != reading.high:
        return None
    threshold = knowledge.parameter("afp-threshold-ng-per-ml")
    margin = threshold * knowledge.parameter("near-afp-percent") / _PERCENT
    if abs(reading.low - threshold) > margin:
        return None
    return AfpState.BELOW if state is AfpState.AT_LEAST else AfpState.AT_LEAST


def _explain(
    state: AfpState, reading: Reading, knowledge: KnowledgeOnDay, *, inclusive: bool
) -> Phrase:
    """Say how the value stands to the threshold, as the site reads it, and what was compared."""
    threshold = knowledge.parameter("afp-threshold-ng-per-ml")
    band_low = knowledge.parameter("afp-undecidable-low-iu-per-ml")
    band_high = knowledge.parameter("afp-undecidable-high-iu-per-ml")
    if state is AfpState.UNKNOWN:
        of_unit = {_MASS: "afp-undecided-comparator", _ARBITRARY: "afp-undecided-iu"}
        sentence = of_unit.get(reading.unit, "afp-undecided-unit")
    elif state is AfpState.AT_LEAST:
        sentence = "afp-at-least" if inclusive else "afp-above"
    else:
        sentence = "afp-below" if inclusive else "afp-not-above"
    if state is not AfpState.UNKNOWN and reading.unit == _ARBITRARY:
        sentence += "-by-any-assay"
    return Phrase.of(
        sentence,
        value=show(reading),
        day=reading.recorded_on,
        threshold=threshold,
        band_low=band_low,
        band_high=band_high,
        factor_low=round(threshold / band_high, _DECIMALS_OF_A_FACTOR),
        factor_high=round(threshold / band_low, _DECIMALS_OF_A_FACTOR),
        source=reading.source,
    )


def show(reading: Reading) -> str:
    """Give a reading as it came, with the converted value beside it where that differs."""
    converted = f"{reading.comparator} {reading.number:f} {reading.unit}".strip()
    same = reading.as_received.casefold() == converted.casefold()
    return reading.as_received if same else f"{reading.as_received} ({converted})"
