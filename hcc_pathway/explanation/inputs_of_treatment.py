"""The inputs about sorafenib and the lines of therapy, as the answer used them."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import DayBound, StopReason
from hcc_pathway.explanation.naming import name_drugs, name_sources, say_day
from hcc_pathway.explanation.reasons import window_sources
from hcc_pathway.explanation.stated import stated_input
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.recommendation import ExposureValue, InputUsed
from hcc_pathway.treatment_history.lines_of_therapy import Regimen
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB, SorafenibStatus
from hcc_pathway.treatment_history.sorafenib_exposure import SorafenibExposure

_Row = tuple[str, bool, str, tuple[str, ...]]  # input, value, source, notes


class _Coded(Protocol):
    @property
    def coded_as(self) -> str: ...
    @property
    def source(self) -> str: ...


def inputs_of_treatment(known: Assessment) -> list[InputUsed]:
    """List progression, exposure, intolerance, allergy, duration and earlier lines."""
    return [
        *_progressions(known),
        *_exposure(known),
        *_intolerance(known),
        *_duration(known),
        *(_line(regimen) for regimen in known.treatment.history.regimens),
        *(_line(again, "note-given-again") for again in known.treatment.history.repeated),
    ]


def _input(  # noqa: PLR0913 - the fields of one row
    name: str,
    value: object,
    source: str,
    *,
    unit: str = "",
    as_received: str = "",
    recorded: date | None = None,
    note: str = "",
) -> InputUsed:
    return InputUsed(
        input=name,
        value=value,
        unit=unit,
        as_received=as_received,
        recorded=recorded,
        source=source,
        note=note,
    )


def _codes(records: Iterable[_Coded], sources: Collection[str] | None = None) -> list[str]:
    """List the codes by which records were known, each once."""
    named = (one.coded_as for one in records if sources is None or one.source in sources)
    return list(dict.fromkeys(filter(None, named)))


def _exact(day: DayBound | None) -> date | None:
    return day.earliest if day is not None and day.earliest == day.latest else None


def _progressions(known: Assessment) -> list[InputUsed]:
    """A25, A27: every progression on record, and which of them the answer rests on."""
    sorafenib, event = known.treatment.history.sorafenib, known.treatment.progression
    days: dict[str, DayBound | None] = {one.source: one.day for one in known.case.progressions}
    received = {one.source: one.as_received for one in known.case.progressions}
    if sorafenib.progression is Answer.MET:
        days.setdefault(sorafenib.progression_source, sorafenib.progression_day)
    if event is not None:
        days.setdefault(event.source, event.day)
    received = _stop_reasons(known, StopReason.NO_RESPONSE) | received
    return [
        _input(
            "progression",
            value=True,
            source=source,
            as_received=received.get(source, ""),
            recorded=_exact(day),
            note=say_id("separator").join(_on_progression(source, day, known)),
        )
        for source, day in days.items()
    ]


def _on_progression(source: str, day: DayBound | None, known: Assessment) -> list[str]:
    said = [*_codes(known.case.progressions, {source}), *_codes(known.case.drugs, {source})]
    said += [] if _exact(day) is not None else [say_day(day)]
    if any(one.source == source for one in known.case.progressions):
        said.append(say_id("note-date-of-status"))  # A25: nothing names the day of an image
    event = known.treatment.progression
    if event is not None and event.source == source:
        if known.findings.last_dose_long_before_progression:
            gap = known.treatment.exposure.last_dose_to_progression_days
            said.append(say_id("note-last-dose-gap", days=gap))
    elif source == known.treatment.history.sorafenib.progression_source:
        said.append(say_id("note-progression-of-sorafenib"))
    else:
        said.append(say_id("note-progression-beside"))
    return said


def _stop_reasons(known: Assessment, reason: StopReason) -> dict[str, str]:
    """Give the words of each drug record that was ended for a reason, by source."""
    return {
        one.source: say_id("separator").join(
            filter(None, (one.as_received, one.stop_reason_as_received))
        )
        for one in known.case.drugs
        if one.stop_reason is reason
    }


def _exposure(known: Assessment) -> list[InputUsed]:
    """S4, A6: the deciding window; the editorial's literal one in the note where it differs."""
    exposed = known.treatment.exposure
    window = exposed.primary
    if window is None or not known.treatment.history.regimens:
        return stated_input(exposed.stated)
    sources = window_sources(window)
    named = ", ".join(sources)
    if not sources:  # no record speaks of these days: those that were looked at
        sources = tuple(sorted({one.source for one in known.case.drugs if one.drug == SORAFENIB}))
        named = name_sources(sources)
    received = dict.fromkeys(one.as_received for one in known.case.drugs if one.source in sources)
    notes = [*_codes(known.case.drugs, set(sources)), *_exposure_notes(exposed)]
    value = ExposureValue(
        yes=window.yes,
        no=window.no,
        unknown=window.unknown,
        first_day=window.first_day,
        last_day=window.last_day,
        anchor=window.anchor.value,
    )
    counted = _input(
        "sorafenib-exposure",
        value,
        named,
        unit="d",
        as_received=say_id("separator").join(filter(None, received)),
        recorded=window.last_day,
        note=say_id("separator").join(notes),
    )
    return [counted, *stated_input(exposed.stated)]


