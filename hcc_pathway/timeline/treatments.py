"""Lines of therapy and the events that ended them, with their days as far as recorded."""

from collections.abc import Iterator

from hcc_pathway.drug_record import DrugRecord, DrugStatus, StopReason
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.timeline.parts import Event, LinePeriod
from hcc_pathway.treatment_history.lines_of_therapy import Regimen
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB


def line_periods(known: Assessment) -> tuple[LinePeriod, ...]:
    """Give the systemic lines in order, then drugs of earlier lines that were given again."""
    history = known.treatment.history
    return (
        *(_period(one, again=False) for one in history.regimens),
        *(_period(one, again=True) for one in history.repeated),
    )


def _period(regimen: Regimen, *, again: bool) -> LinePeriod:
    first, last = regimen.first_day, None if regimen.running else regimen.last_day
    return LinePeriod(
        drugs=regimen.drugs,
        first_earliest=None if first is None else first.earliest,
        first_latest=None if first is None else first.latest,
        last_earliest=None if last is None else last.earliest,
        last_latest=None if last is None else last.latest,
        running=regimen.running,
        again=again,
        failed=tuple(kind.value for kind in regimen.failure_kinds),
        sources=tuple(sorted({record.source for record in regimen.records})),
    )


def events_of(known: Assessment) -> tuple[Event, ...]:
    """Give progression and intolerance as recorded, by day; those without a day come last."""
    found = {*_progressions(known), *_intolerances(known), *_stops(known)}
    return tuple(
        sorted(found, key=lambda one: (one.earliest is None, one.earliest, one.source, one.kind))
    )


def _progressions(known: Assessment) -> Iterator[Event]:
    deciding = _deciding_progressions(known)
    for record in known.case.progressions:
        yield Event(
            kind="progression",
            earliest=record.day.earliest,
            latest=record.day.latest,
            drug="",
            as_received=record.as_received,
            source=record.source,
            decides=record.source in deciding,
        )


def _deciding_progressions(known: Assessment) -> set[str]:
    event = known.treatment.progression
    named = {known.treatment.history.sorafenib.progression_source}
    return (named | {event.source} if event is not None else named) - {""}


def _intolerances(known: Assessment) -> Iterator[Event]:
    sorafenib = known.treatment.history.sorafenib
    for record in known.case.intolerances:
        yield Event(
            kind="allergy" if record.is_allergy else "adverse-event",
            earliest=None if record.day is None else record.day.earliest,
            latest=None if record.day is None else record.day.latest,
            drug=SORAFENIB,
            as_received=record.as_received,
            source=record.source,
            decides=record.source in sorafenib.intolerance_sources,
        )


def _stops(known: Assessment) -> Iterator[Event]:
    """Give the stops of drugs that say progression or intolerance as their reason."""
    progression = _deciding_progressions(known)
    not_tolerated = set(known.treatment.history.sorafenib.intolerance_sources)
    for record in known.case.drugs:
        if record.stop_reason is StopReason.NO_RESPONSE:
            yield _stop(record, decides=record.source in progression)
        if record.stop_reason is StopReason.INTOLERANCE:
            yield _stop(record, decides=record.source in not_tolerated)


def _stop(record: DrugRecord, *, decides: bool) -> Event:
    """Date a stop by the record's end, or by the start of what says "not taken"."""
    given_up = record.first_day if record.status is DrugStatus.NOT_TAKEN else None
    day = record.last_day or given_up
    no_response = record.stop_reason is StopReason.NO_RESPONSE
    return Event(
        kind="progression" if no_response else "intolerance",
        earliest=None if day is None else day.earliest,
        latest=None if day is None else day.latest,
        drug=record.drug,
        as_received=record.stop_reason_as_received or record.as_received,
        source=record.source,
        decides=decides,
    )
