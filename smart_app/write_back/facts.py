"""Which answers can be written to a chart: those with a verified code that we read back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from hashlib import sha256

from fhir_mappings.outgoing.clinician_observations import (
    Authorship,
    ecog_observation,
    intolerance_observation,
    progression_observation,
)
from hcc_pathway.clinician_answers.answers import ClinicianAnswers


class Writable(StrEnum):
    """The answers that have a resource of their own."""

    PROGRESSION = "progression"
    INTOLERANCE = "sorafenib-intolerance"
    ECOG = "ecog"


@dataclass(frozen=True, slots=True)
class AnsweredFact:
    """One answer as it is written. ``said`` tells it from another answer to the same question."""

    kind: Writable
    effective: date | datetime
    said: str
    resource: Callable[[Authorship], bytes]

    @property
    def digest(self) -> str:
        """Name this answer on its day: the same answer again has the same name."""
        day = self.effective.date() if isinstance(self.effective, datetime) else self.effective
        return sha256(f"{self.kind} {self.said} {day}".encode()).hexdigest()[:32]


def answered_facts(answers: ClinicianAnswers, on: date, zone: tzinfo) -> Iterator[AnsweredFact]:
    """Give what can be written of these answers.

    A "no" is not written: no verified code says "not progressed" or "tolerated" as it was asked.

    Args:
        answers: those of the session, usable on the day.
        on: the service's day, for answers that have no day of their own.
        zone: the site's.

    """
    if answers.progressed and answers.progressed_on is not None:
        yield _progression(answers.progressed_on)
    if answers.not_tolerated:
        yield _intolerance(answers.stopped_on or on)
    if answers.ecog is not None:
        yield _ecog(answers.ecog, _moment(answers, on, zone))


def _progression(day: date) -> AnsweredFact:
    return AnsweredFact(
        Writable.PROGRESSION, day, "yes", lambda about: progression_observation(about, day)
    )


def _intolerance(day: date) -> AnsweredFact:
    return AnsweredFact(
        Writable.INTOLERANCE, day, "yes", lambda about: intolerance_observation(about, day)
    )


def _ecog(grade: int, moment: date | datetime) -> AnsweredFact:
    return AnsweredFact(
        Writable.ECOG, moment, str(grade), lambda about: ecog_observation(about, moment, grade)
    )


def _moment(answers: ClinicianAnswers, on: date, zone: tzinfo) -> date | datetime:
    """Give the moment of the answers where it lies on the service's day, else the day."""
    at = answers.answered_at
    if at is None or at.tzinfo is None or at.astimezone(zone).date() != on:
        return on
    return at.astimezone(zone).replace(microsecond=0)
