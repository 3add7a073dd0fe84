"""One moment until which a whole call has to be answered, and how much it may read till then."""

import threading
import time
from dataclasses import dataclass

from fhir_access.errors import Fault, FetchFailed


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock, in its seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Give the moment that lies this far ahead."""
        return cls(time.monotonic() + seconds)

    def no_later_than(self, seconds: float) -> "Deadline":
        """Give this moment, or the one that lies ``seconds`` ahead where that comes first."""
        return Deadline(min(self.at, time.monotonic() + seconds))

    @property
    def seconds_left(self) -> float:
        """How long there is; never below 0."""
        return max(0.0, self.at - time.monotonic())

    def require_time(self) -> float:
        """Give the seconds left, or raise FetchFailed where there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise FetchFailed(Fault.TIMED_OUT)
        return left


class ByteBudget:
    """How many bytes may be read; shared by threads, and a share of a larger one if it has one."""

    def __init__(self, most: int, whole: "ByteBudget | None" = None) -> None:
        """``most``: bytes; ``whole``: what it is a share of."""
        self._most = most
        self._left = most
        self._whole = whole
        self._lock = threading.Lock()

    def take(self, count: int) -> None:
        """Take some; raises FetchFailed where there are not as many left."""
        with self._lock:
            self._left -= count
            if self._left < 0:
                raise FetchFailed(Fault.TOO_LARGE)
        if self._whole is not None:
            self._whole.take(count)

    def share(self) -> "ByteBudget":
        """Give what one answer may have: half, so that the others are not read in vain."""
        return ByteBudget(self._most // 2, self)

    def give_back(self) -> None:
        """Return what was taken from the whole for an answer that was thrown away."""
        if self._whole is not None:
            with self._lock:
                taken = self._most - self._left
            self._whole.take(-taken)

    @property
    def left(self) -> int:
        """How many bytes may still be read."""
        return max(0, self._left if self._whole is None else min(self._left, self._whole.left))
