"""One confirmed write-back: each answer created once, and what became of it said."""

import hmac
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
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
from smart_app.launch.chart_opening import ChartOpening
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration
from smart_app.launch.scopes import Grant
from smart_app.sessions.contents import OpenSession
from smart_app.sessions.sessions import Sessions
from smart_app.write_back.facts import AnsweredFact, Writable, answered_facts

WRITE_SECONDS: Final = 8.0
_TYPE: Final = "Observation"
_NOT_KNOWN: Final = "?"
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

    kind: Writable
    outcome: Outcome


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

    secret: bytes
    public_url: str
    today: Callable[[], date]
    zone: tzinfo
    note: str


class WriteBack:
    """Writes the answers of the present request's session to its EHR."""

    def __init__(self, opening: ChartOpening, sessions: Sessions, site: Site) -> None:
        """Take the parts; nothing is written yet."""
        self._opening = opening
        self._sessions = sessions
        self._site = site

    def write(self, wanted: Collection[str]) -> tuple[Written, ...]:
        """Write the wanted answers, once each, however often it is asked.

        Raises:
            LaunchProblem: no session, no right to write, no proven author, or nothing to write.
            SessionsUnavailable: the database cannot be had now.

        """
        deadline = Deadline.after(WRITE_SECONDS)
        found, ehr = self._opening.current_with_fresh_token(deadline)
        with self._sessions.turn(found.session_id):
            now = self._sessions.find(found.session_id)
            if now is None:
                raise LaunchProblem(Problem.SESSION_OVER)
            facts = [*self._facts(now.session, wanted)]
            if not facts:
                raise LaunchProblem(Problem.NOTHING_TO_WRITE)
            clinician = _require_author(now.session)
            return tuple(
                self._once(now.session_id, fact, clinician, ehr, deadline) for fact in facts
            )

    def _facts(self, session: OpenSession, wanted: Collection[str]) -> Iterator[AnsweredFact]:
        on = self._site.today()
        try:
            answers = answers_from_json(session.answers)
            require_usable(answers, on)
        except AnswerRefused:
            return
        for fact in answered_facts(answers, on, self._site.zone):
            if fact.kind in wanted:
                yield fact

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
        if before is not None and before != _NOT_KNOWN:
            return Written(fact.kind, Outcome.THERE_ALREADY)
        about = self._authorship(found.session, fact, clinician)
        outcome: Outcome = Outcome.THERE_ALREADY
        place: str | None = _TYPE
        if before is None or not _is_there(found.session, about, ehr, deadline):
            outcome, place = _create(found.session, fact, about, ehr, deadline)
        if place is not None:
            self._sessions.change(session_id, lambda now: _with_written(now, fact.digest, place))
        fields = {"ehr": ehr.ehr_name, "answer": fact.kind.value, "outcome": outcome.value}
        _log.info("answer written back", extra={"fields": fields})
        return Written(fact.kind, outcome)

    def _authorship(self, session: OpenSession, fact: AnsweredFact, clinician: str) -> Authorship:
        """Say who speaks of whom; the identifier tells nothing to whoever lacks our secret."""
        said = f"write-back {session.ehr_name} {session.patient_id} {fact.digest}"
        own = hmac.digest(self._site.secret, said.encode(), "sha256").hex()[:32]
        return Authorship(
            patient_id=session.patient_id,
            clinician=clinician,
            issued=datetime.now(UTC),
            identifier=(f"{self._site.public_url}/smart/write-back", own),
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
        return Outcome.NOT_KNOWN, _NOT_KNOWN
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


def _with_written(session: OpenSession, digest: str, place: str) -> OpenSession:
    return structs.replace(session, written=session.written | {digest: place})
