"""The options on the printed sheet: what decides whole, the rest as far as the page is long.

One A4 page is what a tumour board reads. What stands on it is measured before it is written; what
has no room is not cut but counted, with the place where it is read. Dose, reasons, flags, what
concerns this patient and regulatory notices are always there.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hcc_pathway.recommendation import Caution
from smart_app.page.option_view import OptionView
from smart_app.page.words import Words

# of the first sheet, in lines of its running text; a few stay free for other printers' letters
LINES: Final = 69.0
_WIDTH: Final = 114  # letters of a line of Latin text
_WIDE: Final = 1.8  # a letter of Korean
_BETWEEN: Final = 0.2  # the space between two paragraphs
_JOINED: Final = 0.2  # what a text adds to a paragraph beside its letters
_OPTION: Final = 1.6  # the space and the line around an option
_FREE: Final = -1.0  # lines, below which what is always printed crowds the sheet
_SHARED: Final = 2.4  # what is said for several options, before its first text
# by weight; those of the first two kinds are always printed
_KINDS: Final = ("reason", "patient", "finding", "general", "cost")
_WHOLE: Final = frozenset({"reason", "patient"})


@dataclass(frozen=True, slots=True)
class SharedText:
    """A reason, caution or finding of several options, said once."""

    labels: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedOption:
    """One option; ``more`` counts its cautions and findings that stand on the page alone."""

    option: OptionView
    reasons: tuple[str, ...]
    of_this_patient: tuple[str, ...]
    cautions: tuple[str, ...]
    findings: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PrintedOptions:
    """All options, and what several of them share; ``crowded``: only smaller letters fit."""

    options: tuple[PrintedOption, ...]
    shared: tuple[SharedText, ...]
    crowded: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A reason, a caution or a finding of one or several options."""

    kind: str
    text: str
    therapies: tuple[str, ...]


def lines_of(texts: Iterable[str]) -> float:
    """Estimate the lines that paragraphs take on the sheet."""
    return sum(math.ceil(_letters(text) / _WIDTH) + _BETWEEN for text in texts if text)


def printed_options(
    options: tuple[OptionView, ...], shared: tuple[Caution, ...], room: float, words: Words
) -> PrintedOptions:
    """Lay out the options in ``room`` lines: what concerns this patient first, then findings.

    ``shared`` are the cautions of every option and any patient, which the views leave out.
    """
    label = {one.therapy: one.label for one in options}
    room -= sum(_always(one) for one in options) + _SHARED
    taken: list[_Part] = []
    parts = _parts(options, shared)
    for part in parts:
        needed = _needed(part, label, words)
        if part.kind in _WHOLE or needed <= room:
            room -= needed
            taken.append(part)
    left = [therapy for part in parts if part not in taken for therapy in part.therapies]
    return PrintedOptions(
        tuple(_printed(one, taken, left.count(one.therapy)) for one in options),
        tuple(
            SharedText(words.listed([label[one] for one in part.therapies]), part.text)
            for part in taken
            if len(part.therapies) > 1
        ),
        crowded=room < _FREE,
    )


def _parts(options: tuple[OptionView, ...], shared: tuple[Caution, ...]) -> list[_Part]:
    """List cautions and findings by weight; what is the same for several options once."""
    found: dict[tuple[str, str], list[str]] = {}
    for option in options:
        for kind, text in _of(option, shared):
            found.setdefault((kind, text), []).append(option.therapy)
    parts = [_Part(kind, text, tuple(whose)) for (kind, text), whose in found.items()]
    return sorted(parts, key=lambda one: (_KINDS.index(one.kind), -len(one.therapies)))


def _of(option: OptionView, shared: tuple[Caution, ...]) -> Iterator[tuple[str, str]]:
    yield from (("reason", one) for one in option.reasons)
    yield from (("patient", one.text) for one in option.of_this_patient)
    yield from (("finding", one.finding) for one in option.evidence if one.finding)
    yield from (("general", one.text) for one in (*option.cautions, *shared))
    yield from (("cost", one.text) for one in option.cost)


def _always(option: OptionView) -> float:
    flags = " · ".join(flag.text for flag in option.flags)
    head = f"{option.label} · {flags}"
    return _OPTION + lines_of([head, option.dosing, *option.notices])


def _needed(part: _Part, label: dict[str, str], words: Words) -> float:
    if len(part.therapies) == 1:
        return _letters(part.text) / _WIDTH + _JOINED
    return lines_of([f"{words.listed([label[one] for one in part.therapies])}: {part.text}"])


def _printed(option: OptionView, taken: list[_Part], more: int) -> PrintedOption:
    own = [part for part in taken if part.therapies == (option.therapy,)]
    return PrintedOption(
        option=option,
        reasons=tuple(one.text for one in own if one.kind == "reason"),
        of_this_patient=tuple(one.text for one in own if one.kind == "patient"),
        cautions=tuple(one.text for one in own if one.kind in {"general", "cost"}),
        findings=tuple(one.text for one in own if one.kind == "finding"),
        more=more,
    )


def _letters(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + (_WIDE - 1) * wide
