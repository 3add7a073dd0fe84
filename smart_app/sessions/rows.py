"""What sessions need of a database; the service gives it."""

from dataclasses import dataclass, field
from typing import Protocol

from hcc_pathway.errors import HccCdsError


class SessionsUnavailable(HccCdsError):  # noqa: N818 (the name says what happened)
    """Sessions cannot be had now: the clinician may try again."""


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A session as it is stored, and how often it was changed."""

    sealed: bytes = field(repr=False)
    version: int


class SessionRows(Protocol):
    """Rows that all workers and replicas share; every method raises SessionsUnavailable."""

    def add(self, digest: bytes, sealed: bytes, expires_at: int) -> None:
        """Keep a new session until a moment (seconds since 1970)."""

    def find(self, digest: bytes) -> SealedRow | None:
        """Give a session that has not expired."""

    def replace(self, digest: bytes, sealed: bytes, version: int) -> bool:
        """Change a session if it is still at this version, and say whether it was."""

    def remove(self, digest: bytes) -> bool:
        """Delete a session; True for the one caller that did."""

    def lease(self, digest: bytes, seconds: int) -> int | None:
        """Become the only holder of a session until the second that is given, or give None."""

    def give_back(self, digest: bytes, until: int) -> None:
        """End one's own lease before its time."""
