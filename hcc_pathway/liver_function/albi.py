"""ALBI grade from bilirubin and albumin: liver function where Child-Pugh cannot be computed (A17).

Formula and grades: clinical reference 4b. Context only: it never decides an option.
"""

from decimal import Decimal
from math import log10

import msgspec

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_G_PER_L_PER_G_PER_DL = 10


class Albi(msgspec.Struct, frozen=True):
    """The score, rounded to three digits, and grade 1 (best) to 3."""

    score: Decimal
    grade: int


def albi(
    bilirubin_mg_per_dl: Decimal, albumin_g_per_dl: Decimal, knowledge: KnowledgeOnDay
) -> Albi | None:
    """0.66 log10(bilirubin umol/L) - 0.085 albumin g/L; None without a positive bilirubin."""
    parameter = knowledge.parameter
    umol_per_l = bilirubin_mg_per_dl * parameter("bilirubin-umol-per-l-per-mg-per-dl")
    if umol_per_l <= 0:
        return None
    exact = parameter("albi-bilirubin-coefficient") * Decimal(log10(umol_per_l)) + parameter(
        "albi-albumin-coefficient"
    ) * (albumin_g_per_dl * _G_PER_L_PER_G_PER_DL)
    if exact <= parameter("albi-grade-1-highest"):
        grade = 1
    else:
        grade = 2 if exact <= parameter("albi-grade-2-highest") else 3
    return Albi(round(exact, 3), grade)
