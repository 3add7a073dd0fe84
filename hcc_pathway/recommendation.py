"""The recommendation document: one JSON object, the same from every door.

Field names and order are the contract's; the wire form is ``msgspec.json.encode`` of these
structs, and the published JSON Schema is generated from them. All keys are always present.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec


class PatientClass(StrEnum):
    """How the patient stands to sorafenib (reading A2)."""

    TOLERANT = "tolerant"
    INTOLERANT = "intolerant"
    UNDETERMINED = "undetermined"
    CONFLICTING = "conflicting"
    NOT_APPLICABLE = "not-applicable"


class LineOfTherapy(StrEnum):
    """The systemic line being chosen next."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    BEYOND_THIRD = "beyond-third"
    UNDETERMINED = "undetermined"


class _DocumentPart(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the document's parts: immutable, camelCase on the wire."""


class PathwayVersion(_DocumentPart, frozen=True, kw_only=True):
    """Which pathway answered, in which version of its knowledge."""

    id: str
    version: str


class Coding(_DocumentPart, frozen=True, kw_only=True):
    """One code of a drug."""

    system: str
    code: str
    display: str


class Caution(_DocumentPart, frozen=True, kw_only=True):
    """Something to weigh before this option is chosen."""

    id: str
    text: str


class TreatmentOption(_DocumentPart, frozen=True, kw_only=True):
    """A drug that the pathway offers this patient; options are alphabetical, never ranked."""

    therapy: str
    codes: tuple[Coding, ...]
    flags: tuple[str, ...]
    reasons: tuple[str, ...]
    cautions: tuple[Caution, ...]
    evidence: tuple[str, ...]  # ids of evidence files
    dosing: str


class AlsoConsider(_DocumentPart, frozen=True, kw_only=True):
    """A drug beside the pathway: named with its basis, never with an order suggestion."""

    therapy: str
    basis: Literal["label", "guideline", "evidence"]
    text: str
    evidence: tuple[str, ...]


class Withheld(_DocumentPart, frozen=True, kw_only=True):
    """A drug of the pathway that is not offered, and the criterion that stops it."""

    therapy: str
    criterion: str
    answer: Literal["not-met", "unknown"]
    because: str


class MissingInput(_DocumentPart, frozen=True, kw_only=True):
    """Something the chart does not say, what to ask or order, and what it would decide."""

    input: str
    ask: str
    would_decide: tuple[str, ...]


class Conflict(_DocumentPart, frozen=True, kw_only=True):
    """Two facts of the chart that cannot both hold."""

    id: str
    text: str


class Notice(_DocumentPart, frozen=True, kw_only=True):
    """A regulatory notice on a therapy."""

    id: str
    therapy: str
    text: str


class ExposureValue(_DocumentPart, frozen=True, kw_only=True):
    """Days of the 28-day window with at least 400 mg of sorafenib, without, and unknown."""

    yes: int
    no: int
    unknown: int
    first_day: date = msgspec.field(name="from")
    last_day: date = msgspec.field(name="to")
    anchor: Literal["progression", "last-dose"]


class ChildPughValue(_DocumentPart, frozen=True, kw_only=True):
    """Child-Pugh as far as it can be known; a component is its points or null."""

    score: int | None
    child_pugh_class: Literal["A", "B", "C"] | None = msgspec.field(name="class")
    lowest: int
    highest: int
    components: dict[str, int | None]


InputValue = ExposureValue | ChildPughValue | int | float | bool | str | None


class InputUsed(_DocumentPart, frozen=True, kw_only=True):
    """One input as the answer used it, with unit as received, day and source."""

    input: str
    value: object  # an InputValue; the schema spells the union out, msgspec cannot
    unit: str
    as_received: str
    recorded: date | None
    source: str
    note: str


class Ignored(_DocumentPart, frozen=True, kw_only=True):
    """A resource that was not used, and why; other patients' only as a count."""

    source: str
    because: str


class WhatWouldChange(_DocumentPart, frozen=True, kw_only=True):
    """A value of one or few inputs that would change the options.

    A drug of ``then`` that is an option now would be lost, any other one gained; one change can
    do both.
    """

    condition: str = msgspec.field(name="if")
    then: tuple[str, ...]


class Recommendation(_DocumentPart, frozen=True, kw_only=True):
    """What the pathway offers one patient on one day, on which basis, and what is missing."""

    pathway: PathwayVersion
    as_of: date
    patient_class: PatientClass
    line: LineOfTherapy
    options: tuple[TreatmentOption, ...]
    also_consider: tuple[AlsoConsider, ...]
    withheld: tuple[Withheld, ...]
    missing: tuple[MissingInput, ...]
    conflicts: tuple[Conflict, ...]
    notices: tuple[Notice, ...]
    inputs: tuple[InputUsed, ...]
    ignored: tuple[Ignored, ...]
    what_would_change: tuple[WhatWouldChange, ...]
