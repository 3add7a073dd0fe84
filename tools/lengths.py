"""Print the longest file and function of the source, and fail when one is over its limit.

Of a function its statements count. Its docstring and its signature do not: explaining more, or
naming one more argument, must never be what makes a function too long.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SOURCE_FILE_LINES = 250
TEST_FILE_LINES = 400
FUNCTION_LINES = 30


class Length(NamedTuple):
    """How long one file or function is, in lines."""

    lines: int
    place: str


def _functions(path: Path, source: str) -> Iterator[Length]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Length(_body_lines(node), f"{path}:{node.lineno} {node.name}")


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    statements = node.body
    if ast.get_docstring(node, clean=False) is not None:
        statements = statements[1:]
    if not statements:
        return 0
    return (statements[-1].end_lineno or statements[-1].lineno) - statements[0].lineno + 1


def _tracked_python_files() -> list[Path]:
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(git, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed words
    return [Path(name) for name in listed.split("\0") if name and Path(name).exists()]


def _report(kind: str, lengths: list[Length], limit: int | None) -> bool:
    """Print the longest of one kind and those over the limit; answer whether all are within."""
    if not lengths:
        return True
    longest = max(lengths)
    print(f"longest {kind}: {longest.lines} lines, {longest.place}")
    over = sorted(
        (one for one in lengths if limit is not None and one.lines > limit), reverse=True
    )
    for one in over:
        print(f"  over {limit} lines: {one.place} has {one.lines}")
    return not over


def main() -> int:
    """Measure every Python file that git knows or would add; 1 when one is too long."""
    source: list[Length] = []
    tests: list[Length] = []
    functions: list[Length] = []
    test_functions: list[Length] = []
    for path in _tracked_python_files():
        text = path.read_text(encoding="utf-8")
        in_tests = path.parts[0] == "tests"
        (tests if in_tests else source).append(Length(text.count("\n"), str(path)))
        (test_functions if in_tests else functions).extend(_functions(path, text))
    within = [
        _report("source file", source, SOURCE_FILE_LINES),
        _report("source function", functions, FUNCTION_LINES),
        _report("test file", tests, TEST_FILE_LINES),
        _report("test function", test_functions, None),
    ]
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
