"""The would-be answer: what a clinician would have seen, without a word of the chart."""

from typing import Final, Literal

import msgspec

from hcc_pathway.case import Availability, PatientCase
from hooks.service import HookAnswer

# The facts of a case that an input is read from, and the search that brings them.
_READ_FROM: Final = {
    "alpha-fetoprotein": ("afp", "observations"),
    "bilirubin": ("bilirubin", "observations"),
    "albumin": ("albumin", "observations"),
    "inr": ("inr", "observations"),
    "ecog": ("ecog", "observations"),
    "child-pugh": ("stored_child_pugh", "observations"),
    "progression": ("progressions", "observations"),
    "diagnosis": ("diagnoses", "conditions"),
    "ascites": ("ascites", "conditions"),
    "encephalopathy": ("encephalopathy", "conditions"),
}
_CHART_OPENED: Final = "patient-view"
NOT_RECORDED, NOT_DECISIVE = "nothing usable recorded", "recorded, but it does not decide"


class WouldBeOption(msgspec.Struct, frozen=True):
    """A drug that would have been offered, with its flags."""

    therapy: str
    flags: tuple[str, ...]


class WouldBeWithheld(msgspec.Struct, frozen=True):
    """A drug that would not have been offered, and the criterion that stops it."""

    therapy: str
    criterion: str
    answer: Literal["not-met", "unknown"]


class UnknownInput(msgspec.Struct, frozen=True):
    """An input that would have been asked for, and why it is not known."""

    input: str
    why: str


class WouldBeAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """One answer in words of closed lists; equal answers are equal."""

    status: int
    cards: tuple[str, ...] = ()
    patient_class: str = ""  # empty: no liver cancer, or not answered
    line: str = ""
    options: tuple[WouldBeOption, ...] = ()
    also_consider: tuple[str, ...] = ()
    withheld: tuple[WouldBeWithheld, ...] = ()
    unknown: tuple[UnknownInput, ...] = ()
    conflicts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def would_be_answer(hook: str, answer: HookAnswer) -> WouldBeAnswer:
    """Take from an answer what can be kept.

    A card about a drafted order says nothing of the options; they are kept of patient-view alone.
    """
    topics = tuple(card.source.topic.code for card in answer.response.cards)
    document, case = answer.recommendation, answer.case
    if document is None:
        return WouldBeAnswer(200, topics)
    patient_class, line = document.patient_class.value, document.line.value
    if hook != _CHART_OPENED:
        return WouldBeAnswer(200, topics, patient_class, line)
    return WouldBeAnswer(
        200,
        topics,
        patient_class,
        line,
        tuple(WouldBeOption(option.therapy, option.flags) for option in document.options),
        tuple(f"{also.therapy} ({also.basis})" for also in document.also_consider),
        tuple(
            WouldBeWithheld(one.therapy, one.criterion, one.answer) for one in document.withheld
        ),
        tuple(
            UnknownInput(one.input, "" if case is None else why_unknown(one.input, case))
            for one in document.missing
        ),
        tuple(conflict.id for conflict in document.conflicts),
        tuple(notice.id for notice in document.notices),
    )


def why_unknown(name: str, case: PatientCase) -> str:
    """Say why an input is not known: a search, the record, or what the record says."""
    if name in _READ_FROM:
        facts, search = _READ_FROM[name]
        recorded, searches = bool(getattr(case, facts)), [getattr(case, search)]
    else:  # exposure, intolerance and lines are read from the drugs
        recorded, searches = bool(case.drugs), [had for _, had in case.medication_sources]
    if recorded:
        return NOT_DECISIVE
    failed = [had.value for had in searches if had is not Availability.COMPLETE]
    if failed and len(failed) == len(searches):
        return f"search {failed[0]}"
    return NOT_RECORDED
