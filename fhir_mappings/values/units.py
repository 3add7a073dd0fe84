"""The units in which results come, per analyte, with the factor to the canonical unit.

UCUM codes and the texts common in feeds ("mcg/L", "µg/L", "IU/mL", "NG/ML") are one table, looked
up after the same normalisation. U/mL and kU/L mean enzyme units in UCUM; for AFP they are taken
as international units and marked so (clinical reference 5d). Mass and moles of albumin are not
converted: no verified factor.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from fhir_mappings.values.kept_texts import LONGEST_KEPT
from hcc_pathway.answer import Phrase
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

UCUM: Final = "http://unitsofmeasure.org"
NO_UNIT: Final = ""
_ONE: Final = Decimal(1)
_FACTORS_KEPT: Final = 64
_TEXTS_KEPT: Final = 4096
_SPACES: Final = re.compile(r"\s+")
_MEGA: Final = re.compile(r"M(?!G|CG|OL|IU/ML$)")


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Canonical value = value as sent * times / per."""

    unit: str  # canonical
    times: Decimal = _ONE
    per: Decimal = _ONE
    notes: tuple[Phrase, ...] = ()

    @property
    def is_canonical(self) -> bool:
        """Whether nothing is to be converted."""
        return self.times is _ONE and self.per is _ONE

    def same_size(self, other: "Scale") -> bool:
        """Whether both mean the same amount."""
        return self is other or (
            (self.unit, self.times, self.per) == (other.unit, other.times, other.per)
        )


_AS_IU: Final = (Phrase.of("note-units-read-as-international-units"),)


class Factors(msgspec.Struct, frozen=True, eq=False):
    """The factors that are not the units' own: from the reviewed knowledge, and of the site.

    Compared by identity and kept (``Factors.of``), so that scales can be cached by them.
    """

    bilirubin_umol_per_l_per_mg_per_dl: Decimal
    iu_to_ng: Decimal | None = None  # ng of AFP per IU by the site's assay

    @classmethod
    def of(cls, knowledge: KnowledgeOnDay, iu_to_ng: Decimal | None = None) -> "Factors":
        """Take the factors of a day's knowledge and of a site."""
        return _factors(knowledge, iu_to_ng)


@lru_cache(_FACTORS_KEPT)
def _factors(knowledge: KnowledgeOnDay, iu_to_ng: Decimal | None) -> Factors:
    return Factors(knowledge.parameter("bilirubin-umol-per-l-per-mg-per-dl"), iu_to_ng)


_MASS_OF_AFP_TO_NG_PER_ML = {
    "ng/ml": "1",
    "ug/l": "1",
    "mcg/l": "1",
    "ng/dl": "0.01",
    "ng/l": "0.001",
    "pg/ml": "0.001",
    "ug/dl": "10",
    "mcg/dl": "10",
    "ug/ml": "1000",
    "mcg/ml": "1000",
    "mg/l": "1000",
}
_ARBITRARY_TO_IU_PER_ML = {"{}/ml": "1", "k{}/l": "1", "{}/l": "0.001", "m{}/ml": "0.001"}


def _table(micromol_per_mg: Decimal) -> Iterator[tuple[str, str, Scale]]:
    """List every unit that is read: analyte, unit text as normalised, scale."""
    yield from _afp_units()
    from_si = (Phrase.of("note-bilirubin-converted", factor=micromol_per_mg),)
    yield "bilirubin", "mg/dl", Scale(unit="mg/dL")
    yield "bilirubin", "mg/l", Scale(unit="mg/dL", per=Decimal(10))
    yield "bilirubin", "umol/l", Scale(unit="mg/dL", per=micromol_per_mg, notes=from_si)
    yield "bilirubin", "mcmol/l", Scale(unit="mg/dL", per=micromol_per_mg, notes=from_si)
    yield "albumin", "g/dl", Scale(unit="g/dL")
    yield "albumin", "g/l", Scale(unit="g/dL", per=Decimal(10))
    yield "albumin", "mg/dl", Scale(unit="g/dL", per=Decimal(1000))
    yield "albumin", "mg/ml", Scale(unit="g/dL", per=Decimal(10))
    for text in (NO_UNIT, "1", "{inr}", "inr", "ratio", "{ratio}"):
        yield "inr", text, Scale(unit="1")


def _afp_units() -> Iterator[tuple[str, str, Scale]]:
    for text, factor in _MASS_OF_AFP_TO_NG_PER_ML.items():
        yield "alpha-fetoprotein", text, Scale(unit="ng/mL", times=Decimal(factor))
    for form, factor in _ARBITRARY_TO_IU_PER_ML.items():
        for name in ("[iu]", "iu", "u"):
            notes = _AS_IU if name == "u" else ()
            scale = Scale(unit="IU/mL", times=Decimal(factor), notes=notes)
            yield "alpha-fetoprotein", form.format(name), scale
    yield "alpha-fetoprotein", "pmol/l", Scale(unit="pmol/L")
    yield "alpha-fetoprotein", "nmol/l", Scale(unit="pmol/L", times=Decimal(1000))


@lru_cache(_FACTORS_KEPT)
def _scales(factors: Factors) -> dict[tuple[str, str], Scale]:
    rows = _table(factors.bilirubin_umol_per_l_per_mg_per_dl)
    return {(analyte, text): scale for analyte, text, scale in rows}


def scale_of(analyte: str, unit: str | None, factors: Factors) -> Scale | None:
    """Find the scale of a UCUM code or unit text; None where it is not in the table."""
    if unit is None or len(unit) > LONGEST_KEPT:
        return None
    return _scale_of(analyte, unit, factors)


@lru_cache(_TEXTS_KEPT)
def _scale_of(analyte: str, unit: str, factors: Factors) -> Scale | None:
    return _scales(factors).get((analyte, _normalised(unit)))


def _normalised(unit: str) -> str:
    """Write a unit in lower case without blanks; a capital M that may be "mega" is kept."""
    text = _SPACES.sub("", unit).replace("µ", "u").replace("μ", "u")
    if _MEGA.match(text) and not text.isupper():
        return text
    return text.lower()
