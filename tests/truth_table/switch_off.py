"""Flip every branch and threshold of the pathway, one at a time: each has to turn a row red.

``PYTHONPATH=.:tests python -m truth_table.switch_off [MODULE ...]`` prints a table of flips and
the rows that each turned red, and exits 1 when a flip turned none red and is not listed, with its
reason, in ``switch_off_survivors.csv``. Flips are found mechanically in the syntax trees; nothing
that the tables expect comes from there.
"""

from __future__ import annotations

import argparse
import ast
import csv
import functools
import gc
import importlib
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING
from unittest import mock

import msgspec

from hcc_pathway.knowledge_base import load_knowledge

from . import comparison
from .afp_edges import EDGES, answer
from .charts import TODAY, variants
from .comparison import difference
from .expected import expected
from .sampling import some_per_row, spread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from types import FrameType

    from .space import Combination

HERE = Path(__file__).parent
PACKAGE = HERE.parent.parent / "hcc_pathway"
# What turns findings into an answer. Exposure, lines and units have boundary tables of their own.
MODULES = (
    "pathway",
    "findings",
    "afp_finding",
    "liver_finding",
    "performance_finding",
    "treatment_finding",
    "standing",
    "option_flags",
    "also_consider",
    "missing_inputs",
    "latest",
    "child_pugh",
    "child_pugh_points",
)
_SECONDS = 20
_NEIGHBOUR: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_INEQUALITIES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class Flip(msgspec.Struct, frozen=True):
    """One change to one function (or one parameter): where, what, and the changed code."""

    module: str
    function: str
    line: int
    change: str
    code: CodeType | None = None
    parameter: str = ""
    step: str = ""

    @property
    def name(self) -> str:
        """Name the flip without line numbers, so that a listed survivor stays listed."""
        if self.parameter:
            return f"{self.parameter} {self.step}"
        return f"{self.module}.{self.function}: {self.change}"


# ---- finding the flips -----------------------------------------------------------------------


def _negated(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(op=ast.Not(), operand=test), test)


_Change = tuple[str, str, object, object]  # what is said, attribute, old value, new value


def _changes(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.Compare):
        yield from _other_edges(node)
    elif isinstance(node, ast.BoolOp):
        yield from _without_an_operand(node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "not", "test", node.test, _negated(node.test)
    elif isinstance(node, ast.comprehension):
        for at, test in enumerate(node.ifs):
            ifs = [*node.ifs[:at], _negated(test), *node.ifs[at + 1 :]]
            yield f"not ({ast.unparse(test)}) in", "ifs", node.ifs, ifs
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Compare | ast.BoolOp):
        yield "not", "value", node.value, _negated(node.value)
    elif isinstance(node, ast.match_case) and not _catches_all(node):
        yield "never", "guard", node.guard, ast.Constant(value=False)


def _other_edges(node: ast.Compare) -> Iterator[_Change]:
    for at, op in enumerate(node.ops):
        if isinstance(op, _INEQUALITIES) or len(node.ops) > 1:
            ops = [*node.ops[:at], _NEIGHBOUR[type(op)](), *node.ops[at + 1 :]]
            yield "edge of", "ops", node.ops, ops


def _without_an_operand(node: ast.BoolOp) -> Iterator[_Change]:
    for at, operand in enumerate(node.values):
        rest = [*node.values[:at], *node.values[at + 1 :]]
        rest = rest if len(rest) > 1 else rest * 2  # "a and a": a tree needs two operands
        yield f"without ({ast.unparse(operand)})", "values", node.values, rest


def _catches_all(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _said(node: ast.AST) -> str:
    shown = node.pattern if isinstance(node, ast.match_case) else node
    shown = shown.test if isinstance(shown, ast.If | ast.While) else shown
    return " ".join(ast.unparse(shown).split())


def flips_of(module: str) -> Iterator[Flip]:
    """Find every flip of the functions of one module of the pathway."""
    path = PACKAGE / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in _functions(tree):
        for node in ast.walk(function):
            for verb, attribute, old, new in _changes(node):
                setattr(node, attribute, new)
                ast.fix_missing_locations(tree)
                compiled = compile(tree, str(path), "exec")
                setattr(node, attribute, old)
                code = _code_at(compiled, function)
                line = getattr(node, "lineno", function.lineno)
                change = f"{verb} {_said(node)}"
                yield Flip(module, code.co_qualname, line, change, code)


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """List functions and methods, without those inside other functions."""
    holders: list[ast.Module | ast.ClassDef] = [tree]
    holders += [each for each in tree.body if isinstance(each, ast.ClassDef)]
    return [
        each for holder in holders for each in holder.body if isinstance(each, ast.FunctionDef)
    ]


def _code_at(code: CodeType, function: ast.FunctionDef) -> CodeType:
    first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    waiting = [code]
    while waiting:
        for each in waiting.pop().co_consts:
            if isinstance(each, CodeType):
                if each.co_name == function.name and each.co_firstlineno == first:
                    return each
                waiting.append(each)
    raise LookupError(function.name)


def parameter_flips() -> Iterator[Flip]:
    """Nudge every parameter of the knowledge down and up."""
    for parameter in sorted(load_knowledge().as_of(TODAY).parameters):
        for step in ("-", "+"):
            yield Flip("knowledge", "", 0, "", None, parameter, step)


# ---- trying a flip ---------------------------------------------------------------------------


def _function(flip: Flip) -> FunctionType:
    found: object = importlib.import_module(f"hcc_pathway.{flip.module}")
    for name in flip.function.split("."):
        found = vars(found)[name]
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, classmethod | staticmethod | functools.cached_property):
        found = found.__func__ if not isinstance(found, functools.cached_property) else found.func
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    assert isinstance(found, FunctionType), flip
    return found


