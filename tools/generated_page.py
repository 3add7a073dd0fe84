"""The command of a generated page: write it, or with ``--check`` say what is wrong with it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_or_check(
    path: Path, page: Callable[[], str], findings: Callable[[], list[str]], about: str
) -> int:
    """Write the page, or print what is found, each line led by the page's name; 1 if anything."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        path.write_text(page(), encoding="utf-8")
        return 0
    complaints = findings()
    for each in complaints:
        print(f"{path.parent.name}/{path.name}: {each}", file=sys.stderr)
    return 1 if complaints else 0
