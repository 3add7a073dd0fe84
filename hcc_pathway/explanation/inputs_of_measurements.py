"""AFP, liver function and performance status as the answer used them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from hcc_pathway.answer import Phrase
from hcc_pathway.case import Reading, SignRecord
from hcc_pathway.explanation.naming import name_components
from hcc_pathway.explanation.wording import say_all, say_id
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.liver_finding import LiverFinding
from hcc_pathway.recommendation import ChildPughValue, InputUsed

_LABORATORY = ("bilirubin", "albumin", "inr")
_SIGNS = ("ascites", "encephalopathy")
_DECIMALS_SHOWN = 3  # 12.0 umol/L is 0.702 mg/dL


class _Recorded(Protocol):
    @property
    def coded_as(self) -> str: ...
    @property
    def recorded_on(self) -> date | None: ...


# A value is the same in every language; whoever shows it words it.
ABSENT = "absent"
GRADE_UNKNOWN = "present, grade not recorded"


def inputs_of_measurements(known: Assessment) -> list[InputUsed]:
    """List AFP, Child-Pugh with its components, and ECOG."""
    return [*_afp(known), *_child_pugh(known), *_components(known), *_performance(known)]


def number(value: Decimal) -> int | float:
    """Give a decimal as the JSON number that shows the same digits, three decimals at most."""
    shown = round(value, _DECIMALS_SHOWN)
    return int(shown) if shown == shown.to_integral_value() else float(shown)


def reading_input(name: str, reading: Reading, on: date) -> InputUsed:
    """Word one laboratory value in its canonical unit; one with a comparator is text."""
    value = number(reading.number)
    return InputUsed(
        input=name,
        value=f"{reading.comparator} {value}" if reading.comparator else value,
        unit=reading.unit,
        as_received=reading.as_received,
        recorded=reading.recorded_on,
        source=reading.source,
        note=_note(reading, reading.notes, on),
    )


def _note(record: _Recorded, notes: Iterable[Phrase], on: date) -> str:
    """Say by which code a record was known, how its value was read, and how old it is."""
    said = [record.coded_as, say_all(notes)]
    if record.recorded_on is not None:
        age = max((on - record.recorded_on).days, 0)
        said.append(say_id("note-age-in-days", age=age))
    return say_id("separator").join(filter(None, said))


def _afp(known: Assessment) -> list[InputUsed]:
    return [reading_input("alpha-fetoprotein", one, known.on) for one in known.afp.readings]


def _child_pugh(known: Assessment) -> list[InputUsed]:
    """A17: the class or the interval, its components, and ALBI beside it."""
    found = known.liver.child_pugh
    recorded = [one.source for one in found.stored]
    sources = dict.fromkeys([*recorded, *(s for part in found.components for s in part.sources)])
    if not sources:
        return []
    value = ChildPughValue(
        score=found.score,
        child_pugh_class=found.child_pugh_class,  # type: ignore[arg-type]  # one of CLASSES
        lowest=found.lowest,
        highest=found.highest,
        components={part.input: part.low if part.certain else None for part in found.components},
    )
    return [
        InputUsed(
            input="child-pugh",
            value=value,
            unit="{score}",
            as_received=say_id("separator").join(one.as_received for one in found.stored),
            recorded=max((one.recorded_on for one in found.stored), default=None),
            source=", ".join(sources),
            note=say_id("separator").join(_child_pugh_notes(known.liver)),
        )
    ]


def _child_pugh_notes(liver: LiverFinding) -> list[str]:
    """Say what was recorded, which components are not known, and ALBI."""
    found = liver.child_pugh
    said = [one.coded_as for one in found.stored if one.coded_as]
    said += [
        say_id("child-pugh-from-record", value=one.as_received, day=one.recorded_on)
        for one in found.stored
    ]
    if found.missing:
        said.append(say_id("child-pugh-missing", components=name_components(found.missing)))
    albi = liver.albi
    if albi is not None:
        said.append(say_id("albi-note", score=albi.score, grade=albi.grade))
    return said


def _components(known: Assessment) -> list[InputUsed]:
    """List the records that the Child-Pugh components rest on."""
    case, on = known.case, known.on
    used = {part.input: part.sources for part in known.liver.child_pugh.components}
    laboratory = {"bilirubin": case.bilirubin, "albumin": case.albumin, "inr": case.inr}
    found = [
        reading_input(name, reading, on)
        for name, readings in laboratory.items()
        for reading in readings
        if reading.source in used[name]
    ]
    signs = {"ascites": case.ascites, "encephalopathy": case.encephalopathy}
    found += [
        _sign(name, record, on)
        for name, records in signs.items()
        for record in records
        if record.source in used[name]
    ]
    return found


def _sign(name: str, record: SignRecord, on: date) -> InputUsed:
    present = GRADE_UNKNOWN if record.grade is None else str(record.grade)
    return InputUsed(
        input=name,
        value=present if record.present else ABSENT,
        unit="",
        as_received=record.as_received,
        recorded=record.recorded_on,
        source=record.source,
        note=_note(record, (), on),
    )


def _performance(known: Assessment) -> list[InputUsed]:
    return [
        InputUsed(
            input="ecog",
            value=one.grade,
            unit="{score}",
            as_received=one.as_received,
            recorded=one.recorded_on,
            source=one.source,
            note=_note(one, one.notes, known.on),
        )
        for one in known.performance.readings
    ]
