"""Every input as the answer used it: value, unit as received, day, source."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from hcc_pathway.answer import Phrase
from hcc_pathway.assessment import Assessment
from hcc_pathway.case import Reading, SignRecord
from hcc_pathway.findings import DiagnosisState
from hcc_pathway.inputs_of_person import inputs_of_person
from hcc_pathway.inputs_of_treatment import inputs_of_treatment
from hcc_pathway.knowledge_base import KnowledgeOnDay
from hcc_pathway.naming import name_components
from hcc_pathway.recommendation import ChildPughValue, InputUsed
from hcc_pathway.wording import say_all, say_id

_LABORATORY = ("bilirubin", "albumin", "inr")
_SIGNS = ("ascites", "encephalopathy")
_DECIMALS_SHOWN = 3  # 12.0 umol/L is 0.702 mg/dL


class _Recorded(Protocol):
    @property
    def coded_as(self) -> str: ...
    @property
    def recorded_on(self) -> date | None: ...


def inputs_of(known: Assessment, knowledge: KnowledgeOnDay) -> tuple[InputUsed, ...]:
    """List the inputs of one answer, by input name and source."""
    found = [
        *_diagnoses(known),
        *inputs_of_treatment(known, knowledge),
        *_afp(known),
        *_child_pugh(known),
        *_components(known),
        *_performance(known),
        *_cautions(known),
        *inputs_of_person(known, knowledge),
        *_context(known),
    ]
    return tuple(sorted(found, key=lambda one: (one.input, one.source, one.as_received)))


def _diagnoses(known: Assessment) -> list[InputUsed]:
    notes = {
        DiagnosisState.EXCLUDED: "note-not-hcc",
        DiagnosisState.UNSPECIFIED: "note-unspecified",
    }
    if known.findings.diagnosis is DiagnosisState.NONE:  # A36: the reason is said
        return [_no_diagnosis()]
    sentence = notes.get(known.findings.diagnosis)
    starts = [one.first_day.earliest for one in known.case.drugs if one.first_day is not None]
    first_drug = min(starts, default=date.max)
    found = []
    for one in known.diagnoses:
        said = [text for text in (one.coded_as, say_id(sentence) if sentence else "") if text]
        if one.onset is not None and first_drug < one.onset.earliest:  # A35: a flag only
            said.append(say_id("note-onset-after-drugs"))
        found.append(
            InputUsed(
                input="diagnosis",
                value=one.code or one.as_received,
                unit="",
                as_received=one.as_received,
                recorded=one.recorded_on,
                source=one.source,
                note=say_id("separator").join(said),
            )
        )
    return found


def _no_diagnosis() -> InputUsed:
    return InputUsed(
        input="diagnosis",
        value=None,
        unit="",
        as_received="",
        recorded=None,
        source="Condition",
        note=say_id("note-no-liver-cancer"),
    )


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
    said = [one.coded_as for one in found.stored if one.coded_as]
    said += [
        say_id("child-pugh-from-record", value=one.as_received, day=one.recorded_on)
        for one in found.stored
    ]
    if found.missing:
        said.append(say_id("child-pugh-missing", components=name_components(found.missing)))
    albi = known.liver.albi
    if albi is not None:
        said.append(say_id("albi-note", score=albi.score, grade=albi.grade))
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
            note=say_id("separator").join(said),
        )
    ]


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
    present = say_id("grade-unknown") if record.grade is None else str(record.grade)
    return InputUsed(
        input=name,
        value=present if record.present else say_id("absent"),
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


def _cautions(known: Assessment) -> list[InputUsed]:
    return [
        InputUsed(
            input=one.concern,
            value=one.detail if one.concern == "interacting-medication" else True,
            unit="",
            as_received=one.as_received,
            recorded=one.recorded_on,
            source=one.source,
            note=one.coded_as,
        )
        for one in known.case.cautions
    ]


def _context(known: Assessment) -> list[InputUsed]:
    """Facts for context only; of the weights the latest."""
    weighed = max(
        (
            one.recorded_on
            for one in known.case.context
            if one.input == "weight" and one.recorded_on
        ),
        default=None,
    )
    return [
        InputUsed(
            input=one.input,
            value=number(one.value) if isinstance(one.value, Decimal) else one.value,
            unit=one.unit,
            as_received=one.as_received,
            recorded=one.recorded_on,
            source=one.source,
            note=one.coded_as,
        )
        for one in known.case.context
        if one.input != "weight" or one.recorded_on == weighed
    ]
