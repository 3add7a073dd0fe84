"""Amounts of a drug in milligrams and lengths in days: each unit, and what is not guessed."""

from decimal import Decimal

import pytest

from fhir_mappings.chart.projections import Quantity
from fhir_mappings.drugs.amounts import is_plausible, length_in_days, milligrams, shown

TABLET_MG = Decimal(200)


def _quantity(value: str, unit: str | None = None, **more: str) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, **more)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (_quantity("400", "mg"), "400"),
        (_quantity("400", " MG "), "400"),
        (_quantity("0.4", "g"), "400"),
        (_quantity("400000", "ug"), "400"),
        (_quantity("400000", "mcg"), "400"),
        (_quantity("2", "tablets"), "400"),
        (_quantity("2", "{TBL}"), "400"),
        (_quantity("0", "mg"), "0"),
        (_quantity("400", code="mg"), "400"),
        # the code is read before the text; one that is not known leaves it to the text
        (_quantity("2", "mg", code="{tbl}"), "400"),
        (_quantity("400", "mg", code="17"), "400"),
    ],
)
def test_an_amount_is_read_in_milligrams(quantity: Quantity, expected: str) -> None:
    found = milligrams(quantity, TABLET_MG)

    assert found is not None
    assert (found.low_mg, found.high_mg) == (Decimal(expected), Decimal(expected))


@pytest.mark.parametrize(
    ("quantity", "strength_mg"),
    [
        (None, TABLET_MG),
        (Quantity(unit="mg"), TABLET_MG),
        (_quantity("400", "mg", comparator="<"), TABLET_MG),
        (_quantity("-1", "mg"), TABLET_MG),
        (_quantity("400"), TABLET_MG),
        (_quantity("400", "mL"), TABLET_MG),
        (_quantity("2", "tablets"), None),
    ],
)
def test_an_amount_that_could_mean_anything_is_not_read(
    quantity: Quantity | None, strength_mg: Decimal | None
) -> None:
    assert milligrams(quantity, strength_mg) is None


@pytest.mark.parametrize(
    ("number", "plausible"),
    [
        ("400", True),
        ("0", True),
        ("9999999", True),
        ("1E+6", True),
        ("10000000", False),
        ("1E+999999", False),
        ("0.000001", True),
        ("0.0000009", False),
        ("1E-999999", False),
        ("NaN", False),
        ("sNaN", False),
        ("Infinity", False),
        ("-Infinity", False),
    ],
)
def test_a_number_far_out_or_none_at_all_is_neither_dose_nor_duration(
    number: str, *, plausible: bool
) -> None:
    assert is_plausible(Decimal(number)) is plausible
    if not plausible:
        assert milligrams(_quantity(number, "mg"), TABLET_MG) is None
        assert length_in_days(_quantity(number, "days")) is None


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        (_quantity("28", "days"), 28),
        (_quantity("1", "d"), 1),
        (_quantity("4", " Weeks "), 28),
        (_quantity("4", code="wk"), 28),
        (_quantity("1.5", "weeks"), 10),  # whole days
        (_quantity("4", "weeks", code="d"), 4),
        (_quantity("4", "weeks", code="17"), 28),
        (_quantity("0", "days"), None),
        (_quantity("0.9", "days"), None),
        (_quantity("-1", "days"), None),
        (_quantity("1", "month"), None),
        (_quantity("28"), None),
        (_quantity("28", "days", comparator=">"), None),
        (Quantity(unit="days"), None),
        (None, None),
    ],
)
def test_a_duration_is_read_in_whole_days(duration: Quantity | None, days: int | None) -> None:
    assert length_in_days(duration) == days


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (_quantity("400", "mg"), "400 mg"),
        (_quantity("400", "mg", code="milligram"), "400 mg"),
        (_quantity("400", code="mg"), "400 mg"),
        (_quantity("400"), "400"),
        (Quantity(unit="mg"), ""),
        (None, ""),
    ],
)
def test_an_amount_is_shown_in_the_words_of_the_chart(
    quantity: Quantity | None, words: str
) -> None:
    assert shown(quantity) == words
