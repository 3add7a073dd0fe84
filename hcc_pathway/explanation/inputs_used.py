"""Every input as the answer used it: value, unit as received, day, source."""

from datetime import date
from decimal import Decimal

from hcc_pathway.explanation.inputs_of_measurements import inputs_of_measurements, number
from hcc_pathway.explanation.inputs_of_person import inputs_of_person
from hcc_pathway.explanation.inputs_of_treatment import inputs_of_treatment
from hcc_pathway.explanation.stated import stated_lines_input
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import DiagnosisState
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import InputUsed

_LABORATORY = ("bilirubin", "albumin", "inr")
_SIGNS = ("ascites", "encephalopathy")
_DECIMALS_SHOWN = 3  # 12.0 umol/L is 0.702 mg/dL


def inputs_of(known: Assessment, knowledge: KnowledgeOnDay) -> tuple[InputUsed, ...]:
    """List the inputs of one answer, by input name and source."""
    found = [
        *_diagnoses(known),
        *inputs_of_treatment(known),
        *stated_lines_input(known.case),
        *inputs_of_measurements(known),
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
