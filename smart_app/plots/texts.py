"""The words of the pictures in one language, and how that language writes days and numbers."""

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from hcc_pathway.catalogue import Catalogue, read_groups, sentences_by_id
from hcc_pathway.visible_text import one_line

_LONGEST = 240  # characters of one text of a chart


class PlotTexts(Catalogue):
    """The words of the pictures."""

    __slots__ = ()

    def day(self, day: date) -> str:
        """Write a day as the language does."""
        return self.say("date.day", year=day.year, month=day.month, day=day.day)

    def group(self, name: str) -> dict[str, str]:
        """Give the sentences of a group that have no gaps to fill, by key."""
        start = f"{name}."
        found = self.sentences.items()
        return {key.removeprefix(start): text for key, text in found if key.startswith(start)}


@cache
def load_plot_texts(language: str = "en") -> PlotTexts:
    """Read the words of a language, once; raises UnknownLanguage."""
    place = files("smart_app.plots").joinpath("texts", f"{language}.yaml")
    groups = read_groups(place, language)
    # a joint of words keeps its blanks
    joint = {"line.together": groups["line"]["together"]}
    return PlotTexts(language, sentences_by_id(groups) | joint)


def number(value: Decimal) -> str:
    """Write a number without an exponent and without superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def seen(text: str) -> str:
    """Keep the visible characters of a chart's text: no controls, no marks that turn direction."""
    return one_line(text, _LONGEST)
