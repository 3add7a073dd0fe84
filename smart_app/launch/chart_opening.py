"""The chart of a session, read for one request with its token, which is renewed where it ends."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from flask import g, request
from msgspec import structs

from fhir_access.access import Access, OutgoingCall
from fhir_access.deadline import Deadline
from fhir_access.fetched_chart import FetchedChart
from fhir_access.searches import resource_type_of
from fhir_mappings.chart.bundles_received import SearchReceived
from fhir_mappings.chart.pages import SearchPages
from fhir_mappings.chart.record import ChartSources, answer_under
from fhir_mappings.clinical_facts.patient_name import patient_birth_date, patient_name
from fhir_mappings.errors import NeededDataAbsent
from hcc_pathway.case import Availability
from smart_app.launch.authorization import renewed_tokens
from smart_app.launch.open_now import OpenNow
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration, Registrations
from smart_app.launch.scopes import Grant, narrowed
from smart_app.opened_chart import OpenedChart
from smart_app.page.chart_text import visible
from smart_app.sessions.contents import OpenSession
from smart_app.sessions.cookies import Cookies
from smart_app.sessions.sessions import Opened, Sessions

_NAME_SECONDS: Final = 2.0
_PATIENT: Final = "patient"
READ_SECONDS: Final = 8.0  # for a whole page: tokens renewed and the chart read
_RENEWED_BEFORE_SECONDS: Final = 30
_WRITABLE: Final = ("Observation",)
_NOT_HAD: Final = SearchPages((), Availability.FAILED)


@dataclass(frozen=True, slots=True)
class ReadingOfCharts:
    """How charts are read: as a hook call reads them."""

    templates: Mapping[str, str]
    most_bytes: int
    note_calls: Callable[[Sequence[OutgoingCall]], None]


class ChartOpening:
    """Gives the chart that the present request's session opened."""

    def __init__(
        self,
        registrations: Registrations,
        sessions: Sessions,
        cookies: Cookies,
        reading: ReadingOfCharts,
    ) -> None:
        """Take the parts; nothing is read yet."""
        self._registrations = registrations
        self._sessions = sessions
        self._cookies = cookies
        self._reading = reading

    def opened_chart(self) -> OpenedChart:
        """Read the chart for this request.

        Raises:
            LaunchProblem: there is no session, or the EHR no longer takes its token.
            NeededDataAbsent: the server gave somebody else's Patient.
            SessionsUnavailable: the database cannot be had now.

        """
        deadline = Deadline.after(READ_SECONDS)
        found, ehr = self.current()
        session = self._with_fresh_token(found, ehr, deadline).session
        sources, refused = self._read(session, ehr, deadline)
        if refused:
            session = self._renew(found.session_id, session, ehr, deadline).session
            sources, refused = self._read(session, ehr, deadline)
        if refused:
            self._sessions.end(found.session_id)
            raise LaunchProblem(Problem.TOKEN_REFUSED)
        return _opened(session, sources, self._types())

    def current(self) -> tuple[Opened, Registration]:
        """Give the session of this request and its EHR; raises LaunchProblem."""
        session_id = self._cookies.session_of(request)
        found = None if session_id is None else self._sessions.find(session_id)
        ehr = None if found is None else self._registrations.of(found.session)
        if found is None or ehr is None:
            raise LaunchProblem(Problem.SESSION_OVER)
        g.smart_ehr = ehr
        return found, ehr

    def current_with_fresh_token(self, deadline: Deadline) -> tuple[Opened, Registration]:
        """Give the session of this request with a token that still lasts; raises LaunchProblem."""
        found, ehr = self.current()
        return self._with_fresh_token(found, ehr, deadline), ehr

    def open_now(self, session: OpenSession, ehr: Registration) -> OpenNow:
        """Name the patient of a session; what cannot be read of the Patient now is left out."""
        name, born = "", ""
        with suppress(NeededDataAbsent):
            sources, _ = self._read(
                session, ehr, Deadline.after(_NAME_SECONDS), frozenset({_PATIENT})
            )
            name = visible(patient_name(sources, session.patient_id))
            born = patient_birth_date(sources, session.patient_id)
        return OpenNow(session.ehr_name, session.patient_id, name, born)

    def keep_answers(self, answers: bytes) -> None:
        """Keep what the clinician answered, as the page wrote it, until the session ends."""
        found, _ = self.current()
        kept = self._sessions.change(
            found.session_id, lambda session: structs.replace(session, answers=answers)
        )
        if kept is None:
            raise LaunchProblem(Problem.SESSION_OVER)

    def _with_fresh_token(self, found: Opened, ehr: Registration, deadline: Deadline) -> Opened:
        if self._sessions.clock() < found.session.token_ends_at - _RENEWED_BEFORE_SECONDS:
            return found
        if found.session.refresh_token is None:
            if self._sessions.clock() < found.session.token_ends_at:
                return found
            self._sessions.end(found.session_id)
            raise LaunchProblem(Problem.SESSION_OVER, "token expired")
        return self._renew(found.session_id, found.session, ehr, deadline)

    def _renew(
        self, session_id: str, seen: OpenSession, ehr: Registration, deadline: Deadline
    ) -> Opened:
        """Renew the token once, however many requests find it spent; raises LaunchProblem."""
        with self._sessions.turn(session_id):
            now = self._sessions.find(session_id)
            if now is None:
                raise LaunchProblem(Problem.SESSION_OVER)
            if now.session.access_token != seen.access_token:
                return now  # another request was faster
            if now.session.refresh_token is None:
                self._sessions.end(session_id)
                raise LaunchProblem(Problem.TOKEN_REFUSED)
            return self._exchange(
                session_id, now.session, now.session.refresh_token, ehr, deadline
            )

    def _exchange(
        self,
        session_id: str,
        session: OpenSession,
        refresh_token: str,
        ehr: Registration,
        deadline: Deadline,
    ) -> Opened:
        try:
            tokens = renewed_tokens(ehr, session.token_endpoint, refresh_token, deadline)
        except LaunchProblem as problem:
            if problem.problem is Problem.SESSION_OVER:
                self._sessions.end(session_id)
            raise
        if tokens.said.get("patient", session.patient_id) != session.patient_id:
            self._sessions.end(session_id)
            raise LaunchProblem(Problem.SESSION_OVER, "another patient")
        changed = self._sessions.change(
            session_id,
            lambda session: structs.replace(
                session,
                access_token=tokens.access_token,
                token_ends_at=tokens.ends_at,
                refresh_token=tokens.refresh_token,
                granted_scopes=narrowed(session.granted_scopes, tokens.scopes),
            ),
        )
        if changed is None:
            raise LaunchProblem(Problem.SESSION_OVER)
        return changed

    def _read(
        self,
        session: OpenSession,
        ehr: Registration,
        deadline: Deadline,
        keys: Collection[str] | None = None,
    ) -> tuple[ChartSources, bool]:
        """Read what was granted; what was asked for and not granted could not be had."""
        grant, types = Grant(session.asked_scopes, session.granted_scopes), self._types()
        types = types if keys is None else {key: types[key] for key in keys}
        access = Access(
            ehr.server,
            token=session.access_token,
            deadline=deadline,
            most_bytes=self._reading.most_bytes,
        )
        readable = [key for key, kind in types.items() if grant.reads(kind)]
        templates = {key: self._reading.templates[key] for key in readable}
        refused = [key for key in types if key not in readable and grant.asks(types[key])]
        chart = FetchedChart(
            dict.fromkeys(refused, _NOT_HAD),
            patient_id=session.patient_id,
            templates=templates,
            access=access,
            fhir_base=ehr.fhir_base,
        )
        try:
            sources = chart.sources(readable)
        finally:
            self._reading.note_calls(access.calls)
        for key in readable:
            if grant.reads_some_only(types[key]):
                _declare_cut(sources, key)
        return sources, access.token_refused

    def _types(self) -> dict[str, str]:
        return {key: resource_type_of(one) for key, one in self._reading.templates.items()}


def _declare_cut(sources: ChartSources, key: str) -> None:
    """Say that a grant for some resources of a type leaves others unseen."""
    answer = answer_under(key, sources)
    if answer.availability is Availability.COMPLETE:
        cut = SearchReceived(Availability.TRUNCATED, answer.resources)
        sources.answers[key] = cut


def _opened(session: OpenSession, sources: ChartSources, types: Mapping[str, str]) -> OpenedChart:
    grant = Grant(session.asked_scopes, session.granted_scopes)
    writable = [one for one in _WRITABLE if grant.creates(one) and session.clinician is not None]
    return OpenedChart(
        ehr_name=session.ehr_name,
        patient_id=session.patient_id,
        sources=sources,
        clinician=session.clinician,
        not_granted=grant.not_granted(types.values()),
        writable=frozenset(writable),
        form_token=session.form_token,
        answers=session.answers,
        written=session.written,
    )