def _exposure_notes(exposed: SorafenibExposure) -> list[str]:
    """Say what qualifies the count: a window that differs, prescriptions as its only basis."""
    said = []
    literal = exposed.literal
    if exposed.windows_disagree and literal is not None:
        said.append(
            say_id(
                "note-windows-disagree",
                first=literal.first_day,
                last=literal.last_day,
                yes=literal.yes,
                window=len(literal.days),
            )
        )
    if exposed.based_on_prescriptions:
        said.append(say_id("note-from-prescriptions"))
    return said


def _intolerance(known: Assessment) -> list[InputUsed]:
    """A3, A32, A33: intolerance that counts, reactions that did not end sorafenib, allergies."""
    sorafenib = known.treatment.history.sorafenib
    received = _stop_reasons(known, StopReason.INTOLERANCE)
    received |= {one.source: one.as_received for one in known.case.intolerances}
    days = {
        one.source: _exact(one.last_day or one.first_day)
        for one in known.case.drugs
        if one.stop_reason is StopReason.INTOLERANCE
    }
    days |= {one.source: _exact(one.day) for one in known.case.intolerances}
    rows: list[_Row] = [
        ("sorafenib-intolerance", True, one, ()) for one in sorafenib.intolerance_sources
    ]
    taken = sorafenib.status is not SorafenibStatus.NONE
    noted = (say_id("note-did-not-end" if taken else "note-no-sorafenib-record"),)
    rows += [("sorafenib-intolerance", False, one, noted) for one in sorafenib.intolerance_noted]
    rows += [("sorafenib-allergy", True, one, ()) for one in sorafenib.allergy_sources]
    return [
        _input(
            name,
            value,
            source,
            as_received=received.get(source, ""),
            recorded=days.get(source),
            note=say_id("separator").join(
                [*_codes((*known.case.drugs, *known.case.intolerances), {source}), *note]
            ),
        )
        for name, value, source, note in rows
    ]


def _duration(known: Assessment) -> list[InputUsed]:
    """S25: how long sorafenib was taken, for context only."""
    sorafenib = known.treatment.history.sorafenib
    first, last = _exact(sorafenib.first_day), _exact(sorafenib.last_day)
    if first is None or last is None or last < first:
        return []
    sources = sorted({one.source for one in known.case.drugs if one.drug == SORAFENIB})
    days = (last - first).days + 1
    return [
        _input(
            "sorafenib-duration",
            days,
            name_sources(sources),
            unit="d",
            as_received=say_id("day-between", earliest=first, latest=last),
            recorded=last,
        )
    ]


def _line(regimen: Regimen, remark: str = "") -> InputUsed:
    """A19, A20: one earlier line, its days, and how it ended."""
    if regimen.failure is Answer.MET:
        ended = [say_id(f"note-failed-{kind}") for kind in regimen.failure_kinds]
    else:
        ended = [say_id("note-running" if regimen.running else "note-ended")]
    sources = sorted({record.source for record in regimen.records})
    received = dict.fromkeys(record.as_received for record in regimen.records)
    span = say_id("days-of-line", first=say_day(regimen.first_day), last=_last_day(regimen))
    return _input(
        "prior-lines",
        name_drugs(regimen.drugs),
        ", ".join(sources),
        as_received=say_id("separator").join(filter(None, received)),
        recorded=_exact(regimen.first_day),
        note=say_id("separator").join(
            [*_codes(regimen.records), *([say_id(remark)] if remark else []), span, *ended]
        ),
    )


def _last_day(regimen: Regimen) -> str:
    return say_id("day-today") if regimen.running else say_day(regimen.last_day)
