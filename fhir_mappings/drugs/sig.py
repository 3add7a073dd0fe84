"""Instructions in words: a small closed grammar, whole text or nothing.

"400 mg twice daily" and "2 tabs PO BID" are read; anything that holds a word the grammar does not
know ("as needed", "5 days on, 2 days off") is not, and the dose stays unknown.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from fhir_mappings.drugs.dose_patterns import DayCounts
from fhir_mappings.values.kept_texts import LONGEST_KEPT

_NUMBER_WORDS: Final = {
    "half": Decimal("0.5"),
    "one": Decimal(1),
    "two": Decimal(2),
    "three": Decimal(3),
    "four": Decimal(4),
}
_NUMBER: Final = r"\d+(?:\.\d+)?|half|one|two|three|four"
_AMOUNT: Final = (
    rf"(?P<low>{_NUMBER})(?: ?(?:-|to) ?(?P<high>{_NUMBER}))? ?"
    r"(?:(?P<unit>mg|g|gram|grams|milligrams?)"
    r"|(?P<tablet>tab|tabs|tablet|tablets|tbl|pill|pills)"
    r"(?: (?:of )?(?P<strength>\d+) ?mg)?"
    r"|x ?(?P<times_strength>\d+) ?mg(?: (?:tab|tabs|tablet|tablets))?)"
    r"(?: \((?:(?P<total>\d+) ?mg(?: total)?|\d+ (?:tab|tabs|tablet|tablets))\))?"
)
_FREQUENCIES: Final[dict[str, DayCounts]] = {}
_DAILY: Final = {
    1: (
        "daily|once daily|once a day|one time daily|1 time daily|1 time a day|every day|each day"
        "|a day|per day|/day|/d|qd|q24h|every 24 hours|1x/day|1x daily|once per day"
        "|in the morning|in the evening|every morning|every evening|at bedtime|am|pm|qam|qpm"
    ),
    2: (
        "twice daily|twice a day|twice per day|two times daily|two times a day|2 times daily"
        "|2 times a day|2 times per day|2x/day|2x daily|2x a day|bid|q12h|every 12 hours"
        "|every twelve hours|morning and evening|every morning and evening"
        "|in the morning and in the evening|in the morning and evening"
    ),
    3: (
        "three times daily|three times a day|3 times daily|3 times a day|3x/day|3x daily|tid|q8h"
        "|every 8 hours"
    ),
    4: (
        "four times daily|four times a day|4 times daily|4 times a day|4x/day|qid|q6h"
        "|every 6 hours"
    ),
}
_ALTERNATE: Final = (
    "every other day|every 2 days|every two days|every second day|on alternate days"
    "|alternate days|qod|q48h|every 48 hours"
)
for _count, _names in _DAILY.items():
    for _name in _names.split("|"):
        _FREQUENCIES[_name] = DayCounts.every_day(Decimal(_count))
for _name in _ALTERNATE.split("|"):
    _FREQUENCIES[_name] = DayCounts((Decimal(1), Decimal(0)), (Decimal(1), Decimal(0)))
_FREQUENCY: Final = "|".join(
    re.escape(name) for name in sorted(_FREQUENCIES, key=len, reverse=True)
)
_SIG: Final = re.compile(
    r"(?:(?:take|taking|takes|give|administer) )?(?:(?:sorafenib|nexavar)(?: tosylate)? )?"
    rf"{_AMOUNT} ?(?:,? ?(?:by mouth|orally|oral|po|per os))?,? ?(?P<frequency>{_FREQUENCY})"
    r"(?:,? (?:by mouth|orally|oral|po))?"
    r"(?:,? (?:without food|with or without food|on an empty stomach))?"
    r"(?:,? for (?P<length>\d{1,3}) (?P<length_unit>days?|weeks?))?"
)
_DOTTED: Final = re.compile(r"\b[a-z](?:\.[a-z])+\b\.?")
_SPELT_OUT: Final = re.compile(r"(?<=\d) \((?:one|two|three|four)\)")  # "2 (two) times"


class Sig(msgspec.Struct, frozen=True):
    """What an instruction in words says."""

    low: Decimal
    high: Decimal
    in_tablets: bool  # else milligrams
    strength_mg: Decimal | None  # the strength that the words themselves give
    counts: DayCounts
    length_days: int | None


def frequency_named(name: str | None) -> DayCounts | None:
    """Read a frequency alone: "BID", "twice daily", "QOD"."""
    return None if name is None else _FREQUENCIES.get(_plain(name))


def read_sig(text: str) -> Sig | None:
    """Read a whole instruction; None unless every word of it is in the grammar."""
    return _read_sig(text) if len(text) <= LONGEST_KEPT else None


@lru_cache(maxsize=512)
def _read_sig(text: str) -> Sig | None:
    found = _SIG.fullmatch(_plain(text))
    if found is None:
        return None
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else low
    strength = found["strength"] or found["times_strength"]
    length = None
    if found["length"]:
        length = int(found["length"]) * (7 if found["length_unit"].startswith("week") else 1)
    in_tablets = found["unit"] is None
    if in_tablets and found["total"] and low == high:
        low = high = Decimal(found["total"])
        in_tablets = False
    if low > high or length == 0:
        return None
    grams = (found["unit"] or "").startswith("g")
    scale = Decimal(1000) if grams else Decimal(1)
    return Sig(
        low=low * scale,
        high=high * scale,
        in_tablets=in_tablets,
        strength_mg=Decimal(strength) if strength else None,
        counts=_FREQUENCIES[found["frequency"]],
        length_days=length,
    )


def _plain(text: str) -> str:
    """Lower case, single spaces, no dots between letters ("b.i.d.") and none at the end."""
    text = " ".join(text.lower().split()).replace("\u2013", "-")
    text = _SPELT_OUT.sub("", text)
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text).strip(" .;,")


def _number(text: str) -> Decimal:
    word = _NUMBER_WORDS.get(text)
    return Decimal(text) if word is None else word
