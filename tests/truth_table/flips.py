"""The flips: every branch and threshold of the pathway, changed one at a time.

Found mechanically in the syntax trees; nothing that the tables expect comes from there.
"""

from __future__ import annotations

import ast
import functools
import gc
import importlib
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING
from unittest import mock

import msgspec

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay, load_knowledge

from .charts import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

PACKAGE = Path(__file__).parent.parent.parent / "hcc_pathway"
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
    (path,) = PACKAGE.rglob(f"{module}.py")
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
    (path,) = PACKAGE.rglob(f"{flip.module}.py")
    room = path.relative_to(PACKAGE.parent).with_suffix("")
    found: object = importlib.import_module(".".join(room.parts))
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


@functools.cache
def _memories() -> tuple[functools._lru_cache_wrapper[object], ...]:
    """Find what the pathway remembers, but for the knowledge, which takes long to read."""
    return tuple(
        each
        for each in gc.get_objects()
        if isinstance(each, functools._lru_cache_wrapper)  # noqa: SLF001 - it has no public name
        and (each.__module__ or "").startswith(("hcc_pathway.", "fhir_mappings."))
        and "knowledge" not in each.__module__
    )


def _forget() -> None:
    for each in _memories():
        each.cache_clear()


def _nudged(value: Decimal, step: str) -> Decimal:
    """Move a whole number by one, any other by one of its last decimal place."""
    by = type(value)(1).scaleb(int(value.as_tuple().exponent))
    return value - by if step == "-" else value + by


@contextmanager
def flipped(flip: Flip) -> Iterator[None]:
    """Put a flip in place, and take it away again."""
    if flip.code is None:
        parameter = KnowledgeOnDay.parameter

        def nudged(knowledge: KnowledgeOnDay, parameter_id: str) -> Decimal:
            value = parameter(knowledge, parameter_id)
            return _nudged(value, flip.step) if parameter_id == flip.parameter else value

        _forget()
        with mock.patch.object(KnowledgeOnDay, "parameter", nudged):
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
