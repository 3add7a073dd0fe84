"""The tables themselves: total, exclusive, within 120 rows, each row citing its rules."""

from __future__ import annotations

from collections import Counter
from itertools import combinations as pairs
from math import prod
from operator import itemgetter

import pytest

from .edges import EDGES
from .expected import FLAGS, MISSING, PATHWAY, WITHHELD, expected, matching_rows, with_outcome
from .sampling import some_per_row, spread
from .space import DIMENSIONS, HISTORIES, combinations
from .tables import Row, cell_matches

_PER_HISTORY = 28
_SHOWN = 20
TABLES = (*PATHWAY, *WITHHELD, *FLAGS, *MISSING)
# Where the readings that shape no single discrete answer are tested instead.
ELSEWHERE = {
    "S11": "a text on cabozantinib, no criterion: wording tests and samples",
    "A14": "a warning on a signed order: order-sign tests",
    "A25": "an approximate day of progression: exposure tests",
    "A28": "a text on cost, no criterion: wording tests and samples",
    "A29": "a text on subgroups, no criterion: wording tests and samples",
}
ADOPTED = [*(f"S{n}" for n in range(1, 18)), *(f"A{n}" for n in range(1, 38))]


def _admitted(row: Row, column: str) -> frozenset[str]:
    cell = row.conditions.get(column, "*")
    return frozenset(each for each in DIMENSIONS[column] if cell_matches(cell, each))


def _histories(row: Row) -> frozenset[tuple[str, str]]:
    sorafenib, prior = _admitted(row, "sorafenib"), _admitted(row, "prior")
    return frozenset((s, p) for s, p in HISTORIES if s in sorafenib and p in prior)


_OTHERS = [name for name in DIMENSIONS if name not in {"sorafenib", "prior"}]


def _disjoint(one: Row, other: Row) -> bool:
    if not _histories(one) & _histories(other):
        return True
    return any(not _admitted(one, name) & _admitted(other, name) for name in _OTHERS)


def test_the_pathway_table_has_at_most_120_rows() -> None:
    assert 0 < len(PATHWAY) <= 120


def test_row_names_are_unique() -> None:
    names = Counter(row.name for row in TABLES)
    assert [name for name, times in names.items() if times > 1] == []


def test_no_two_rows_of_the_pathway_table_stand_for_the_same_combination() -> None:
    overlapping = [(a.name, b.name) for a, b in pairs(PATHWAY, 2) if not _disjoint(a, b)]
    assert overlapping == []


def test_the_rows_of_the_pathway_table_together_fill_the_input_space() -> None:
    whole = len(HISTORIES) * prod(len(DIMENSIONS[name]) for name in _OTHERS)
    filled = sum(
        len(_histories(row)) * prod(len(_admitted(row, name)) for name in _OTHERS)
        for row in PATHWAY
    )
    assert filled == whole


def _told_apart() -> dict[str, tuple[str, ...]]:
    """One value for all values that no row tells apart: what holds for it holds for them."""

    def seen_as(name: str, value: str) -> tuple[bool, ...]:
        return tuple(cell_matches(row.conditions.get(name, "*"), value) for row in TABLES)

    partners = {
        (name, value): frozenset(pair[1 - at] for pair in HISTORIES if pair[at] == value)
        for at, name in enumerate(("sorafenib", "prior"))
        for value in DIMENSIONS[name]
    }
    return {
        name: tuple(
            {
                (seen_as(name, value), partners.get((name, value))): value
                for value in reversed(values)
            }.values()
        )
        for name, values in DIMENSIONS.items()
    }


def test_every_combination_matches_exactly_one_row_of_each_table() -> None:
    # Only flags look at transplant and site, each in rows of its own (next test).
    known = [
        with_outcome(inputs)
        for inputs in combinations(_told_apart() | {"transplant": ("no",), "site": ("US",)})
    ]
    wrong = []
    for table in (WITHHELD, FLAGS, MISSING):
        for subject in {row.about for row in table}:
            rows = tuple(row for row in table if row.about == subject)
            columns = sorted({each for row in rows for each in row.conditions})
            seen = set(map(itemgetter(*columns), known)) if columns else set()
            for values in seen:
                each = (values,) if len(columns) == 1 else values
                inputs = dict(zip(columns, each, strict=True))
                matching = [row.name for row in rows if row.matches(inputs)]
                wrong += [(inputs, subject, matching)] if len(matching) != 1 else []
    assert wrong[:_SHOWN] == []


@pytest.mark.parametrize("transplant", DIMENSIONS["transplant"])
@pytest.mark.parametrize("site", DIMENSIONS["site"])
def test_transplant_and_site_match_exactly_one_row(transplant: str, site: str) -> None:
    inputs = {**some_per_row()[0], "transplant": transplant, "site": site}
    assert all(len(rows) == 1 for rows in matching_rows(inputs).values())


def test_offered_and_withheld_together_are_the_pathway_drugs() -> None:
    drugs = {"cabozantinib", "nivolumab", "ramucirumab", "regorafenib"}
    for inputs in spread(_PER_HISTORY):
        answer = expected(inputs)
        named = [*answer.options, *(each.partition(":")[0] for each in answer.withheld)]
        wanted = [] if answer.patient_class == "not-applicable" else sorted(drugs)
        assert sorted(named) == wanted, (inputs, answer)


def test_every_row_stands_for_a_chart_of_the_fast_run() -> None:
    seen = {row for inputs in some_per_row() for row in expected(inputs).rows}
    assert {row.name for row in TABLES} - seen == set()


def test_every_row_cites_a_rule() -> None:
    assert [row.name for row in TABLES if not set(row.ids) & set(ADOPTED)] == []
    assert {each for row in TABLES for each in row.ids} - set(ADOPTED) == set()


def test_every_row_of_edges_cites_a_rule() -> None:
    assert [edge.row.name for edge in EDGES if not edge.row.ids] == []
    assert {each for edge in EDGES for each in edge.row.ids} - set(ADOPTED) == set()


@pytest.mark.parametrize("rule", ADOPTED)
def test_every_rule_shapes_a_row_or_is_tested_elsewhere(rule: str) -> None:
    cited = {each for row in TABLES for each in row.ids}
    assert (rule in cited) != (rule in ELSEWHERE)
