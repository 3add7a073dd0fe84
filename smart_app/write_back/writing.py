"""One confirmed write-back: each answer created once, and what became of it said."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import structs

from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import Fault, FetchFailed
from fhir_mappings.outgoing.clinician_observations import Authorship
from hcc_pathway.clinician_answers.answers import (
    AnswerRefused,
    answers_from_json,
)
from hcc_pathway.clinician_answers.usable import require_usable
from hcc_pathway.errors import HccCdsError
from smart_app.launch.chart_opening import ChartOpening
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration
from smart_app.launch.scopes import Grant
from smart_app.sessions.contents import OpenSession, WrittenFact
from smart_app.sessions.sessions import Sessions
from smart_app.write_back.facts import (
    AnsweredFact,
    ObservationNames,
    WhoAndWhose,
    answered_facts,
    shown_as,
)

WRITE_SECONDS: Final = 8.0
_TYPE: Final = "Observation"
_SEARCH_BYTES: Final = 1_000_000
_log = logging.getLogger("cds_service.smart")


class Outcome(StrEnum):
    """What became of one answer."""

    WRITTEN = "written"
    THERE_ALREADY = "there-already"
    REFUSED = "refused"
    NOT_KNOWN = "not-known"  # it was sent, and no answer came


@dataclass(frozen=True, slots=True)
class Written:
    """One answer, and what became of it."""

    fact: AnsweredFact
    outcome: Outcome


class AnswersChanged(HccCdsError):  # noqa: N818 (the name says what happened)
    """What was confirmed is not what would be written now; ``facts`` is what would be."""

    def __init__(self, facts: Sequence[AnsweredFact]) -> None:
        """Take the facts of the session as they are now."""
        super().__init__("the answers have changed since they were shown")
        self.facts = tuple(facts)


class _Identifier(msgspec.Struct, frozen=True):
    system: str = ""
    value: str = ""


class _Resource(msgspec.Struct, frozen=True):
    identifier: tuple[_Identifier, ...] = ()


class _Entry(msgspec.Struct, frozen=True):
    resource: _Resource = _Resource()


class _Found(msgspec.Struct, frozen=True):
    entry: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """What of the site a write-back needs. ``note``: where it was recorded, in words."""

    names: ObservationNames
    today: Callable[[], date]
    note: str


class WriteBack:
    """Writes the answers of the present request's session to its EHR."""

    def __init__(self, opening: ChartOpening, sessions: Sessions, site: Site) -> None:
        """Take the parts; nothing is written yet."""
        self._opening = opening
        self._sessions = sessions
        self._site = site

    def write(self, confirmed: Sequence[str]) -> tuple[Written, ...]:
        """Write the confirmed answers, once each, however often it is asked.

        Args:
            confirmed: what the page showed of each, as ``shown_as`` names it.

        Raises:
            AnswersChanged: one of them is not as it was shown; nothing was written.
            LaunchProblem: no session, no right to write, no proven author, or nothing to write.
            SessionsUnavailable: the database cannot be had now.

        """
        deadline = Deadline.after(WRITE_SECONDS)
        found, ehr = self._opening.current_with_fresh_token(deadline)
        with self._sessions.turn(found.session_id):
            now = self._sessions.find(found.session_id)
            if now is None:
                raise LaunchProblem(Problem.SESSION_OVER)
            facts = self._facts(now.session, confirmed)
            clinician = _require_author(now.session)
            return tuple(
                self._once(now.session_id, fact, clinician, ehr, deadline) for fact in facts
            )

    def _facts(self, session: OpenSession, confirmed: Sequence[str]) -> list[AnsweredFact]:
        """Give the facts that were confirmed, and only as they were shown."""
        now = {shown_as(one, _about(session)): one for one in self._answered(session)}
        if not confirmed or not now:
            raise LaunchProblem(Problem.NOTHING_TO_WRITE)
        if not now.keys() >= {*confirmed}:
            raise AnswersChanged([*now.values()])
        return [one for name, one in now.items() if name in confirmed]

    def _answered(self, session: OpenSession) -> Iterator[AnsweredFact]:
        on = self._site.today()
        try:
            answers = answers_from_json(session.answers)
            require_usable(answers, on)
        except AnswerRefused:
            return
        yield from answered_facts(answers, on)

    def _once(
        self,
        session_id: str,
        fact: AnsweredFact,
        clinician: str,
        ehr: Registration,
        deadline: Deadline,
    ) -> Written:
        found = self._sessions.find(session_id)
        if found is None:
            raise LaunchProblem(Problem.SESSION_OVER)
        before = found.session.written.get(fact.digest)
        if before is not None and before.source != WrittenFact.NOT_KNOWN:
            return Written(fact, Outcome.THERE_ALREADY)
        about = self._authorship(found.session, fact, clinician)
        outcome: Outcome = Outcome.THERE_ALREADY
        place: str | None = _TYPE
        if before is None or not _is_there(found.session, about, ehr, deadline):
            outcome, place = _create(found.session, fact, about, ehr, deadline)
        if place is not None:
            self._sessions.change(session_id, lambda now: _with_written(now, fact, place))
        fields = {"ehr": ehr.ehr_name, "answer": fact.kind.value, "outcome": outcome.value}
        _log.info("answer written back", extra={"fields": fields})
        return Written(fact, outcome)

    def _authorship(self, session: OpenSession, fact: AnsweredFact, clinician: str) -> Authorship:
        """Say who speaks of whom."""
        return Authorship(
            patient_id=session.patient_id,
            clinician=clinician,
            issued=datetime.now(UTC),
            identifier=self._site.names.of(fact, _about(session)),
            note=self._site.note,
        )


