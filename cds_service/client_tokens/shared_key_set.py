"""A key set that all workers of a server see: fetched by one, at a rate that holds for all.

It lies in a file without a name, inherited by every worker, so nothing has to be cleaned up and
no other process can write it.
"""

import fcntl
import os
import struct
import tempfile
import threading
import weakref
import zlib
from dataclasses import dataclass, replace

_HEAD = struct.Struct("<QddBQI")
_PLACE_OF_DOCUMENT = 64
_NEVER = float("-inf")
_SLOWEST_FETCH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class State:
    """What is known about the key set; times are those of the machine's monotonic clock."""

    version: int
    attempted_at: float
    fetched_at: float
    is_fetching: bool
    length: int
    checksum: int


class SharedKeySet:
    """The document and when it was asked for."""

    def __init__(self) -> None:
        """Make an empty one; to be made before the workers are."""
        with tempfile.TemporaryFile(prefix="hcc-cds-keys-") as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        self._threads = threading.Lock()
        self._write(State(0, _NEVER, _NEVER, is_fetching=False, length=0, checksum=0))

    def read(self) -> State:
        """Read the state; a small read of one page, never torn by a write of the same size."""
        version, attempted, fetched, fetching, length, checksum = _HEAD.unpack(
            os.pread(self._file, _HEAD.size, 0)
        )
        return State(version, attempted, fetched, bool(fetching), length, checksum)

    def document(self) -> bytes | None:
        """Read the key set, or None while it is being written."""
        state = self.read()
        found = os.pread(self._file, state.length, _PLACE_OF_DOCUMENT)
        return found if zlib.crc32(found) == state.checksum else None

    def begin(self, now: float, seconds_between: float) -> bool:
        """Take the turn to fetch, unless one is under way or the last was too short a time ago."""
        with self._threads:
            # a lock of the process, given back by the system even when a worker is killed
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                state = self.read()
                pause = max(seconds_between, _SLOWEST_FETCH_SECONDS if state.is_fetching else 0)
                if now - state.attempted_at < pause:
                    return False
                self._write(replace(state, attempted_at=now, is_fetching=True))
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        return True

    def end(self, now: float, document: bytes | None) -> None:
        """Give the turn back, with the key set or, where there is none, the one of before."""
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                state = replace(self.read(), is_fetching=False)
                if document is not None:
                    os.pwrite(self._file, document, _PLACE_OF_DOCUMENT)
                    state = State(
                        state.version + 1,
                        state.attempted_at,
                        now,
                        is_fetching=False,
                        length=len(document),
                        checksum=zlib.crc32(document),
                    )
                self._write(state)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _write(self, state: State) -> None:
        head = _HEAD.pack(
            state.version,
            state.attempted_at,
            state.fetched_at,
            state.is_fetching,
            state.length,
            state.checksum,
        )
        os.pwrite(self._file, head, 0)
