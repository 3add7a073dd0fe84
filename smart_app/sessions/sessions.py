"""The sessions of all browsers: begun by a launch, opened once, changed in turn, ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from smart_app.sessions.contents import Content, OpenSession, PendingLaunch, decode, encode
from smart_app.sessions.rows import SessionRows, SessionsUnavailable
from smart_app.sessions.sealing import Sealer, digest_of, new_id

LAUNCH_SECONDS: Final = 600
LONGEST_SESSION_SECONDS: Final = 8 * 3600
_LEASE_SECONDS: Final = 20
_WAIT_SECONDS: Final = 6.0
_LOOK_SECONDS: Final = 0.05
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as it stands now, and the id by which it is changed."""

    session_id: str
    session: OpenSession
    version: int

    def __repr__(self) -> str:
        """Show nothing: the id opens the session."""
        return "Opened(...)"


class Sessions:
    """Every method raises SessionsUnavailable where the database cannot be had."""

    def __init__(
        self, rows: SessionRows, secret: bytes, clock: Callable[[], float] = time.time
    ) -> None:
        """``secret``: what the keys are derived from; ``clock``: seconds since 1970."""
        self._rows = rows
        self._sealer = Sealer(secret)
        self.clock = clock

    def begin(self, launch: PendingLaunch) -> str:
        """Keep a launch under way and give the id for its cookie."""
        return self._add(launch, LAUNCH_SECONDS)

    def take_launch(self, session_id: str) -> PendingLaunch | None:
        """Give a launch under way, once: whoever asks again gets None."""
        row = self._rows.find(digest_of(session_id))
        content = None if row is None else self._content(session_id, row.sealed)
        if not isinstance(content, PendingLaunch) or not self._rows.remove(digest_of(session_id)):
            return None
        return content

    def open(self, session: OpenSession) -> str:
        """Keep an opened chart under an id that nobody has seen before."""
        return self._add(session, LONGEST_SESSION_SECONDS)

    def find(self, session_id: str) -> Opened | None:
        """Give the opened chart of a cookie."""
        row = self._rows.find(digest_of(session_id))
        content = None if row is None else self._content(session_id, row.sealed)
        if row is None or not isinstance(content, OpenSession):
            return None
        return Opened(session_id, content, row.version)

    def change(
        self, session_id: str, changed: Callable[[OpenSession], OpenSession]
    ) -> Opened | None:
        """Change a session whoever else does; None where it has ended."""
        for _ in range(_TRIES):
            found = self.find(session_id)
            if found is None:
                return None
            after = changed(found.session)
            sealed = self._sealer.seal(session_id, encode(after))
            if self._rows.replace(digest_of(session_id), sealed, found.version):
                return Opened(session_id, after, found.version + 1)
        message = "a session is changed by too many requests at once"
        raise SessionsUnavailable(message)

    def end(self, session_id: str) -> None:
        """Forget a session and its tokens."""
        self._rows.remove(digest_of(session_id))

    @contextmanager
    def turn(self, session_id: str) -> Iterator[None]:
        """Be the only request of a session that talks to its EHR about more than reading.

        Raises:
            SessionsUnavailable: another one took too long.

        """
        digest = digest_of(session_id)
        give_up_at = time.monotonic() + _WAIT_SECONDS
        while (until := self._rows.lease(digest, _LEASE_SECONDS)) is None:
            if time.monotonic() >= give_up_at:
                message = "another request of the session is not done"
                raise SessionsUnavailable(message)
            time.sleep(_LOOK_SECONDS)
        try:
            yield
        finally:
            self._rows.give_back(digest, until)

    def _add(self, content: Content, seconds: int) -> str:
        session_id = new_id()
        sealed = self._sealer.seal(session_id, encode(content))
        self._rows.add(digest_of(session_id), sealed, int(self.clock()) + seconds)
        return session_id

    def _content(self, session_id: str, sealed: bytes) -> Content | None:
        content = self._sealer.unseal(session_id, sealed)
        return None if content is None else decode(content)
