"""Whole charts in the dialects of the field, each beside the case that has to be read from it.

``chart.json`` holds a prefetch or a Bundle (and the site's zone, local codes and AFP factor where
they matter), ``case.json`` the expected case without what is empty. After a change on purpose
write them anew with ``HCC_CDS_WRITE_CASES=1`` and review the difference.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from fhir_mappings.chart.record import ChartSources, sources_from_bundle
from hcc_pathway.case import PatientCase
from tests.unit.fhir_mappings.charts_for_tests import case_from, prefetch

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("*/chart.json"))


def _read(given: dict[str, object]) -> PatientCase:
    received = given.get("prefetch")
    sources: ChartSources = (
        prefetch(**received)
        if isinstance(received, dict)
        else sources_from_bundle(json.dumps(given["chart"]).encode())
    )
    local_codes = given.get("local_codes", {})
    factor = given.get("iu_to_ng")
    return case_from(
        sources,
        zone=ZoneInfo(str(given.get("zone", "America/New_York"))),
        local_codes=local_codes if isinstance(local_codes, dict) else None,
        iu_to_ng=Decimal(str(factor)) if factor is not None else None,
    )


def _without_empty(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _without_empty(one) for key, one in value.items() if one not in (None, [], "")
        }
    return [_without_empty(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_chart_gives_its_case(folder: Path) -> None:
    given = json.loads((folder / "chart.json").read_text(encoding="utf-8"))

    found = _without_empty(json.loads(msgspec.json.encode(_read(given))))

    expected = folder / "case.json"
    if os.environ.get("HCC_CDS_WRITE_CASES") == "1":
        expected.write_text(
            json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    assert found == json.loads(expected.read_text(encoding="utf-8"))
