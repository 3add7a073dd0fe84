"""Where the keys of one EHR come from: a file, or an address that is asked in the background."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from cds_service.client_tokens.public_keys import (
    LARGEST_KEY_SET_BYTES,
    VerifyingKey,
    verifying_keys,
)
from cds_service.client_tokens.refusal import KeysUnavailable
from cds_service.client_tokens.shared_key_set import SharedKeySet

SECONDS_BETWEEN_FETCHES = 30.0
SECONDS_UNTIL_REFRESH = 300.0
SECONDS_OF_USE = 24 * 3600.0
SECONDS_OF_WAITING = 0.6  # with the wait for used tokens, less than a call may take
NO_KEY_OF_USE = "the key set has no public EC (P-256, P-384) or RSA (2048 bits) key with a kid"
_SECONDS_OF_A_LOOK = 0.02
_NO_KEYS: Mapping[str, VerifyingKey] = MappingProxyType({})
_log = logging.getLogger("cds_service.client_tokens")


class KeySource(Protocol):
    """Gives the key of a ``kid``, or None where this EHR has none of that name."""

    def key(self, key_id: str) -> VerifyingKey | None:
        """Look a key up; for a good half of a second at most."""

    def prepare(self) -> None:
        """Have the keys ready before the first request, as far as that is possible."""

    def refresh(self) -> None:
        """Ask for keys that have grown old, whether or not anybody calls; does not wait."""

    @property
    def is_ready(self) -> bool:
        """Whether any key is there at all."""


class KeyFile:
    """A key set in a file. A changed file counts from the next request on.

    No file, or a set without keys, is no key. A file that is no key set (half written, say) leaves
    the keys of before, for a day.

    Args:
        path: the file.
        clock: seconds, of any beginning.

    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the file; it is read when it is first needed."""
        self._path = path
        self._clock = clock
        self._seen: tuple[int, int, int] | None = None
        self._good_until = float("inf")
        self._keys = _NO_KEYS

    def key(self, key_id: str) -> VerifyingKey | None:
        """Look a key up in the file as it is now."""
        self._reread()
        return self._keys.get(key_id)

    def prepare(self) -> None:
        """Read the file."""
        self._reread()

    def refresh(self) -> None:
        """Do nothing: the file is looked at for each request."""

    @property
    def is_ready(self) -> bool:
        """Whether the file held a usable key when it was last read."""
        self._reread()
        return bool(self._keys)

    def _reread(self) -> None:
        try:
            now = self._path.stat()
            seen = (now.st_mtime_ns, now.st_size, now.st_ino)
            if seen != self._seen:
                self._keys = keys_of_file(self._path)
                self._good_until = float("inf")
        except OSError as error:
            seen, self._keys = (0, 0, 0), _NO_KEYS
            self._say(seen, error.strerror or "cannot be read")
        except KeysUnavailable as error:
            self._good_until = min(self._good_until, self._clock() + SECONDS_OF_USE)
            self._say(seen, str(error))
        self._seen = seen
        if self._clock() > self._good_until:
            self._keys = _NO_KEYS

    def _say(self, seen: tuple[int, int, int], why: str) -> None:
        if seen != self._seen:  # once for each state of the file
            fields = {"file": str(self._path), "why": why}
            _log.error("keys of clients cannot be read", extra={"fields": fields})


def keys_of_file(path: Path) -> Mapping[str, VerifyingKey]:
    """Read a key set from a file.

    Raises:
        OSError: the file cannot be read.
        KeysUnavailable: it is no key set.

    """
    if path.exists() and not path.is_file():  # to open a pipe would wait for its other end
        why = "is no plain file"
        raise KeysUnavailable(why)
    with path.open("rb") as file:
        return verifying_keys(file.read(LARGEST_KEY_SET_BYTES + 1))


class FetchedKeys:
    """A key set behind an address, one for all workers of the machine.

    An unknown ``kid`` and an old set both ask for a fetch, which runs in the background, at most
    once in 30 seconds whatever is sent. Only a request whose key is unknown waits for it, and not
    for long. Keys that were had go on working for a day while the address fails; one that gives a
    set without them has withdrawn them.

    Args:
        fetch: asks the address, within a deadline of its own; raises KeysUnavailable.
        clock: seconds that every process of the machine reads alike.

    """

    def __init__(
        self, fetch: Callable[[], bytes], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what is asked; nothing is fetched yet."""
        self._fetch = fetch
        self._clock = clock
        self._shared = SharedKeySet()
        self._keys = _NO_KEYS
        self._version = 0

    def key(self, key_id: str) -> VerifyingKey | None:
        """Look a key up; wait a moment for the fetch that an unknown one asks for."""
        found = self._usable().get(key_id)
        age = self._clock() - self._shared.read().fetched_at
        if found is not None and age < SECONDS_UNTIL_REFRESH:
            return found
        self._begin_fetch()
        return found if found is not None else self._wait_for(key_id)

    def prepare(self) -> None:
        """Fetch once, here and now, so that the first request finds its key."""
        if self._take_turn():
            self._fetch_in_turn()

    def refresh(self) -> None:
        """Begin a fetch where the keys are old, so that a withdrawn one ends without a call."""
        if self._clock() - self._shared.read().fetched_at >= SECONDS_UNTIL_REFRESH:
            self._begin_fetch()

    @property
    def is_ready(self) -> bool:
        """Whether there is a key that can be used; asks for a fetch where there is none."""
        if not self._usable():
            self._begin_fetch()
        return bool(self._usable())

    def _usable(self) -> Mapping[str, VerifyingKey]:
        state = self._shared.read()
        if self._clock() - state.fetched_at > SECONDS_OF_USE:
            return _NO_KEYS
        if state.version != self._version:
            document = self._shared.document()
            if document is None:  # it is being written; the keys of before are good meanwhile
                return self._keys
            self._keys, self._version = verifying_keys(document), state.version
        return self._keys

    def _begin_fetch(self) -> None:
        if self._take_turn():
            name = "fetch of client keys"
            threading.Thread(target=self._fetch_in_turn, name=name, daemon=True).start()

    def _take_turn(self) -> bool:
        return self._shared.begin(self._clock(), SECONDS_BETWEEN_FETCHES)

    def _fetch_in_turn(self) -> None:
        document: bytes | None = None
        try:
            document = self._fetch()
            if not verifying_keys(document):
                fields = {"why": NO_KEY_OF_USE, "process": os.getpid()}
                _log.error("keys of clients are withdrawn", extra={"fields": fields})
        except KeysUnavailable as error:
            document = None
            fields = {"why": str(error), "process": os.getpid()}
            _log.error("keys of clients cannot be fetched", extra={"fields": fields})
        finally:
            self._shared.end(self._clock(), document)

    def _wait_for(self, key_id: str) -> VerifyingKey | None:
        # counted from the fetch, so that one that hangs holds requests up once, not each in turn
        until = self._shared.read().attempted_at + SECONDS_OF_WAITING
        while self._shared.read().is_fetching and self._clock() < until:
            time.sleep(_SECONDS_OF_A_LOOK)
        return self._usable().get(key_id)
