"""What the tables say about one combination of inputs, composed from the four of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from .tables import Row, lookup, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATHWAY = read("pathway", ("patientClass", "line", "options", "alsoConsider"))
WITHHELD = read("withheld", ("result",))
FLAGS = read("flags", ("flags",))
MISSING = read("missing", ("asked",))
GUIDELINES = {row.name.partition(":")[2]: row for row in read("guidelines", ("therapies",))}


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The answer that the clinical reference gives, and the rows that say so."""

    patient_class: str
    line: str
    options: frozenset[str]
    also_consider: frozenset[str]  # "cabozantinib:label"
    withheld: frozenset[str]  # "ramucirumab:afp-at-least-400:not-met"
    flags: frozenset[str]  # "nivolumab:indication-withdrawn"
    missing: frozenset[str]
    rows: tuple[str, ...]


def _by_subject(rows: tuple[Row, ...]) -> dict[str, Callable[..., tuple[Row, ...]]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.about].append(row)
    return {about: lookup(tuple(group)) for about, group in groups.items()}


_pathway_row = lookup(PATHWAY)
_withheld_rows, _flag_rows, _missing_rows = map(_by_subject, (WITHHELD, FLAGS, MISSING))


def with_outcome(inputs: Mapping[str, str]) -> dict[str, str]:
    """Add what the pathway table answers, which the other tables look at as well."""
    (row,) = _pathway_row(inputs)
    return {
        **inputs,
        "patientClass": row.result["patientClass"],
        "line": row.result["line"],
        "offers": "yes" if row.result["options"] else "no",
    }


def matching_rows(inputs: Mapping[str, str]) -> dict[str, tuple[Row, ...]]:
    """Find the rows of each table and subject that stand for a combination: one each."""
    known = with_outcome(inputs)
    found = {"pathway": _pathway_row(inputs)}
    for table, by_subject in (
        ("withheld", _withheld_rows),
        ("flags", _flag_rows),
        ("missing", _missing_rows),
    ):
        found |= {f"{table}:{about}": rows(known) for about, rows in by_subject.items()}
    return found


def also_consider(cell: str) -> frozenset[str]:
    """Write out a cell: ``cabozantinib:label`` stays, a guideline becomes its therapies."""
    named: set[str] = set()
    for each in cell.split():
        if each in GUIDELINES:
            therapies = GUIDELINES[each].result["therapies"].split()
            named |= {f"{therapy}:guideline" for therapy in therapies}
        else:
            named.add(each)
    return frozenset(named)


def _flags(cells: list[str], options: frozenset[str]) -> frozenset[str]:
    pairs = [pair.split(":") for cell in cells for pair in cell.split()]
    return frozenset(
        f"{option}:{flag}"
        for therapy, flag in pairs
        for option in options
        if therapy in {"*", option}
    )


def expected(inputs: Mapping[str, str]) -> Expected:
    """Compose the expected answer; the tables have to match exactly one row each."""
    rows = {subject: row for subject, (row,) in matching_rows(inputs).items()}
    main = rows["pathway"].result
    options = frozenset(main["options"].split())

    def said(table: str, column: str) -> dict[str, str]:
        return {
            subject.partition(":")[2]: row.result[column]
            for subject, row in rows.items()
            if subject.startswith(f"{table}:")
        }

    withheld = said("withheld", "result")
    return Expected(
        patient_class=main["patientClass"],
        line=main["line"],
        options=options,
        also_consider=also_consider(main["alsoConsider"]),
        withheld=frozenset(f"{therapy}:{why}" for therapy, why in withheld.items() if ":" in why),
        flags=_flags(list(said("flags", "flags").values()), options),
        missing=frozenset(
            name for name, asked in said("missing", "asked").items() if asked == "yes"
        ),
        rows=tuple(row.name for row in rows.values()),
    )
