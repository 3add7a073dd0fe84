"""The inputs about sorafenib and the lines of therapy, as the answer used them."""

from datetime import date

from hcc_pathway.answer import Answer
from hcc_pathway.assessment import Assessment
from hcc_pathway.case import DayBound
from hcc_pathway.knowledge_base import KnowledgeOnDay
from hcc_pathway.lines_of_therapy import Regimen
from hcc_pathway.reasons import name_drugs, name_sources, say_day, window_sources
from hcc_pathway.recommendation import ExposureValue, InputUsed
from hcc_pathway.wording import say_id


def inputs_of_treatment(known: Assessment, knowledge: KnowledgeOnDay) -> list[InputUsed]:
    """List progression, exposure, intolerance, allergy, duration and earlier lines."""
    del knowledge
    return [
        *_progression(known),
        *_exposure(known),
        *_intolerance(known),
        *_duration(known),
        *(_line(regimen) for regimen in known.treatment.history.regimens),
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


def _exact(day: DayBound | None) -> date | None:
    return day.earliest if day is not None and day.earliest == day.latest else None


def _progression(known: Assessment) -> list[InputUsed]:
    """A25, A27: the progression that the answer rests on."""
    event = known.treatment.progression
    if event is None:
        return []
    received = [one.as_received for one in known.case.progressions if one.source == event.source]
    gap = known.treatment.exposure.last_dose_to_progression_days
    said = []
    if _exact(event.day) is None:
        said.append(say_day(event.day))
    if known.findings.last_dose_long_before_progression:
        said.append(say_id("note-last-dose-gap", days=gap))
    return [
        _input(
            "progression",
            value=True,
            source=event.source,
            as_received=received[0] if received else "",
            recorded=_exact(event.day),
            note=say_id("separator").join(said),
        )
    ]


def _exposure(known: Assessment) -> list[InputUsed]:
    """S4, A6: the deciding window; the editorial's literal one in the note where it differs."""
    exposed = known.treatment.exposure
    window, literal = exposed.primary, exposed.literal
    if window is None or not known.treatment.history.regimens:
        return []
    said = []
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
    sources = window_sources(window)
    received = dict.fromkeys(one.as_received for one in known.case.drugs if one.source in sources)
    value = ExposureValue(
        yes=window.yes,
        no=window.no,
        unknown=window.unknown,
        first_day=window.first_day,
        last_day=window.last_day,
        anchor=window.anchor.value,
    )
    return [
        _input(
            "sorafenib-exposure",
            value,
            ", ".join(sources),
            unit="d",
            as_received=say_id("separator").join(filter(None, received)),
            recorded=window.last_day,
            note=say_id("separator").join(said),
        )
    ]


def _intolerance(known: Assessment) -> list[InputUsed]:
    """A3, A32, A33: intolerance that counts, reactions that did not end sorafenib, allergies."""
    sorafenib = known.treatment.history.sorafenib
    received = {one.source: one.as_received for one in known.case.drugs}
    received |= {one.source: one.as_received for one in known.case.intolerances}
    days = {one.source: _exact(one.day) for one in known.case.intolerances}
    rows = [("sorafenib-intolerance", True, one, "") for one in sorafenib.intolerance_sources]
    noted = say_id("note-did-not-end")
    rows += [("sorafenib-intolerance", False, one, noted) for one in sorafenib.intolerance_noted]
    rows += [("sorafenib-allergy", True, one, "") for one in sorafenib.allergy_sources]
    return [
        _input(
            name,
            value,
            source,
            as_received=received.get(source, ""),
            recorded=days.get(source),
            note=note,
        )
        for name, value, source, note in rows
    ]


def _duration(known: Assessment) -> list[InputUsed]:
    """S25: how long sorafenib was taken, for context only."""
    sorafenib = known.treatment.history.sorafenib
    first, last = _exact(sorafenib.first_day), _exact(sorafenib.last_day)
    if first is None or last is None or last < first:
        return []
    sources = sorted({one.source for one in known.case.drugs if one.drug == "sorafenib"})
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


def _line(regimen: Regimen) -> InputUsed:
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
        note=say_id("separator").join([span, *ended]),
    )


def _last_day(regimen: Regimen) -> str:
    return say_id("day-today") if regimen.running else say_day(regimen.last_day)
