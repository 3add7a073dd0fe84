"""Which answers can be written to a chart: those with a verified code that we read back."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

from fhir_mappings.outgoing.clinician_observations import (
    ECOG,
    NOT_TOLERATED,
    PROGRESSION,
    Authorship,
    ecog_observation,
    intolerance_observation,
    progression_observation,
)
from hcc_pathway.clinician_answers.answers import ClinicianAnswers

_DIGEST: Final = 32


class Writable(StrEnum):
    """The answers that have a resource of their own; named as the inputs of a document."""

    PROGRESSION = "progression"
    INTOLERANCE = "sorafenib-intolerance"
    ECOG = "ecog"


# the code that tells the kinds apart in a chart
CODES: Final = {
    PROGRESSION[0][1]: Writable.PROGRESSION,
    NOT_TOLERATED[0][1]: Writable.INTOLERANCE,
    ECOG[1]: Writable.ECOG,
}


@dataclass(frozen=True, slots=True)
class AnsweredFact:
    """One answer as it is written. ``said`` tells it from another answer to the same question.

    ``codings`` are the code and, where it is coded, the value: system, code, display.
    """

    kind: Writable
    day: date
    said: str
    codings: tuple[tuple[str, str, str], ...]
    resource: Callable[[Authorship], bytes]

    @property
    def digest(self) -> str:
        """Name this answer on its day: the same answer again has the same name."""
        return sha256(f"{self.kind} {self.said} {self.day}".encode()).hexdigest()[:_DIGEST]


@dataclass(frozen=True, slots=True)
class WhoAndWhose:
    """In whose name something is written, and to whose chart in which EHR."""

    ehr_name: str
    patient_id: str
    clinician: str | None


@dataclass(frozen=True, slots=True)
class ObservationNames:
    """How the Observations of answers are named, so that each is there once."""

    secret: bytes = field(repr=False)
    system: str

    def of(self, fact: AnsweredFact, about: WhoAndWhose) -> tuple[str, str]:
        """Give an identifier, which tells nothing to whoever lacks our secret."""
        said = f"write-back {about.ehr_name} {about.patient_id} {fact.digest}"
        own = hmac.digest(self.secret, said.encode(), "sha256").hex()[:_DIGEST]
        return self.system, own


def shown_as(fact: AnsweredFact, about: WhoAndWhose) -> str:
    """Name a fact with all that is shown of it: what a clinician confirms is this and no other."""
    all_of_it = [
        about.ehr_name,
        about.patient_id,
        about.clinician,
        fact.kind,
        fact.said,
        fact.day,
        fact.codings,
    ]
    return f"{fact.kind}.{sha256(msgspec.json.encode(all_of_it)).hexdigest()[:_DIGEST]}"


def answered_facts(answers: ClinicianAnswers, on: date) -> Iterator[AnsweredFact]:
    """Give what can be written of these answers, each with its own day or that of its answer.

    A "no" is not written: no verified code says "not progressed" or "tolerated" as it was asked.

    Args:
        answers: those of the session, usable on the day.
        on: the service's day, for answers that keep no day at all.

    """
    if answers.progressed and answers.progressed_on is not None:
        yield _progression(answers.progressed_on)
    if answers.not_tolerated:
        yield _intolerance(answers.stopped_on or answers.day_of("not_tolerated", on))
    if answers.ecog is not None:
        yield _ecog(answers.ecog, answers.day_of("ecog", on))


def _progression(day: date) -> AnsweredFact:
    return AnsweredFact(
        Writable.PROGRESSION,
        day,
        "yes",
        PROGRESSION,
        lambda about: progression_observation(about, day),
    )


def _intolerance(day: date) -> AnsweredFact:
    return AnsweredFact(
        Writable.INTOLERANCE,
        day,
        "yes",
        NOT_TOLERATED,
        lambda about: intolerance_observation(about, day),
    )


def _ecog(grade: int, day: date) -> AnsweredFact:
    return AnsweredFact(
        Writable.ECOG,
        day,
        str(grade),
        (ECOG,),
        lambda about: ecog_observation(about, day, grade),
    )