def _require_author(session: OpenSession) -> str:
    if not Grant(session.asked_scopes, session.granted_scopes).creates(_TYPE):
        raise LaunchProblem(Problem.NOT_WRITABLE)
    if session.clinician is None:
        raise LaunchProblem(Problem.AUTHOR_UNKNOWN)
    return session.clinician


def _create(
    session: OpenSession,
    fact: AnsweredFact,
    about: Authorship,
    ehr: Registration,
    deadline: Deadline,
) -> tuple[Outcome, str | None]:
    """Create the resource; gives also what is remembered of it, None: nothing was done."""
    try:
        place = ehr.server.create(
            _TYPE,
            fact.resource(about),
            token=session.access_token,
            unless_there=f"identifier={'|'.join(about.identifier)}",
            deadline=deadline,
        )
    except FetchFailed as failed:
        if failed.fault in _NEVER_ARRIVED:
            return Outcome.REFUSED, None
        return Outcome.NOT_KNOWN, WrittenFact.NOT_KNOWN
    return Outcome.WRITTEN, place or _TYPE


_NEVER_ARRIVED: Final = frozenset(
    {Fault.REFUSED, Fault.NOT_THERE, Fault.REJECTED, Fault.BUSY, Fault.REDIRECT, Fault.TLS}
)


def _is_there(
    session: OpenSession, about: Authorship, ehr: Registration, deadline: Deadline
) -> bool:
    """Look for what was sent before without an answer; servers may give more than was asked."""
    system, own = about.identifier
    search = f"/{_TYPE}?patient={session.patient_id}&identifier={system}|{own}"
    try:
        body = ehr.server.read(
            search,
            token=session.access_token,
            deadline=deadline,
            budget=ByteBudget(_SEARCH_BYTES),
        )
        found = msgspec.json.decode(body, type=_Found)
    except (FetchFailed, msgspec.DecodeError):
        return False
    wanted = _Identifier(system, own)
    return any(wanted in one.resource.identifier for one in found.entry)


def _about(session: OpenSession) -> WhoAndWhose:
    return WhoAndWhose(session.ehr_name, session.patient_id, session.clinician)


def _with_written(session: OpenSession, fact: AnsweredFact, place: str) -> OpenSession:
    sent = WrittenFact(fact.kind.value, fact.said, fact.day, place)
    return structs.replace(session, written=session.written | {fact.digest: sent})
