"""A server that is down is left alone for a while, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable
from typing import Final

CALLS_TO_OPEN: Final = 3  # the searches of one slow chart are one failure: no outage yet
OPEN_SECONDS: Final = 10.0


class CircuitBreaker:
    """Counts calls that fail in a row, however many searches each makes.

    Once open it lets calls through again after a pause.

    The first failure after the pause opens it again, the first success closes it.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """``now``: the clock, in seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._failed: set[float] = set()
        self._open_until = 0.0

    @property
    def lets_through(self) -> bool:
        """Whether a call may be tried."""
        with self._lock:
            return len(self._failed) < CALLS_TO_OPEN or self._now() >= self._open_until

    def succeeded(self) -> None:
        """Note that the server answered, be it with a refusal."""
        with self._lock:
            self._failed.clear()

    def failed(self, call: float) -> None:
        """Note that the server did not answer, or with an error of its own.

        Args:
            call: what tells one hook call from another: the moment of its deadline.

        """
        with self._lock:
            if len(self._failed) < CALLS_TO_OPEN:
                self._failed.add(call)
            if len(self._failed) >= CALLS_TO_OPEN:
                self._open_until = self._now() + OPEN_SECONDS
