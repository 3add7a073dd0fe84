"""What all knowledge files share: strict, immutable parts, ids, and the review of a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RuleId = Annotated[
    str, msgspec.Meta(pattern=r"^(S([1-9]|1[0-9]|2[0-8])|A([1-9]|[12][0-9]|3[0-7]))$")
]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Jurisdiction = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]


class KnowledgePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything in a knowledge file: immutable, and strict about its keys."""


class Change(KnowledgePart, frozen=True, kw_only=True):
    """One later change of a file."""

    on: date = msgspec.field(name="changed_on")
    what: Text
    authored_by: Text
    checked_by: Text


class Review(KnowledgePart, frozen=True, kw_only=True):
    """Who wrote and who checked a file, and when it is looked at again (at most two years)."""

    authored_by: Text
    checked_by: Text
    reviewed_on: date
    next_review: date
    outstanding: str = ""  # what nobody has reviewed yet
    changes: tuple[Change, ...] = ()
