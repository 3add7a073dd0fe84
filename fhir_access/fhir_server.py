"""One listed FHIR server: bounded retries, a circuit breaker, workers, and what it offers."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from fhir_access.addresses import is_fhir_id
from fhir_access.capabilities import Capabilities, read_statement
from fhir_access.circuit_breaker import CircuitBreaker
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import Fault, FetchFailed
from fhir_access.guarded_session import FHIR_JSON, Answer, GuardedSession, Network

_WORKERS: Final = 32
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.1  # where a busy server does not say how long
_ENOUGH_SECONDS: Final = 0.2  # less time than this proves nothing about a server
_DOWN: Final = frozenset(
    {Fault.TIMED_OUT, Fault.UNREACHABLE, Fault.TLS, Fault.SERVER_ERROR, Fault.BUSY}
)
_STATEMENT_SECONDS: Final = 10.0
_STATEMENT_BYTES: Final = 5_000_000
_STATEMENT_FRESH_SECONDS: Final = 3600.0
_STATEMENT_AGAIN_SECONDS: Final = 60.0
_SHARE_OF_TIME_TO_WAIT: Final = 0.3

# 200: it was there already; 412: several that the search finds were
_CREATED: Final = frozenset({200, 201, 412})
_CREATED_BYTES: Final = 1_000_000
_VERSION: Final = "/_history/"

_T = TypeVar("_T")


class FhirServer:
    """A server of the site file. Keeps its connections and its CapabilityStatement, no patient."""

    def __init__(self, base: str, network: Network | None = None) -> None:
        """Take the configured base; nothing is opened yet.

        Raises:
            AddressRefused: the base is not a plain http or https address.

        """
        self._session = GuardedSession(base, network)
        self.base = self._session.base
        self._breaker = CircuitBreaker()
        self._lock = threading.Lock()
        self._workers: ThreadPoolExecutor | None = None
        self._capabilities: Capabilities | None = None
        self._statement_due = 0.0
        self._statement: Future[None] | None = None

    def submit(self, work: Callable[[], _T]) -> Future[_T]:
        """Run one piece of work beside the caller, in a thread of this server's own."""
        with self._lock:
            if self._workers is None:  # after the fork: threads do not survive it
                self._workers = ThreadPoolExecutor(_WORKERS, "fhir")
        return self._workers.submit(work)

    def read(
        self, rest: str, *, token: str | None, deadline: Deadline, budget: ByteBudget
    ) -> bytes:
        """GET one address below the base; a busy server is asked again while there is time.

        Raises:
            FetchFailed: there is no usable answer.

        """
        for tried in range(1, _TRIES + 1):
            try:
                return self._try(rest, token, deadline, budget)
            except FetchFailed as failed:
                pause = _pause_before_retry(failed, tried)
                if pause is None or tried == _TRIES or deadline.seconds_left < pause:
                    raise
                time.sleep(pause)
        raise FetchFailed(Fault.BUSY)

    def create(
        self,
        resource_type: str,
        resource: bytes,
        *,
        token: str,
        unless_there: str,
        deadline: Deadline,
    ) -> str | None:
        """POST a new resource once, and give "Type/id" where the server says it.

        Args:
            resource_type: its type.
            resource: the resource as JSON.
            token: the bearer token for this one POST.
            unless_there: a search; a server that knows conditional creates makes no second
                resource where it finds one.
            deadline: when this ends.

        Raises:
            FetchFailed: it was refused, or nobody knows whether it arrived.

        """
        headers = {
            "Accept": FHIR_JSON,
            "Content-Type": FHIR_JSON,
            "Authorization": f"Bearer {token}",
            "If-None-Exist": unless_there,
            "Prefer": "return=minimal",
        }
        budget = ByteBudget(_CREATED_BYTES)
        answer = self._session.post(
            f"/{resource_type}",
            resource,
            headers=headers,
            deadline=deadline,
            budget=budget,
            taken=_CREATED,
        )
        return _created_at(answer, resource_type)

    def _try(self, rest: str, token: str | None, deadline: Deadline, budget: ByteBudget) -> bytes:
        if not self._breaker.lets_through:
            raise FetchFailed(Fault.NOT_TRIED)
        time_enough = deadline.seconds_left >= _ENOUGH_SECONDS
        try:
            body = self._session.get(rest, deadline=deadline, budget=budget, token=token)
        except FetchFailed as failed:
            if failed.fault not in _DOWN:
                self._breaker.succeeded()
            elif failed.fault is not Fault.TIMED_OUT or time_enough:
                self._breaker.failed(deadline.at)
            raise
        self._breaker.succeeded()
        return body

    @property
    def capabilities_known(self) -> Capabilities | None:
        """What is known of the server by now; asks nothing."""
        return self._capabilities

    def capabilities(self, deadline: Deadline) -> Capabilities | None:
        """Give what the server offers, or None where that is not known in time.

        It is read once and again after an hour, beside the calls; the first call alone waits for
        it, and not long. No token is shown for it.
        """
        with self._lock:
            due = self._statement is None and time.monotonic() >= self._statement_due
        if due:
            self._begin_statement()
        pending = self._statement
        if self._capabilities is None and pending is not None:
            waited = threading.Event()
            pending.add_done_callback(lambda _: waited.set())
            waited.wait(deadline.seconds_left * _SHARE_OF_TIME_TO_WAIT)
        return self._capabilities

    def _begin_statement(self) -> None:
        started = self.submit(self._read_statement)
        with self._lock:
            self._statement = started
        started.add_done_callback(lambda _: self._end_statement())

    def _end_statement(self) -> None:
        with self._lock:
            self._statement = None

    def _read_statement(self) -> None:
        deadline, budget = Deadline.after(_STATEMENT_SECONDS), ByteBudget(_STATEMENT_BYTES)
        wait = _STATEMENT_AGAIN_SECONDS
        try:
            body = self._try("/metadata", None, deadline, budget)
            self._capabilities = read_statement(body)
            wait = _STATEMENT_FRESH_SECONDS
        except FetchFailed:
            pass  # what was known stays known; without it every search is simply tried
        finally:
            self._statement_due = time.monotonic() + wait


def _created_at(answer: Answer, resource_type: str) -> str | None:
    parts = (answer.location or "").partition(_VERSION)[0].split("/")[-2:]
    if len(parts) != 2 or parts[0] != resource_type or not is_fhir_id(parts[1]):  # noqa: PLR2004 (type and id)
        return None
    return "/".join(parts)


def _pause_before_retry(failed: FetchFailed, tried: int) -> float | None:
    """Say how long to wait before asking again, in seconds; None: do not."""
    if failed.fault is Fault.BUSY:
        asked = failed.retry_after_seconds
        return _PAUSE_SECONDS * tried if asked is None else asked
    if failed.fault is Fault.UNREACHABLE and tried == 1:
        return 0.0  # the server may have closed a kept connection
    return None
