"""Input made to cost much: the answer comes in time all the same."""

import ast
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.service.conftest import SERVICE, hook_call, observation

ROOT = Path(__file__).parents[2]
PACKAGES = ("cds_service", "hooks", "fhir_access", "fhir_mappings", "hcc_pathway")
SECONDS = 12.0
# Texts on which a careless expression tries every way of dividing them.
HOSTILE = [
    *(letter * 20_000 for letter in 'a0 .-/_1%(\\"'),
    "1." * 10_000,
    "a " * 10_000,
    " \t" * 10_000,
    "0-0-" * 5_000,
    '"\\' * 10_000,
    "http://" + "a." * 10_000,
    "1 mg " * 4_000,
    "200 mg twice daily " * 1_000,
]
SECONDS_OF_A_MATCH = 0.5


SEARCHING = r"\.(?:search|sub|finditer|findall|split)\("
# it looks for strings in what was already read as JSON: there every string ends
ONLY_IN_JSON = {"_JSON_STRING"}
# what is read with it is never longer than this
LENGTHS = {"_RESULT_TEXT": 60}


def expressions() -> Iterator[tuple[str, Any, int, bool]]:
    """Find every expression: its place, text, flags, and whether it may begin anywhere."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            source = file.read_text("utf-8")
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Assign | ast.AnnAssign) and _is_expression(node.value):
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    name = ast.unparse(target)
                    pattern, flags = _read(node.value)
                    searches = name not in ONLY_IN_JSON and re.search(name + SEARCHING, source)
                    yield f"{file.relative_to(ROOT)} {name}", pattern, flags, bool(searches)


def _is_expression(node: ast.expr | None) -> bool:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"):
        return False
    return isinstance(node.args[0], ast.Constant)


def _read(node: ast.expr | None) -> tuple[Any, int]:
    assert isinstance(node, ast.Call)
    flags = eval(ast.unparse(node.args[1]), {"re": re}) if len(node.args) > 1 else 0  # noqa: S307 (our own source)
    return ast.literal_eval(node.args[0]), int(flags)


def test_there_are_expressions_to_look_at() -> None:
    assert len(list(expressions())) > 10


@pytest.mark.parametrize(
    ("place", "pattern", "flags", "searches"),
    [pytest.param(*found, id=found[0]) for found in expressions()],
)
def test_no_regular_expression_is_slow_on_hostile_text(
    place: str,
    pattern: Any,  # noqa: ANN401 (str or bytes)
    flags: int,
    searches: bool,  # noqa: FBT001 (of the table)
) -> None:
    compiled = re.compile(pattern, flags)
    for text in HOSTILE:
        short = text[: LENGTHS.get(place.split(" ")[1], len(text))]
        sent = short.encode() if isinstance(pattern, bytes) else short
        began = time.process_time()
        compiled.match(sent)
        if searches:
            compiled.search(sent)
        assert time.process_time() - began < SECONDS_OF_A_MATCH


def test_twenty_thousand_observations_are_read_in_time_or_refused(demo_app: Flask) -> None:
    call = hook_call()
    entries = call["prefetch"]["observations"]["entry"]
    one = json.dumps(entries[0])
    entries += [json.loads(one.replace('"afp"', f'"afp-{n}"')) for n in range(20_000)]
    began = time.monotonic()
    answer = demo_app.test_client().post(SERVICE, json=call)
    assert time.monotonic() - began < SECONDS
    assert answer.status_code in {200, 413}


@pytest.mark.parametrize("loinc", ["1834-1", "89262-0", "75622-1"])
def test_a_result_of_a_megabyte_of_blanks_costs_nothing(demo_app: Flask, loinc: str) -> None:
    call = hook_call()
    subject = {"reference": "Patient/p1"}
    long = observation("long", loinc, subject, valueString="A" + " " * 1_000_000 + "x")
    call["prefetch"]["observations"]["entry"].append({"resource": long})
    began = time.monotonic()
    answer = demo_app.test_client().post(SERVICE, json=call)
    assert time.monotonic() - began < SECONDS
    assert answer.status_code == 200


COSTLY = {
    "one string of megabytes": b'{"x": "' + b"a" * 7_000_000 + b'"}',
    "quotes and backslashes": b'{"x": "' + b'\\"' * 3_500_000 + b'"}',
    "a million members": b"{" + b",".join(b'"%d":1' % n for n in range(600_000)) + b"}",
    "a million elements": b'{"x": [' + b"1," * 3_000_000 + b"1]}",
    "brackets in a string": b'{"x": "' + b"[" * 7_000_000 + b'"}',
    "brackets without end": b"[" * 7_000_000,
    "pairs of brackets": b'{"x": [' + b"[]," * 2_000_000 + b"[]]}",
    "digits": b'{"x": ' + b"9" * 7_000_000 + b"}",
}


@pytest.mark.parametrize("kind", COSTLY)
def test_a_body_made_to_be_costly_is_refused_in_time(demo_app: Flask, kind: str) -> None:
    began = time.monotonic()
    answer = demo_app.test_client().post(
        SERVICE, data=COSTLY[kind], content_type="application/json"
    )
    assert time.monotonic() - began < SECONDS
    assert answer.status_code == 400
