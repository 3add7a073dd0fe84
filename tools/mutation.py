"""Mutation testing: change the code in one place at a time and see whether a test notices.

``python -m tools.mutation`` runs every group of modules, ``python -m tools.mutation exposure
lines`` some of them; ``--again`` tries only what an earlier run did not find killed, against the
tests as they are now. A mutant that no test notices has to stand in
``tests/mutation/equivalent_mutants.yaml`` with the reason why nobody could notice it; any other
survivor, an entry that no longer survives, or a list of over 2 % of the mutants fails the run.

mutmut 3 does the work, on a copy of the sources in ``build/mutation``. It leaves decorated
functions alone, so the copy does without ``@lru_cache`` (an answer from a cache would also hide a
mutant) and turns its methods into properties after the class.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
import yaml
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT: Final = Path(__file__).resolve().parent.parent
WORK: Final = ROOT / "build" / "mutation"
EQUIVALENT: Final = ROOT / "tests" / "mutation" / "equivalent_mutants.yaml"
COPIED: Final = ("hcc_pathway", "fhir_mappings", "hooks", "tests", "pyproject.toml")
HIGHEST_SHARE_OF_EQUIVALENTS: Final = 0.02
CAUGHT: Final = {"killed", "timeout"}
# Explaining a failure and plugins that no test here needs cost more than the tests of a mutant.
_SPARED_PLUGINS: Final = (
    *("cacheprovider", "doctest", "faulthandler", "hypothesispytest", "junitxml", "logging"),
    *("randomly", "threadexception", "unraisableexception", "xdist"),
)
_T = TypeVar("_T", bound=ast.stmt)


class Group(msgspec.Struct, frozen=True):
    """Modules that are mutated together, and the tests that have to notice.

    Every mutant meets the tests ``near`` it, and those ``beyond`` when it survives them.
    """

    modules: tuple[str, ...]
    near: tuple[str, ...]
    beyond: tuple[str, ...]


class Mutant(msgspec.Struct, frozen=True):
    """A change of a function, in words that stay true when other code moves."""

    file: str
    function: str
    original: str
    mutated: str


class Equivalent(Mutant, frozen=True, forbid_unknown_fields=True):
    """A mutant that behaves as the original does, and why."""

    reason: str

    def names(self, mutant: Mutant) -> bool:
        """Whether this entry is about a mutant."""
        return all(
            getattr(self, field) == getattr(mutant, field) for field in Mutant.__struct_fields__
        )


_ROWS: Final = (
    "tests/truth_table/test_pathway_equals_tables.py"
    "::test_each_row_in_each_of_its_charts_equals_the_pathway"
)


def _pathway(modules: str, tests: str, *beyond: str) -> Group:
    """Name modules of the pathway and their unit tests, each list in one string."""
    return Group(
        tuple(f"hcc_pathway/{name}.py" for name in modules.split()),
        tuple(f"tests/unit/hcc_pathway/test_{name}.py" for name in tests.split()),
        ("tests/unit/hcc_pathway", "tests/properties/test_pathway_properties.py", *beyond),
    )


GROUPS: Final = {
    "child_pugh": _pathway(
        "albi child_pugh child_pugh_points latest", "albi child_pugh child_pugh_records latest"
    ),
    "criteria": _pathway(
        "afp_finding liver_finding performance_finding treatment_finding",
        "afp_finding criteria treatment_finding",
        _ROWS,
    ),
    "decision": _pathway(
        "also_consider counterfactuals decision missing_inputs option_flags pathway standing",
        "pathway missing_inputs grounds_and_company counterfactuals",
        _ROWS,
    ),
    "selection": _pathway("assessment selection", "assessment selection"),
    "exposure": _pathway(
        "daily_dose drug_periods sorafenib_days sorafenib_exposure",
        "daily_dose drug_periods sorafenib_exposure",
        "tests/exposure",
    ),
    "lines": _pathway("drug_courses lines_of_therapy sorafenib_course", "lines_of_therapy", _ROWS),
    "units": Group(
        modules=tuple(f"fhir_mappings/{name}.py" for name in ("amounts", "quantities", "units")),
        near=tuple(
            f"tests/unit/fhir_mappings/test_{name}.py"
            for name in ("amounts", "quantities", "units")
        ),
        beyond=("tests/unit/fhir_mappings", "tests/mappings"),
    ),
}


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


def _copy(group: Group, work: Path) -> None:
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


def _configure(group: Group, tests: tuple[str, ...], work: Path) -> None:
    """Tell mutmut, by the setup.cfg of the copy, what to mutate and which tests to run."""
    settings = (ROOT / "setup.cfg").read_text(encoding="utf-8") + _settings(group, tests)
    (work / "setup.cfg").write_text(settings, encoding="utf-8")


def _mutate(work: Path, names: Iterable[str]) -> None:
    """Run mutmut in the copy: everything, or the mutants named."""
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutation", "COLUMNS": "200"}
    ended = subprocess.run(  # noqa: S603 - our own words
        [mutmut, "run", "--max-children", "1", *names],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        shown = (ended.stdout + ended.stderr)[-6000:]
        sys.exit(f"mutmut could not run in {work.relative_to(ROOT)}:\n{shown}")


def _described(module: str, name: str) -> Mutant:
    """Describe a mutant by the lines that it changes."""
    changed = get_diff_for_mutant(name, path=module).splitlines()[2:]
    sides = [
        " ".join(" ".join(line[1:] for line in changed if line.startswith(sign)).split())
        for sign in ("-", "+")
    ]
    function = name.rpartition(".")[2].rpartition("__mutmut_")[0]
    function = function.replace("xǁ", "").replace("ǁ", ".").removeprefix("x_")
    return Mutant(module, function, *sides)


def _states(group: Group, work: Path) -> dict[str, tuple[str, str]]:
    """Give file and state of each mutant that was tried in a copy."""
    if not work.exists():
        return {}
    states = {}
    with contextlib.chdir(work):
        for module in group.modules:
            results = SourceFileMutationData(path=module)
            results.load()
            for name, exit_code in results.exit_code_by_key.items():
                states[name] = module, status_by_exit_code[exit_code]
    return states


def _final_states(group: Group, work: Path) -> dict[str, tuple[str, str]]:
    """Let the tests beyond have their say on what the near ones did not catch."""
    near, beyond = _states(group, work / "near"), _states(group, work / "beyond")
    return {
        name: found if found[1] in CAUGHT else beyond.get(name, found)
        for name, found in near.items()
    }


def _survivors(group: Group, work: Path) -> list[str]:
    found = _final_states(group, work).items()
    return [name for name, (_, state) in found if state not in CAUGHT]


def run(group: Group, work: Path, *, again: bool) -> tuple[Counter[str], list[Mutant]]:
    """Mutate one group; count the mutants by state, and describe those that nobody caught."""
    if not again and work.exists():
        shutil.rmtree(work)
    left = _survivors(group, work)
    near, beyond = work / "near", work / "beyond"
    _copy(group, near)
    _configure(group, group.near, near)
    _mutate(near, left)
    left = _survivors(group, work)
    if left:
        # the same sources, even if somebody edits them meanwhile
        shutil.copytree(
            near, beyond, ignore=shutil.ignore_patterns("mutants", ".*"), dirs_exist_ok=True
        )
        _configure(group, (*group.near, *group.beyond), beyond)
        _mutate(beyond, left)
    states = _final_states(group, work)
    with contextlib.chdir(near):
        survivors = [
            _described(module, name)
            for name, (module, state) in states.items()
            if state not in CAUGHT
        ]
    return Counter(state for _, state in states.values()), survivors


def _listed(groups: Iterable[str]) -> list[Equivalent]:
    """Read the list of equivalent mutants, as far as it is about the groups."""
    modules = {module for group in groups for module in GROUPS[group].modules}
    entries = msgspec.convert(
        yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or [], list[Equivalent]
    )
    return [entry for entry in entries if entry.file in modules]


def _report(counts: dict[str, Counter[str]], survivors: list[Mutant]) -> bool:
    """Print the figures and what is wrong; answer whether everything is in order."""
    listed = _listed(counts)
    unlisted = [one for one in survivors if not any(entry.names(one) for entry in listed)]
    outdated = [entry for entry in listed if not any(entry.names(one) for one in survivors)]
    equivalent = len(survivors) - len(unlisted)
    total = sum(count.total() for count in counts.values())
    for name, count in counts.items():
        print(f"{name}: {count.total()} mutants, {dict(sorted(count.items()))}")
    caught = {state: sum(count[state] for count in counts.values()) for state in sorted(CAUGHT)}
    print(f"{total} mutants: {caught}, {equivalent} equivalent, {len(unlisted)} unlisted")
    for title, found in (("Survives", unlisted), ("Is listed but caught", outdated)):
        for one in found:
            print(f"{title}: {one.file} {one.function}\n  - {one.original}\n  + {one.mutated}")
    too_many = equivalent > HIGHEST_SHARE_OF_EQUIVALENTS * total
    if too_many:
        print(f"More than {HIGHEST_SHARE_OF_EQUIVALENTS:.0%} of the mutants are listed.")
    return not (unlisted or outdated or too_many)


def main() -> int:
    """Run the groups named, or all; 1 when something survives that may not."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("groups", nargs="*", metavar="group", help=", ".join(GROUPS))
    parser.add_argument("--again", action="store_true", help="only what was not killed before")
    options = parser.parse_args()
    unknown = set(options.groups) - set(GROUPS)
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    counts: dict[str, Counter[str]] = {}
    survivors: list[Mutant] = []
    for name in options.groups or GROUPS:
        counts[name], found = run(GROUPS[name], WORK / name, again=options.again)
        survivors += found
        print(f"{name}: {counts[name].total()} mutants, {len(found)} not caught", flush=True)
    return 0 if _report(counts, survivors) else 1


if __name__ == "__main__":
    sys.exit(main())
