"""A server that is down is left alone for a while, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable
from typing import Final

FAILURES_TO_OPEN: Final = 6  # the searches of one chart: one bad call is no outage yet
OPEN_SECONDS: Final = 10.0


class CircuitBreaker:
    """Counts failures in a row. Once open it lets calls through again after a pause.

    The first failure after the pause opens it again, the first success closes it.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """``now``: the clock, in seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    @property
    def lets_through(self) -> bool:
        """Whether a call may be tried."""
        with self._lock:
            return self._failures < FAILURES_TO_OPEN or self._now() >= self._open_until

    def succeeded(self) -> None:
        """Note that the server answered, be it with a refusal."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Note that the server did not answer, or with an error of its own."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._open_until = self._now() + OPEN_SECONDS
