"""Switch each rule off in turn: a test that is marked with it has to fail.

``python -m tools.switch_off_rules [RULE ...]`` edits a temporary copy of the code as
docs/clinical-logic/switches.yaml says, runs only the tests marked with the rule, and prints which
assertion failed first. It exits 1 when none failed, when a test broke for another reason, when a
rule has no switch, or when the text to replace is not found exactly once.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from tools.clinical_logic import ROOT, Switch, stale_switches, switches, tests_by_rule

COPIED = (
    "cds_service",
    "fhir_mappings",
    "hcc_pathway",
    "hooks",
    "samples",
    "smart_app",
    "tests",
    "tools",
)
_AT_A_TIME = 2
_SECONDS = 600  # a machine that is busy with other tests takes its time
# What pytest begins the message of a failed assertion with.
_ASSERTIONS = ("assert ", "AssertionError", "Failed: DID NOT RAISE")


class Outcome(msgspec.Struct, frozen=True):
    """What a switch did: the test that noticed it, or why none counts."""

    switch: Switch
    noticed_by: str = ""
    complaint: str = ""


def _copy_to(tree: Path) -> None:
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    shutil.copy2(ROOT / "setup.cfg", tree)


def _pytest(tree: Path, *arguments: str, write_bytecode: bool = False) -> list[ET.Element]:
    """Run pytest in a copy and return the test cases of its report."""
    report = tree / "report.xml"
    report.unlink(missing_ok=True)
    # Nothing of a pytest that this may run in: its worker, its options.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**kept, "PYTHONPATH": str(tree)}
    if not write_bytecode:  # an edit may keep size and second: bytecode would hide it
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    plugins = ("-p", "no:randomly", "-p", "no:cacheprovider")
    chosen = ("-m", "rule and not slow", f"--junitxml={report}", *arguments)
    subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", *plugins, *chosen],
        cwd=tree,
        env=environment,
        capture_output=True,
        check=False,
        timeout=_SECONDS,
    )
    return list(ET.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314 - our own report


def _name(case: ET.Element) -> str:
    return f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"


def _problems(case: ET.Element) -> list[ET.Element]:
    return [*case.findall("failure"), *case.findall("error")]


def _verdict(switch: Switch, cases: list[ET.Element]) -> Outcome:
    if not cases:
        return Outcome(switch, complaint="no test ran")
    for case in cases:
        for problem in _problems(case):
            message = problem.get("message") or ""
            if problem.tag == "failure" and message.startswith(_ASSERTIONS):
                return Outcome(switch, noticed_by=_name(case))
            return Outcome(switch, complaint=f"{_name(case)} broke: {message[:120]}")
    return Outcome(switch, complaint=f"{len(cases)} tests passed all the same")


def _try(switch: Switch, tree: Path, files: list[str]) -> Outcome:
    path = tree / switch.file
    text, times = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(text.replace(switch.old, switch.new), encoding="utf-8")
    try:
        return _verdict(switch, _pytest(tree, f"--rule={switch.rule}", *files))
    except subprocess.TimeoutExpired:
        return Outcome(switch, complaint=f"not done after {_SECONDS} s")
    finally:
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _files(tests: list[str]) -> list[str]:
    """Name the files of some tests, those of single modules first: they are quick."""
    return sorted({test.partition("::")[0] for test in tests}, reverse=True)


def _green_copies(folder: Path, files: list[str]) -> queue.Queue[Path]:
    """Make one copy for each switch tried at a time, and see that its tests pass unchanged."""
    first = folder / "0"
    _copy_to(first)
    unchanged = _pytest(first, *files, write_bytecode=True)
    red = [_name(case) for case in unchanged if _problems(case)]
    if red or not unchanged:
        sys.exit(f"not green without any switch: {red or 'no test ran'}")
    copies: queue.Queue[Path] = queue.Queue()
    copies.put(first)
    for number in range(1, _AT_A_TIME):
        copies.put(shutil.copytree(first, folder / str(number)))
    return copies


def run(chosen: list[Switch]) -> list[Outcome]:
    """Try switches, two at a time, each in a copy of its own; print what each did."""
    tests = tests_by_rule()
    every = [test for switch in chosen for test in tests[switch.rule]]
    with tempfile.TemporaryDirectory(prefix="switched-off-") as folder:
        copies = _green_copies(Path(folder), _files(every))

        def one(switch: Switch) -> Outcome:
            tree = copies.get()
            try:
                return _try(switch, tree, _files(tests[switch.rule]))
            finally:
                copies.put(tree)

        outcomes = []
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            for outcome in pool.map(one, chosen):
                said = outcome.noticed_by or f"NOT NOTICED: {outcome.complaint}"
                print(f"{outcome.switch.rule:4} {outcome.switch.without} -> {said}", flush=True)
                outcomes.append(outcome)
        return outcomes


def complaints_of(outcomes: list[Outcome]) -> list[str]:
    """Say which rules can be switched off without a test that notices."""
    return [
        f"{one.switch.rule} ({one.switch.without}): {one.complaint}"
        for one in outcomes
        if one.complaint
    ]


def main() -> int:
    """Check the list, then try the switches of the named rules or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rules", nargs="*")
    wanted = parser.parse_args().rules
    complaints = stale_switches()
    if not complaints:
        began = time.monotonic()
        chosen = [one for one in switches() if not wanted or one.rule in wanted]
        complaints = complaints_of(run(chosen))
        ids = len({one.rule for one in chosen})
        taken = time.monotonic() - began
        print(f"{len(chosen)} switches of {ids} rules, {len(complaints)} unnoticed, {taken:.0f} s")
    for each in complaints:
        print(f"switched off: {each}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
