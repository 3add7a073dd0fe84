"""Observations: status, time and value of each, and the laboratory readings among them."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Final

import msgspec

from fhir_mappings.chart.projections import Observation
from fhir_mappings.chart.subjects import source_of
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.dates import When, days_of, is_future, when_effective
from fhir_mappings.values.quantities import Amount, amount, amount_in_text
from fhir_mappings.values.units import Factors
from hcc_pathway.answer import Phrase
from hcc_pathway.case import IgnoredRecord, Reading

ANALYTES: Final = ("alpha-fetoprotein", "bilirubin", "albumin", "inr")
_USABLE: Final = frozenset({"final", "amended", "corrected"})
NAMED_STATES: Final = frozenset(
    {"entered-in-error", "cancelled", "preliminary", "registered", "unknown"}
)


class Place(msgspec.Struct, frozen=True):
    """Where and when a chart is read: what turns its times into calendar days."""

    on: date
    zone: tzinfo


class Dated(msgspec.Struct, frozen=True, gc=False):
    """A usable observation with its time and the value sets of its code."""

    observation: Observation
    value_sets: frozenset[str]
    time: When
    day: date  # the earliest calendar day of the site on which it may have been made
    source: str
    book: CodeBook

    @property
    def coded_as(self) -> str:
        """The code as read: "LOINC 1834-1"."""
        return self.book.cite(self.observation.code)


def dated(
    observations: Iterable[Observation], book: CodeBook, place: Place
) -> tuple[list[Dated], list[IgnoredRecord]]:
    """Sort observations into usable ones and ignored ones with the reason."""
    usable: list[Dated] = []
    ignored: list[IgnoredRecord] = []
    for observation in observations:
        source = source_of("Observation", observation.id)
        found = _dated(observation, source, book, place)
        if isinstance(found, Phrase):
            ignored.append(IgnoredRecord(source, found))
        else:
            usable.append(found)
    return usable, ignored


def _dated(observation: Observation, source: str, book: CodeBook, place: Place) -> Dated | Phrase:
    if observation.status not in _USABLE:
        return _status_refused(observation.status)
    time = when_effective(
        observation.effective_date_time,
        observation.effective_period,
        observation.effective_instant,
        place.zone,
    )
    if time is None:
        return Phrase.of("ignored-no-date")
    exact = days_of(observation.effective_date_time, place.zone)
    day = exact.earliest if exact else time.earliest.astimezone(place.zone).date()
    if is_future(day, place.on):
        return Phrase.of("ignored-future-date")
    if observation.data_absent_reason is not None and not _has_value(observation):
        return Phrase.of("ignored-no-value")
    return Dated(observation, book.value_sets(observation.code), time, day, source, book)


def _status_refused(status: str | None) -> Phrase:
    if status in NAMED_STATES:
        return Phrase.of(f"ignored-status-{status}")
    return Phrase.of("ignored-status-not-known")


def _has_value(observation: Observation) -> bool:
    return any(
        value is not None
        for value in (
            observation.value_quantity,
            observation.value_integer,
            observation.value_string,
            observation.value_codeable_concept,
            observation.value_boolean,
        )
    )


def reading(analyte: str, found: Dated, factors: Factors) -> Reading | Phrase:
    """Read the value of a laboratory observation, or say why it is not used."""
    if f"{analyte}-excluded" in found.value_sets:
        return Phrase.of("ignored-other-specimen")
    value = _amount(analyte, found.observation, factors)
    if isinstance(value, Phrase):
        return value
    return Reading(
        low=value.low,
        high=value.high,
        low_included=value.low_included,
        high_included=value.high_included,
        unit=value.unit,
        as_received=value.as_received,
        earliest=found.time.earliest,
        latest=found.time.latest,
        recorded_on=found.day,
        source=found.source,
        coded_as=found.coded_as,
        notes=value.notes,
    )


def _amount(analyte: str, observation: Observation, factors: Factors) -> Amount | Phrase:
    if observation.value_quantity is not None:
        return amount(analyte, observation.value_quantity, factors)
    if observation.value_string is not None:
        return amount_in_text(analyte, observation.value_string, factors)
    if observation.value_integer is not None:
        return amount_in_text(analyte, str(observation.value_integer), factors)
    return Phrase.of("ignored-no-value")
