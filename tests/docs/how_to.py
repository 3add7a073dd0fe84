"""Carries out a how-to page as a reader would: writes files, makes edits, runs commands.

What a fenced block means: with ``title="PATH"`` it is a whole new file; a ``diff`` with a title is
an edit, whose unmarked and ``-`` lines must stand in that file exactly once; ``sh`` is run at the
top of the project and must succeed; a ``text`` block after it holds lines that it prints. Other
blocks are for reading.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
_TITLE = re.compile(r'title="([^"]+)"')
# Generous: a page runs a handful of commands, and a machine may be busy with other tests.
_LONGEST_SECONDS = 240


def copy_project(to: Path) -> Path:
    """Copy what git tracks or would add, with the present environment as ``.venv``."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed words
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    (to / ".venv").symlink_to(sys.prefix)
    return to


def carry_out(page: Path, project: Path) -> int:
    """Do everything that the page says in a copy of the project; the number of steps."""
    steps = 0
    printed = ""
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        if token.type != "fence":
            continue
        language, _, rest = token.info.partition(" ")
        title = _TITLE.search(rest)
        if language == "sh":
            printed = _run(token.content, project)
        elif language == "text":
            absent = [line for line in token.content.splitlines() if line not in printed]
            assert absent == [], f"{page.name}: not printed: {absent}\n{printed}"
        elif title and language == "diff":
            _edit(project / title[1], token.content)
        elif title:
            (project / title[1]).parent.mkdir(parents=True, exist_ok=True)
            (project / title[1]).write_text(token.content, "utf-8")
        else:
            continue
        steps += 1
    return steps


def _run(commands: str, project: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603 - commands of our own pages
        ["bash", "-euo", "pipefail", "-c", commands],  # noqa: S607 - the bash of the machine
        cwd=project,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, f"exit {done.returncode} of:\n{commands}\n{printed}"
    return printed


def _edit(path: Path, diff: str) -> None:
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
    after = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{path}: {text.count(before)} times, not once:\n{before}"
    path.write_text(text.replace(before, after), "utf-8")
