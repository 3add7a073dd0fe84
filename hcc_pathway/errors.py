"""The errors that this service raises on purpose; everything else is a bug."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class HccCdsError(Exception):
    """Base of every error that carries a message for a person."""


class KnowledgeError(HccCdsError):
    """A knowledge file that cannot be used: file, line, key, what is wrong and what to do."""

    def __init__(self, path: Path | str, line: int, key: str, message: str) -> None:
        """Keep the place apart from the message, so that both can be tested and printed."""
        self.path = str(path)
        self.line = line
        self.key = key
        self.message = message
        super().__init__(f"{self.path}:{line}: {key}: {message}")


class DayOutsideKnowledge(HccCdsError):  # noqa: N818 - the name says what happened
    """The pathway did not exist on the day that was asked about."""


class UnknownLanguage(HccCdsError):  # noqa: N818 - the name says what happened
    """There are no texts in the language that was asked for."""
