"""Liveness, and readiness: whether a call sent here now could be answered."""

import logging
import threading
import time
from collections.abc import Callable, Mapping

import msgspec
from flask import Blueprint, Response

from cds_service.composition import Composition
from cds_service.storage.engines import Storage
from cds_service.storage.revisions import check_is_current, check_takes_writes
from hcc_pathway.errors import HccCdsError

# Anybody may ask, so the database is asked at most this often by one worker.
_ASKED_EVERY_S = 1.0
_WRITTEN_EVERY_S = 10.0
_log = logging.getLogger("cds_service")


class KeysAbsent(HccCdsError):  # noqa: N818 (the name says what happened)
    """Of no EHR is there a key, so no call could be proven."""


class Readiness:
    """What the service needs to answer, checked when asked and remembered for a moment."""

    def __init__(self, checks: Mapping[str, Callable[[], None]]) -> None:
        """Take what each part is called and how it is checked; a check raises HccCdsError."""
        self._checks = checks
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._missing: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """Name the parts that cannot be used now."""
        with self._lock:
            if time.monotonic() - self._asked_at >= _ASKED_EVERY_S:
                before = self._missing
                self._missing = tuple(name for name in self._checks if not self._is_usable(name))
                self._asked_at = time.monotonic()
                if self._missing != before:
                    _log.warning("readiness", extra={"fields": {"missing": list(self._missing)}})
            return self._missing

    def _is_usable(self, name: str) -> bool:
        try:
            self._checks[name]()
        except HccCdsError:
            return False
        return True


class DatabaseCheck:
    """Whether the database has our tables, asked each time, and takes writes, asked now and then.

    A write that failed is tried again each time, so that a full disk is seen to be empty again.
    """

    def __init__(self, storage: Storage) -> None:
        """Take the storage; nothing is asked yet."""
        self._storage = storage
        self._written_at = float("-inf")

    def __call__(self) -> None:
        """Raise StorageUnavailable where it cannot be used."""
        check_is_current(self._storage)
        if time.monotonic() - self._written_at >= _WRITTEN_EVERY_S:
            check_takes_writes(self._storage)
            self._written_at = time.monotonic()


def readiness(composition: Composition) -> Readiness:
    """Join the checks: knowledge of today, the database with its tables, keys of an EHR."""
    clients = composition.clients

    def knowledge() -> None:
        composition.knowledge.as_of(composition.today())

    def keys() -> None:
        if clients is not None and not clients.can_prove_anybody():
            message = "no key of any EHR is at hand"
            raise KeysAbsent(message)

    return Readiness(
        {"knowledge": knowledge, "database": DatabaseCheck(composition.storage), "keys": keys}
    )


def health(ready_when: Readiness) -> Blueprint:
    """Make the two health routes; 503 names what is missing, never why."""
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        return Response(b'{"status":"live"}', content_type="application/json")

    @routes.get("/health/ready")
    def ready() -> Response:
        missing = ready_when.missing()
        status = {"status": "not ready", "missing": missing} if missing else {"status": "ready"}
        body = msgspec.json.encode(status)
        return Response(body, 503 if missing else 200, content_type="application/json")

    return routes
