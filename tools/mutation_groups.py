"""The modules that mutation testing changes, in groups, and the tests that have to notice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

ROOT: Final = Path(__file__).resolve().parent.parent


class Group(msgspec.Struct, frozen=True):
    """Modules that are mutated together, and the tests that have to notice.

    Every mutant meets the tests ``near`` it, and those ``beyond`` when it survives them.
    """

    modules: tuple[str, ...]
    near: tuple[str, ...]
    beyond: tuple[str, ...]


_TABLES: Final = (
    "tests/truth_table/test_edges.py",
    (
        "tests/truth_table/test_pathway_equals_tables.py"
        "::test_each_row_in_each_of_its_charts_equals_the_pathway"
    ),
)


def _files(package: str, modules: str) -> tuple[str, ...]:
    """Find modules by their names, in whichever room of the package each of them stands."""
    rooms = {path.stem: path for path in (ROOT / package).rglob("*.py")}
    return tuple(str(rooms[name].relative_to(ROOT)) for name in modules.split())


def _pathway(modules: str, tests: str, *beyond: str, near: tuple[str, ...] = ()) -> Group:
    """Name modules of the pathway and their unit tests, each list in one string."""
    return Group(
        _files("hcc_pathway", modules),
        (*(f"tests/unit/hcc_pathway/test_{name}.py" for name in tests.split()), *near),
        ("tests/unit/hcc_pathway", "tests/properties/test_pathway_properties.py", *beyond),
    )


GROUPS: Final = {
    "child_pugh": _pathway(
        "albi child_pugh child_pugh_points latest", "albi child_pugh child_pugh_records latest"
    ),
    "criteria": _pathway(
        "afp_finding liver_finding performance_finding treatment_finding",
        "afp_finding criteria disagreeing_readings liver_finding treatment_finding",
        *_TABLES,
    ),
    "decision": _pathway(
        "also_consider counterfactuals decision missing_inputs option_flags pathway standing",
        "also_consider branches_behind_one_question counterfactuals grounds_and_company"
        " missing_inputs pathway",
        *_TABLES,
    ),
    "selection": _pathway("assessment selection", "assessment document selection selection_scope"),
    "exposure": _pathway(
        "daily_dose drug_periods interruptions refills refusals sorafenib_days sorafenib_exposure",
        "daily_dose drug_periods refills exposure_windows sorafenib_days sorafenib_exposure",
        *_TABLES,
        "tests/timeline",
        near=("tests/exposure",),
    ),
    "lines": _pathway(
        "course_end drug_courses lines_of_therapy sorafenib_course",
        "drug_courses drugs_given_up lines_of_therapy regimens sorafenib_course",
        *_TABLES,
    ),
    "units": Group(
        modules=_files("fhir_mappings", "amounts quantities units"),
        near=tuple(
            f"tests/unit/fhir_mappings/test_{name}.py"
            for name in ("amounts", "quantities", "units")
        ),
        beyond=("tests/unit/fhir_mappings", "tests/mappings"),
    ),
}
