"""Check digits of code systems: a mistyped code is refused before it can miss a patient."""

from __future__ import annotations

import re

_LOINC = re.compile(r"([0-9]{1,7})-([0-9])")
_SNOMED_CT = re.compile(r"[1-9][0-9]{5,17}")

# Verhoeff's scheme: the multiplication table of the dihedral group D5 and its permutation.
_D5 = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_PERMUTATION = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def is_loinc(code: str) -> bool:
    """Whether this is a LOINC number with the right mod-10 check digit, e.g. ``1834-1``."""
    match = _LOINC.fullmatch(code)
    if match is None:
        return False
    total = 0
    for place, digit in enumerate(reversed(match[1])):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product - 9 if product > 9 else product  # noqa: PLR2004 - sum of its digits
    return (10 - total % 10) % 10 == int(match[2])


def is_snomed_ct(code: str) -> bool:
    """Whether this is a SNOMED CT identifier with the right Verhoeff check digit."""
    if _SNOMED_CT.fullmatch(code) is None:
        return False
    remainder = 0
    for place, digit in enumerate(reversed(code)):
        remainder = _D5[remainder][_PERMUTATION[place % 8][int(digit)]]
    return remainder == 0
