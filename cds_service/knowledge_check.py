"""hcc-cds check-knowledge: every finding of the knowledge files, with file and line."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from hcc_pathway.errors import HccCdsError
from hcc_pathway.knowledge_base.check import check
from hcc_pathway.knowledge_base.files import PACKAGE_ROOT

DONE, FINDING = 0, 1


def check_knowledge(folder: Path | None) -> int:
    """Print every finding and return the exit code.

    Raises:
        HccCdsError: there is no such folder.

    """
    root = PACKAGE_ROOT if folder is None else folder
    if not root.is_dir():
        message = f"{root}: there is no such folder"
        raise HccCdsError(message)
    findings = check(root, datetime.now(UTC).date())
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    if not findings:
        sys.stdout.write(f"{root}: no finding\n")
    return FINDING if findings else DONE
