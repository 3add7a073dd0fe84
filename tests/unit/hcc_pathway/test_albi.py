"""ALBI: the worked values of the clinical reference, and the borders of the grades."""

from datetime import date
from decimal import Decimal

import pytest

from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.liver_function.albi import albi

KNOWLEDGE = load_knowledge().as_of(date(2026, 11, 22))


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("umol_per_l", "g_per_l", "score", "grade"),
    [
        ("10", "45", "-3.165", 1),
        ("17.1", "40", "-2.586", 2),
        ("34.2", "35", "-1.963", 2),
        ("51.3", "28", "-1.251", 3),
        # borders: log10(1) = 0, so the score is -0.085 x albumin
        ("1", "30.588236", "-2.600", 1),
        ("1", "30.58", "-2.599", 2),
        ("1", "16.352942", "-1.390", 2),
        ("1", "16.35", "-1.390", 3),
    ],
)
def test_worked_values(umol_per_l: str, g_per_l: str, score: str, grade: int) -> None:
    found = albi(Decimal(umol_per_l) / Decimal("17.1"), Decimal(g_per_l) / 10, KNOWLEDGE)

    assert found is not None
    assert (found.score, found.grade) == (Decimal(score), grade)


@pytest.mark.parametrize("mg_per_dl", ["0", "-1"])
def test_without_a_positive_bilirubin_there_is_no_score(mg_per_dl: str) -> None:
    assert albi(Decimal(mg_per_dl), Decimal(4), KNOWLEDGE) is None


@pytest.mark.parametrize(
    ("umol_per_l", "g_per_l", "score", "grade"),
    [
        # no patient's values: powers of ten whose score is exactly the border
        ("1E+11", "116", "-2.600", 1),
        ("1E+11", "115.999", "-2.600", 2),
        ("1E+10", "94", "-1.390", 2),
        ("1E+10", "93.999", "-1.390", 3),
    ],
)
def test_a_score_exactly_on_a_border_has_the_better_grade(
    umol_per_l: str, g_per_l: str, score: str, grade: int
) -> None:
    found = albi(Decimal(umol_per_l) / Decimal("17.1"), Decimal(g_per_l) / 10, KNOWLEDGE)

    assert found is not None
    assert (found.score, found.grade) == (Decimal(score), grade)