def _forget() -> None:
    """Empty what the pathway remembers, but not the knowledge, which takes long to read."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):  # noqa: SLF001 - it has no public name
            module = each.__module__ or ""
            if module.startswith("hcc_pathway.") and "knowledge" not in module:
                each.cache_clear()


def _nudged(value: Decimal, step: str) -> Decimal:
    """Move a whole number by one, any other by one of its last decimal place."""
    by = type(value)(1).scaleb(int(value.as_tuple().exponent))
    return value - by if step == "-" else value + by


@contextmanager
def flipped(flip: Flip) -> Iterator[None]:
    """Put a flip in place, and take it away again."""
    if flip.code is None:
        known = load_knowledge().as_of(TODAY)
        changed = {flip.parameter: _nudged(known.parameter(flip.parameter), flip.step)}
        nudged = msgspec.structs.replace(known, parameters={**known.parameters, **changed})
        _forget()
        with mock.patch.object(comparison, "knowledge", return_value=nudged):
            yield
    else:
        function = _function(flip)
        kept, function.__code__ = function.__code__, flip.code
        _forget()
        try:
            yield
        finally:
            function.__code__ = kept
    _forget()


class _TooLongError(Exception):
    """A flip made the pathway run on."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLongError


Chart = tuple["Combination", int]


def _red(inputs: Combination, variant: int) -> tuple[str, ...]:
    """Name the rows that are red for one chart; an exception is an answer that no row gives."""
    signal.alarm(_SECONDS)
    try:
        unequal = difference(inputs, variant)
    except Exception as problem:  # noqa: BLE001 - whatever the flip broke, the row is red
        return (*expected(inputs).rows[:1], f"({type(problem).__name__})")
    finally:
        signal.alarm(0)
    return unequal.rows if unequal else ()


def charts() -> list[Chart]:
    """List one combination of every row, in each of its charts."""
    return [(each, variant) for each in some_per_row() for variant in range(variants(each))]


def _red_edges() -> tuple[str, ...]:
    """Name the rows of the table of AFP edges that are red."""
    try:
        return tuple(row.name for row in EDGES if answer(row) != row.result["afp"])
    except Exception as problem:  # noqa: BLE001 - whatever the flip broke, the row is red
        return (EDGES[0].name, f"({type(problem).__name__})")


def rows_turned_red(flip: Flip, first: list[Chart], more: list[Chart]) -> tuple[str, ...]:
    """Try a flip on the charts of the rows, then on charts spread over the whole space."""
    with flipped(flip):
        if red := _red_edges():
            return red
        for at, (inputs, variant) in enumerate(first):
            if red := _red(inputs, variant):
                first.insert(0, first.pop(at))  # what finds one flip tends to find its neighbour
                return red
        for inputs, variant in more:
            if red := _red(inputs, variant):
                first.insert(0, (inputs, variant))
                return red
    return ()


# ---- the table -------------------------------------------------------------------------------


def listed_survivors() -> dict[str, str]:
    """Read the flips that no row can see, each with its reason."""
    with (HERE / "switch_off_survivors.csv").open(encoding="utf-8", newline="") as table:
        return {line["flip"]: line["reason"] for line in csv.DictReader(table)}


def survivors(modules: tuple[str, ...] = MODULES, *, parameters: bool = True) -> list[str]:
    """Try every flip, print what each turned red, and return those that turned nothing red."""
    signal.signal(signal.SIGALRM, _too_long)
    first = charts()
    more = [(inputs, number) for number, inputs in enumerate(spread(3))]
    listed = listed_survivors()
    flips = [flip for module in modules for flip in flips_of(module)]
    flips += list(parameter_flips()) if parameters else []
    left = []
    for flip in flips:
        rows = () if flip.name in listed else rows_turned_red(flip, first, more)
        shown = " ".join(rows[:3]) or listed.get(flip.name) or "NO ROW IS RED"
        sys.stdout.write(f"{flip.line or ''}\t{flip.name}\t{shown}\n")
        sys.stdout.flush()
        if not rows and flip.name not in listed:
            left.append(flip.name)
    stale = sorted(set(listed) - {flip.name for flip in flips}) if modules == MODULES else []
    sys.stdout.write(f"{len(flips)} flips, {len(left)} that no row sees, {len(listed)} listed\n")
    return left + [f"listed and gone: {each}" for each in stale]


def main() -> int:
    """Run the script: 0 when every flip turned a row red, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--no-parameters", action="store_true")
    chosen = parser.parse_args()
    left = survivors(tuple(chosen.modules), parameters=not chosen.no_parameters)
    for each in left:
        sys.stderr.write(f"no row sees {each}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
