"""hcc-cds check-knowledge: every fault of the knowledge files, with file and line."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from hcc_pathway.errors import HccCdsError, KnowledgeError
from hcc_pathway.knowledge_base import load_knowledge_from
from hcc_pathway.knowledge_cross_checks import cross_check
from hcc_pathway.knowledge_files import PACKAGE_ROOT, read_folder

DONE, FINDING = 0, 1


def check_knowledge(folder: Path | None) -> int:
    """Print every fault and return the exit code.

    Raises:
        HccCdsError: there is no such folder.

    """
    root = PACKAGE_ROOT if folder is None else folder
    if not root.is_dir():
        message = f"{root}: there is no such folder"
        raise HccCdsError(message)
    files, faults = read_folder(root)
    if not faults:
        faults = cross_check(files)
    findings = [str(fault) for fault in faults] or _overdue(root)
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if not findings:
        sys.stdout.write(f"{root}: no fault\n")
    return FINDING if findings else DONE


def _overdue(root: Path) -> list[str]:
    """Name each drug, study and value set whose review is past due today."""
    today = datetime.now(UTC).date()
    try:
        knowledge = load_knowledge_from(root).as_of(today)
    except KnowledgeError as fault:
        return [str(fault)]
    reviewed = (
        *knowledge.drugs.values(),
        *knowledge.evidence.values(),
        *knowledge.value_sets.values(),
        *knowledge.all_notices,
    )
    return [
        f"{item.id}: review was due on {item.review.next_review}"
        for item in reviewed
        if item.review.next_review < today
    ]
