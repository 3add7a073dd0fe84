"""The words of the pictures in one language, and how that language writes days and numbers."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from hcc_pathway.errors import UnknownLanguage

_LONGEST = 240  # characters of one text of a chart
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, eq=False)
class PlotTexts:
    """The sentences of one language by id, ``group.key``."""

    language: str
    sentences: Mapping[str, str]

    def say(self, sentence_id: str, **values: object) -> str:
        """Fill the gaps of a sentence; one that does not exist is a programming error."""
        return self.sentences[sentence_id].format(**values)

    def day(self, day: date) -> str:
        """Write a day as the language does."""
        return self.say("day", year=day.year, month=day.month, day=day.day)

    def group(self, name: str) -> dict[str, str]:
        """Give the sentences of a group that have no gaps to fill, by key."""
        start = f"{name}."
        found = self.sentences.items()
        return {key.removeprefix(start): text for key, text in found if key.startswith(start)}


@cache
def load_plot_texts(language: str = "en") -> PlotTexts:
    """Read the words of a language, once; raises UnknownLanguage."""
    source = files("smart_app.plots").joinpath("texts", f"{language}.yaml")
    if not source.is_file():
        message = f"There are no pictures in language {language!r}."
        raise UnknownLanguage(message)
    loaded = yaml.safe_load(source.read_text(encoding="utf-8"))
    sentences = {}
    for group, entries in loaded.items():
        inner = entries if isinstance(entries, dict) else {"": entries}
        for key, text in inner.items():
            sentences[f"{group}.{key}".removesuffix(".")] = " ".join(str(text).split())
    # a joint of words keeps its blanks
    return PlotTexts(language, sentences | {"line.together": loaded["line"]["together"]})


def number(value: Decimal) -> str:
    """Write a number without an exponent and without superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def seen(text: str) -> str:
    """Keep the visible characters of a chart's text: no controls, no marks that turn direction."""
    kept = "".join(
        " " if character in "\n\r\t" else character
        for character in text[: 4 * _LONGEST]
        if character in "\n\r\t" or unicodedata.category(character) not in _UNSEEN
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= _LONGEST else kept[: _LONGEST - 1].rstrip() + "…"
