"""What is written to disk beside the answers: one thread per worker, every few seconds.

No answer waits for it, and nothing in it can fail an answer: a database that is away is logged
once and tried again.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from cds_service.storage.errors import StorageUnavailable

_EVERY_S = 2.0
_ROUNDS_TO_TIDY = 30  # a minute
_LONGEST_STOP_S = 10.0
_log = logging.getLogger("cds_service")


class Noted(Protocol):
    """Something that is noted while answering and written later."""

    def forget(self) -> None:
        """Drop what was noted before anything was served."""
        ...

    def write(self) -> None:
        """Write what was noted; raises StorageUnavailable and then keeps it."""
        ...


class BackgroundWork:
    """Writes what was noted, and tidies, as long as the worker serves."""

    def __init__(
        self,
        noted: Sequence[Noted],
        tidy: Sequence[Callable[[], object]],
        every_s: float = _EVERY_S,
    ) -> None:
        """Take what is written each round, and what is done every minute."""
        self._noted, self._tidy, self._every_s = noted, tidy, every_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failing = False

    def start(self) -> None:
        """Begin with an empty page in a new worker."""
        for noted in self._noted:
            noted.forget()
        # a thread made before the fork counts as ended in the worker, and nobody would wait for it
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_LONGEST_STOP_S)

    def write(self) -> None:
        """Do one round now."""
        self._attempt([noted.write for noted in self._noted])

    def _run(self) -> None:
        rounds = 0
        while not self._stopping.wait(self._every_s):
            self.write()
            rounds += 1
            if rounds % _ROUNDS_TO_TIDY == 0:
                self._attempt(self._tidy)
        self.write()

    def _attempt(self, tasks: Sequence[Callable[[], object]]) -> None:
        try:
            for task in tasks:
                task()
        except StorageUnavailable as error:
            if not self._failing:
                _log.warning("background work waits", extra={"fields": {"why": str(error)}})
            self._failing = True
        else:
            self._failing = False
