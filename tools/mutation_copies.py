"""Copies of the sources that mutmut can change: without caches and with plain methods.

mutmut leaves decorated functions alone, so a copy does without ``@lru_cache`` (an answer from a
cache would also hide a mutant) and turns its methods into properties after the class.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from tools.mutation_groups import Group

ROOT: Final = Path(__file__).resolve().parent.parent
COPIED: Final = ("hcc_pathway", "fhir_mappings", "hooks", "tests", "pyproject.toml")
# Explaining a failure and plugins that no test here needs cost more than the tests of a mutant.
_SPARED_PLUGINS: Final = (
    *("cacheprovider", "doctest", "faulthandler", "hypothesispytest", "junitxml", "logging"),
    *("randomly", "threadexception", "unraisableexception", "xdist"),
)
_T = TypeVar("_T", bound=ast.stmt)


def _settings(group: Group, tests: tuple[str, ...]) -> str:
    """Give the section of setup.cfg that mutmut reads."""
    arguments = ["--assert=plain", "--tb=no", "-p", "tests.mutation.specific_first"]
    for plugin in _SPARED_PLUGINS:
        arguments += ["-p", f"no:{plugin}"]
    settings = {
        "source_paths": ("hcc_pathway", "fhir_mappings"),
        "also_copy": ("hooks",),
        "only_mutate": group.modules,
        "pytest_add_cli_args": arguments,
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = [f"{key} =\n    " + "\n    ".join(values) for key, values in settings.items()]
    return "\n".join(["", "[mutmut]", *lines, "timeout_multiplier = 8", ""])


def _without_decorators(source: str) -> str:
    """Take away ``@lru_cache``, and make properties by a statement at the end of the module."""
    lines = source.splitlines()
    properties = []
    tree = ast.parse(source)
    owners: list[ast.Module | ast.ClassDef] = [tree, *_of_kind(tree, ast.ClassDef)]
    for owner in owners:
        for function in _of_kind(owner, ast.FunctionDef):
            for decorator in function.decorator_list:
                name = ast.unparse(decorator).partition("(")[0]
                if name == "property" and isinstance(owner, ast.ClassDef):
                    properties.append(f"{owner.name}.{function.name}")
                elif name not in {"cache", "lru_cache"}:
                    continue
                lines[decorator.lineno - 1] = ""
    made = [f"{name} = property({name})  # type: ignore" for name in properties]
    return "\n".join([*lines, *made, ""])


def _of_kind(owner: ast.Module | ast.ClassDef, kind: type[_T]) -> list[_T]:
    return [node for node in owner.body if isinstance(node, kind)]


def copy(group: Group, work: Path) -> None:
    """Bring the copy of the sources up to date; a file that has not changed keeps its age."""
    for name in COPIED:
        top = ROOT / name
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            if file.is_dir() or "__pycache__" in file.parts:
                continue
            place = file.relative_to(ROOT)
            content = file.read_bytes()
            if place.as_posix() in group.modules:
                content = _without_decorators(content.decode()).encode()
            target = work / place
            if not target.exists() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                _renew(work / "mutants" / place, content)


def _renew(mutants_copy: Path, content: bytes) -> None:
    """Renew what mutmut copied: it follows changes of Python files, not of texts and tables."""
    if mutants_copy.suffix != ".py" and mutants_copy.exists():
        mutants_copy.write_bytes(content)


def configure(group: Group, tests: tuple[str, ...], work: Path) -> None:
    """Tell mutmut, by the setup.cfg of the copy, what to mutate and which tests to run."""
    settings = (ROOT / "setup.cfg").read_text(encoding="utf-8") + _settings(group, tests)
    (work / "setup.cfg").write_text(settings, encoding="utf-8")
