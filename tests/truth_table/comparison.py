"""The pathway's answer for a chart, beside the one that the tables give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.case import PatientCase
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy

from .charts import TODAY, chart
from .expected import Expected, expected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
    from hcc_pathway.recommendation import Recommendation

    from .space import Combination

_SITES = {"default": SitePolicy(), "US": SitePolicy(jurisdiction="US")}
_FIELDS_OF_TABLES = {"withheld": "withheld", "flags": "flags", "missing": "missing"}


class Difference(msgspec.Struct, frozen=True):
    """Where the pathway and the tables disagree, and which rows say otherwise."""

    rows: tuple[str, ...]
    text: str


def knowledge() -> KnowledgeOnDay:
    """Return the shipped knowledge as of the tables' day."""
    return load_knowledge().as_of(TODAY)


def said(answer: Recommendation) -> Expected:
    """Bring a recommendation to the tables' terms."""
    return Expected(
        patient_class=answer.patient_class.value,
        line=answer.line.value,
        options=_set(option.therapy for option in answer.options),
        also_consider=_set(f"{each.therapy}:{each.basis}" for each in answer.also_consider),
        withheld=_set(f"{x.therapy}:{x.criterion}:{x.answer}" for x in answer.withheld),
        flags=_set(f"{each.therapy}:{flag}" for each in answer.options for flag in each.flags),
        missing=_set(each.input for each in answer.missing),
        rows=(),
    )


def _set(named: Iterable[str]) -> frozenset[str]:
    listed = list(named)
    assert len(listed) == len(set(listed)), f"named twice: {listed}"
    return frozenset(listed)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One chart with what the tables say of it, built once and asked as often as needed."""

    inputs: dict[str, str]
    variant: int
    case: PatientCase
    wanted: Expected

    def difference(self) -> Difference | None:
        """Say where the pathway differs from the tables; None when it does not."""
        site = _SITES[self.inputs["site"]]
        answer = said(select(self.case, knowledge(), on=TODAY, site=site))
        unequal = {
            name: (want, got)
            for name in self.wanted.__struct_fields__
            if name != "rows"
            and (want := getattr(self.wanted, name)) != (got := getattr(answer, name))
        }
        if not unequal:
            return None
        tables = {_FIELDS_OF_TABLES.get(name, "pathway") for name in unequal}
        rows = tuple(row for row in self.wanted.rows if _speaks_of(row, tables, unequal))
        shown = "; ".join(
            f"{name}: expected {_shown(want)}, got {_shown(got)}"
            for name, (want, got) in unequal.items()
        )
        return Difference(rows, f"{rows} {self.inputs} chart {self.variant}: {shown}")


def trial(inputs: Combination, variant: int) -> Trial:
    """Build the chart of a combination, and look up what the tables say of it."""
    return Trial(
        inputs=dict(inputs),
        variant=variant,
        case=chart(inputs, variant),
        wanted=expected(inputs),
    )


def difference(inputs: Combination, variant: int) -> Difference | None:
    """Say where the pathway differs from the tables; None when it does not."""
    return trial(inputs, variant).difference()


def _speaks_of(row: str, tables: set[str], unequal: dict[str, tuple[object, object]]) -> bool:
    """Tell whether a row is one of those that the answer contradicts."""
    table, _, name = row.partition(":")
    if table not in tables or table in {"pathway", "flags"}:
        return table in tables
    want, got = (_strings(each) for each in unequal[table])
    return any(name.startswith(each.partition(":")[0]) for each in want ^ got)


def _strings(value: object) -> frozenset[str]:
    assert isinstance(value, frozenset)
    return value


def _shown(value: object) -> str:
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
