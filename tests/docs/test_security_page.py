"""The tables of docs/security.md: no row is empty, every test that a row names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
TEST = re.compile(r"`([a-z_/0-9]+\.py)::(test_[a-z0-9_]+)`")
_CHAPTERS = {
    "1": "3.5 3.6 3.12 5.3",
    "4": "1.1 1.3 1.4 2.1",
    "9": "1.1 1.2 1.3 2.1 2.2 2.3 2.4",
    "13": "1.2 1.3 2.4 2.5 2.6",
    "14": "2.1",
    "15": "2.2 3.2 3.5 4.1 4.2",
    "16": "2.5 3.1 3.2 3.3 3.4 4.1 5.1 5.2 5.3 5.4",
}
REQUIREMENTS = [f"{one}.{rest}" for one, all_ in _CHAPTERS.items() for rest in all_.split()]
HAZARDS = [f"H{number}" for number in range(1, 11)]


def rows(section: str) -> dict[str, str]:
    """Give the rows of a section's table by what stands in their first cell."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| ((?:H?\d)[\d.]*) \|(.*)$", text, re.MULTILINE)
    assert len(found) == len(dict(found))
    return dict(found)


def names_of(file: Path) -> set[str]:
    """Name the tests of a file that run: one that is always skipped proves nothing."""
    return {
        node.name
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not any("skip" in ast.unparse(mark) for mark in node.decorator_list)
    }


@pytest.mark.parametrize(
    ("section", "ids"),
    [("Requirements (OWASP ASVS 5.0)", REQUIREMENTS), ("Hazards", HAZARDS)],
)
def test_every_requirement_and_hazard_has_a_row_with_a_test(section: str, ids: list[str]) -> None:
    found = rows(section)
    assert list(found) == ids
    assert [row for row, text in found.items() if not TEST.search(text)] == []


def test_every_test_that_is_named_exists_and_runs() -> None:
    named = set(TEST.findall(PAGE))
    assert len(named) > 40
    missing = {
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).exists() or name not in names_of(ROOT / "tests" / file)
    }
    assert missing == set()


def test_a_row_names_nothing_that_only_looks_like_a_test() -> None:
    assert PAGE.count("::") == len(TEST.findall(PAGE))
