"""Mutation testing: change the code in one place at a time and see whether a test notices.

``python -m tools.mutation`` runs every group of modules, ``python -m tools.mutation exposure
lines`` some of them; ``--again`` tries only what an earlier run did not find killed, against the
tests as they are now. A mutant that no test notices has to stand in
``tests/mutation/equivalent_mutants.yaml`` with the reason why nobody could notice it; any other
survivor, an entry that no longer survives, or a list of over 2 % of the mutants fails the run.

mutmut 3 does the work, on copies of the sources in ``build/mutation``: one that meets the tests
near the modules, and one where its survivors meet more.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import yaml
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

from tools.mutation_copies import ROOT, configure, copy
from tools.mutation_groups import GROUPS, Group

if TYPE_CHECKING:
    from collections.abc import Iterable

WORK: Final = ROOT / "build" / "mutation"
EQUIVALENT: Final = ROOT / "tests" / "mutation" / "equivalent_mutants.yaml"
HIGHEST_SHARE_OF_EQUIVALENTS: Final = 0.02
CAUGHT: Final = {"killed", "timeout"}
_SPINNER: Final = tuple("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")


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
        said = (ended.stdout + ended.stderr).splitlines()
        shown = "\n".join([line for line in said if not line.startswith(_SPINNER)][-60:])
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
    """Let the tests beyond have their say on what the near ones did not catch.

    A mutant that ran out of time is tried once more there: a busy machine is no test.
    """
    near, beyond = _states(group, work / "near"), _states(group, work / "beyond")
    return {
        name: (module, state) if state == "killed" else beyond.get(name, (module, "not checked"))
        for name, (module, state) in near.items()
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
    copy(group, near)
    configure(group, group.near, near)
    _mutate(near, left)
    left = _survivors(group, work)
    if left:
        # the same sources, even if somebody edits them meanwhile
        shutil.copytree(
            near, beyond, ignore=shutil.ignore_patterns("mutants", ".*"), dirs_exist_ok=True
        )
        configure(group, (*group.near, *group.beyond), beyond)
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
