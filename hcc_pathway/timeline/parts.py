"""The shapes of a timeline: days, readings with unit as received and source, lines, events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

DayState = Literal["qualifying", "not", "unknown"]


class _TimelinePart(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the parts: immutable, camelCase on the wire."""


class DoseDay(_TimelinePart, frozen=True, kw_only=True):
    """Sorafenib on one calendar day, in mg as lower and upper reading.

    None is a reading that nobody can give; it is never 0. ``in_window`` says whether the day is
    one of those that are counted.
    """

    day: date
    low_mg: Decimal | None
    high_mg: Decimal | None
    state: DayState
    in_window: bool
    evidence: str  # "administered", "stated", "dispensed", "prescribed"; "": no record speaks
    sources: tuple[str, ...]


class WindowCounts(_TimelinePart, frozen=True, kw_only=True):
    """The counted days: the same numbers as the document's ``sorafenib-exposure``."""

    first_day: date
    last_day: date
    anchor: Literal["progression", "last-dose"]
    yes: int
    no: int
    unknown: int


class SorafenibDoses(_TimelinePart, frozen=True, kw_only=True):
    """Every day from the first of sorafenib (or of the window) on, oldest first.

    ``minimum_mg`` is the daily dose that counts, ``needed_days`` how many days are enough.
    ``received`` holds the drug and dose of each source as they came; ``left_out_days`` counts
    days before the longest stretch that is shown.
    """

    minimum_mg: Decimal
    needed_days: int
    window: WindowCounts | None
    days: tuple[DoseDay, ...]
    received: dict[str, str]
    left_out_days: int = 0
    stated: bool | None = None  # a clinician's statement of the tolerated dose, which decides


class ReadingShown(_TimelinePart, frozen=True, kw_only=True):
    """One reading: the number in ``unit``, its comparator, and how it arrived.

    ``state`` is what the pathway makes of it: for AFP the side of the threshold, else the points
    of Child-Pugh ("2", "1-3"). ``decides`` marks the reading that the answer rests on.
    """

    day: date
    value: Decimal
    comparator: Literal["", "<", "<=", ">", ">="]
    unit: str
    as_received: str
    source: str
    coded_as: str
    state: str
    decides: bool


class Series(_TimelinePart, frozen=True, kw_only=True):
    """All readings of one input, oldest first; ``unit`` is that of the axis.

    A reading in another unit (AFP in IU/mL without a site's factor) has no place on the axis.
    """

    input: Literal["alpha-fetoprotein", "bilirubin", "albumin", "inr"]
    unit: str
    threshold: Decimal | None
    readings: tuple[ReadingShown, ...]


class ChildPughPoint(_TimelinePart, frozen=True, kw_only=True):
    """Child-Pugh on a day: stored by somebody, or what the answer of today computes."""

    day: date
    kind: Literal["stored", "of-the-answer"]
    lowest: int
    highest: int
    child_pugh_class: str | None = msgspec.field(name="class")
    as_received: str
    sources: tuple[str, ...]


class AlbiPoint(_TimelinePart, frozen=True, kw_only=True):
    """ALBI of a day on which bilirubin and albumin were both measured."""

    day: date
    score: Decimal
    grade: int
    sources: tuple[str, ...]


class LinePeriod(_TimelinePart, frozen=True, kw_only=True):
    """One line of therapy. None is a day that nobody recorded; ``running`` has no last day."""

    drugs: tuple[str, ...]
    first_earliest: date | None
    first_latest: date | None
    last_earliest: date | None
    last_latest: date | None
    running: bool
    again: bool  # a drug of an earlier line given once more: no line of its own
    failed: tuple[str, ...]  # "progression", "intolerance"
    sources: tuple[str, ...]


class Event(_TimelinePart, frozen=True, kw_only=True):
    """A progression or intolerance as recorded; without a day it has no place on the axis."""

    kind: Literal["progression", "intolerance", "allergy", "adverse-event"]
    earliest: date | None
    latest: date | None
    drug: str  # whose stop it is; "" for a finding of its own
    as_received: str
    source: str
    decides: bool


class PatientTimeline(_TimelinePart, frozen=True, kw_only=True):
    """One patient's course up to the day of the answer."""

    as_of: date
    names: dict[str, str]  # of the drugs that lines and events name, in the language of the texts
    axis_first_day: date
    axis_last_day: date
    sorafenib: SorafenibDoses
    measured: tuple[Series, ...]
    child_pugh: tuple[ChildPughPoint, ...]
    albi: tuple[AlbiPoint, ...]
    lines: tuple[LinePeriod, ...]
    events: tuple[Event, ...]
