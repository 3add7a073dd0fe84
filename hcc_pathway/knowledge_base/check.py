"""What ``hcc-cds check-knowledge`` reports: everything wrong with a folder, and what is due."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.knowledge_base.cross_checks import cross_check
from hcc_pathway.knowledge_base.files import PACKAGE_ROOT, read_folder
from hcc_pathway.knowledge_base.walk import all_files, review_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from hcc_pathway.knowledge_base.files import KnowledgeFiles

_NOTICE_AGE = "notice-checked-within-days"


class Severity(StrEnum):
    """Whether a finding keeps the service from starting."""

    ERROR = "error"  # the service does not start
    DUE = "due"  # the service runs; somebody has to look at the file again


class Finding(msgspec.Struct, frozen=True, order=True):
    """One finding with its place."""

    path: str
    line: int
    key: str
    message: str
    severity: Severity

    def __str__(self) -> str:
        """Write the finding on one line."""
        return f"{self.path}:{self.line}: {self.severity}: {self.key}: {self.message}"


def check(root: Path = PACKAGE_ROOT, today: date | None = None) -> list[Finding]:
    """Give all findings of a folder in order of place; without ``today`` nothing can be due.

    A file whose shape is wrong gives its first error; references to it then give theirs, so that
    only the errors of shape are reported until they are gone.
    """
    files, errors = read_folder(root)
    findings = [
        Finding(error.path, error.line, error.key, error.message, Severity.ERROR)
        for error in errors or cross_check(files)
    ]
    if today is not None:
        findings.extend(_due(files, today))
    return sorted(findings)


def _due(files: KnowledgeFiles, today: date) -> Iterator[Finding]:
    for _, file in all_files(files):
        review, document = review_of(file), file.document
        if review.next_review < today:
            yield Finding(
                str(document.path),
                document.line(("review", "next_review")),
                "review.next_review",
                f"the review was due on {review.next_review}; review the file and set new dates",
                Severity.DUE,
            )
    for days in _notice_age(files):
        for notice in files.notices:
            if (today - notice.content.checked_on).days > days:
                yield Finding(
                    str(notice.document.path),
                    notice.document.line(("checked_on",)),
                    "checked_on",
                    f"last checked on {notice.content.checked_on}; check the regulator's text",
                    Severity.DUE,
                )


def _notice_age(files: KnowledgeFiles) -> list[int]:
    return [
        int(parameter.values[-1].value)
        for file in files.parameters
        for parameter in file.content.parameters
        if parameter.id == _NOTICE_AGE and parameter.values
    ]
