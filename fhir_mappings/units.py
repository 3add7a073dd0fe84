"""The units in which results come, per analyte, with the factor to the canonical unit.

UCUM codes and the texts common in feeds ("mcg/L", "µg/L", "IU/mL", "NG/ML") are one table, looked
up after the same normalisation. U/mL and kU/L mean enzyme units in UCUM; for AFP they are taken
as international units and marked so (clinical reference 5d). Mass and moles of albumin are not
converted: no verified factor.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from hcc_pathway.answer import Phrase

UCUM: Final = "http://unitsofmeasure.org"
NO_UNIT: Final = ""
_SPACES: Final = re.compile(r"\s+")
_MEGA: Final = re.compile(r"M(?!G|CG|OL|IU/ML$)")


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Canonical value = value as sent * times / per."""

    unit: str  # canonical
    times: Decimal = Decimal(1)
    per: Decimal = Decimal(1)
    notes: tuple[Phrase, ...] = ()

    def same_size(self, other: "Scale") -> bool:
        """Whether both mean the same amount."""
        return self is other or (
            (self.unit, self.times, self.per) == (other.unit, other.times, other.per)
        )


_MICROMOL_PER_MG_DL: Final = Decimal("17.1")  # clinical reference 4a
_AS_IU: Final = (Phrase.of("note-units-read-as-international-units"),)
_FROM_SI: Final = (Phrase.of("note-bilirubin-converted", factor=_MICROMOL_PER_MG_DL),)


def _table() -> Iterator[tuple[str, str, Scale]]:
    mass_to_ng_per_ml = {
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
    for text, factor in mass_to_ng_per_ml.items():
        yield "alpha-fetoprotein", text, Scale(unit="ng/mL", times=Decimal(factor))
    for prefix, factor in (("{}/ml", "1"), ("k{}/l", "1"), ("{}/l", "0.001"), ("m{}/ml", "0.001")):
        for name in ("[iu]", "iu", "u"):
            notes = _AS_IU if name == "u" else ()
            scale = Scale(unit="IU/mL", times=Decimal(factor), notes=notes)
            yield "alpha-fetoprotein", prefix.format(name), scale
    yield "alpha-fetoprotein", "pmol/l", Scale(unit="pmol/L")
    yield "alpha-fetoprotein", "nmol/l", Scale(unit="pmol/L", times=Decimal(1000))
    yield "bilirubin", "mg/dl", Scale(unit="mg/dL")
    yield "bilirubin", "mg/l", Scale(unit="mg/dL", per=Decimal(10))
    yield "bilirubin", "umol/l", Scale(unit="mg/dL", per=_MICROMOL_PER_MG_DL, notes=_FROM_SI)
    yield "bilirubin", "mcmol/l", Scale(unit="mg/dL", per=_MICROMOL_PER_MG_DL, notes=_FROM_SI)
    yield "albumin", "g/dl", Scale(unit="g/dL")
    yield "albumin", "g/l", Scale(unit="g/dL", per=Decimal(10))
    yield "albumin", "mg/dl", Scale(unit="g/dL", per=Decimal(1000))
    yield "albumin", "mg/ml", Scale(unit="g/dL", per=Decimal(10))
    for text in (NO_UNIT, "1", "{inr}", "inr", "ratio", "{ratio}"):
        yield "inr", text, Scale(unit="1")


_SCALES: Final = {(analyte, text): scale for analyte, text, scale in _table()}
# the usual spellings need no normalisation
_SCALES.update(
    {
        (analyte, usual): _SCALES[analyte, usual.lower()]
        for analyte, usual in (
            ("alpha-fetoprotein", "ng/mL"),
            ("alpha-fetoprotein", "ug/L"),
            ("alpha-fetoprotein", "[IU]/mL"),
            ("alpha-fetoprotein", "k[IU]/L"),
            ("bilirubin", "mg/dL"),
            ("bilirubin", "umol/L"),
            ("albumin", "g/dL"),
            ("albumin", "g/L"),
            ("inr", "{INR}"),
        )
    }
)


def scale_of(analyte: str, unit: str | None) -> Scale | None:
    """Find the scale of a UCUM code or unit text; None where it is not in the table."""
    if unit is None:
        return None
    known = _SCALES.get((analyte, unit))
    return known or _SCALES.get((analyte, _normalised(unit)))


def _normalised(unit: str) -> str:
    """Write a unit in lower case without blanks; a capital M that may be "mega" is kept."""
    text = _SPACES.sub("", unit).replace("µ", "u").replace("μ", "u")
    if _MEGA.match(text) and not text.isupper():
        return text
    return text.lower()
