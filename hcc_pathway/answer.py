"""The three answers a criterion can give; unknown is one of them."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Answer(StrEnum):
    """Whether a criterion holds for a patient, as far as the chart says."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


class Phrase(msgspec.Struct, frozen=True):
    """A sentence of the text files, by its id, with the values that fill its gaps.

    Logic never holds a sentence: a second language is a second text file. ``values`` is a tuple
    of (gap name, text) pairs so that phrases can be compared and hashed.
    """

    id: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, phrase_id: str, **values: object) -> Phrase:
        """Name a sentence, fill its gaps: ``Phrase.of("afp-below", value="399 ng/mL")``."""
        return cls(phrase_id, tuple((name, str(value)) for name, value in values.items()))
