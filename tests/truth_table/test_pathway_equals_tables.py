"""The pathway equals the tables that were written from the clinical reference."""

from __future__ import annotations

from itertools import product

import pytest

from .charts import variants
from .comparison import difference
from .sampling import some_per_row, spread
from .space import DIMENSIONS, HISTORIES, combinations

_SHOWN = 20
_PER_HISTORY = 5000 // len(HISTORIES) + 1
_EVERYDAY = {
    **DIMENSIONS,
    "patient": ("adult",),
    "diagnosis": ("hcc",),
    "transplant": ("no",),
    "site": ("default",),
}


def test_each_row_in_each_of_its_charts_equals_the_pathway() -> None:
    found = [
        unequal.text
        for inputs in some_per_row()
        for variant in range(variants(inputs))
        if (unequal := difference(inputs, variant))
    ]
    assert found[:_SHOWN] == []


def test_at_least_5000_combinations_over_the_whole_space_equal_the_pathway() -> None:
    chosen = list(spread(_PER_HISTORY))
    found = [
        unequal.text
        for number, inputs in enumerate(chosen)
        if (unequal := difference(inputs, number))
    ]
    assert len(chosen) >= 5000
    assert found[:_SHOWN] == []


@pytest.mark.slow
def test_every_combination_of_an_adult_with_hcc_equals_the_pathway() -> None:
    found = [
        unequal.text
        for number, inputs in enumerate(combinations(_EVERYDAY))
        if (unequal := difference(inputs, number))
    ]
    assert found[:_SHOWN] == []


@pytest.mark.slow
@pytest.mark.parametrize("diagnosis", DIMENSIONS["diagnosis"])
@pytest.mark.parametrize("patient", DIMENSIONS["patient"])
def test_every_history_of_every_patient_and_diagnosis_equals_the_pathway(
    patient: str, diagnosis: str
) -> None:
    gate = {"patient": patient, "diagnosis": diagnosis}
    rest = product(DIMENSIONS["transplant"], DIMENSIONS["site"])
    found = [
        unequal.text
        for transplant, site in rest
        for number, inputs in enumerate(spread(2))
        if (
            unequal := difference(
                {**inputs, **gate, "transplant": transplant, "site": site}, number
            )
        )
    ]
    assert found[:_SHOWN] == []
