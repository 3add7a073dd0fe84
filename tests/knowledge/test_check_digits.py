"""Check digits: the valid codes of the value sets pass, the known wrong ones do not."""

from __future__ import annotations

from datetime import date

import pytest

from hcc_pathway.knowledge_base.check_digits import is_loinc, is_snomed_ct
from hcc_pathway.knowledge_base.knowledge import load_knowledge

CODES = sorted(load_knowledge().as_of(date(2026, 11, 22)).codes)


@pytest.mark.parametrize("code", [c for s, c in CODES if s == "http://loinc.org" and c[0] != "L"])
def test_every_stored_loinc_number_passes_and_its_neighbours_do_not(code: str) -> None:
    assert is_loinc(code)
    number, digit = code.split("-")
    assert not any(is_loinc(f"{number}-{other}") for other in "0123456789" if other != digit)


@pytest.mark.parametrize("code", [c for s, c in CODES if s == "http://snomed.info/sct"])
def test_every_stored_snomed_code_passes_and_its_neighbours_do_not(code: str) -> None:
    assert is_snomed_ct(code)
    assert not any(is_snomed_ct(code[:-1] + other) for other in "0123456789" if other != code[-1])
    swapped = code[0] + code[2] + code[1] + code[3:]
    assert swapped == code or not is_snomed_ct(swapped)


@pytest.mark.parametrize(
    "code", ["53961-8", "31993-7", "1834", "1834-", "-1", "LA9622-7", "\uff11834-1", " 1834-1", ""]
)
def test_what_is_no_loinc_number_is_refused(code: str) -> None:
    assert not is_loinc(code)


@pytest.mark.parametrize("code", ["27463000", "0109841003", "10984", "109841003 ", "C22.0", ""])
def test_what_is_no_snomed_code_is_refused(code: str) -> None:
    assert not is_snomed_ct(code)
