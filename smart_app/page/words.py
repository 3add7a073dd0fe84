"""The sentences of the page in one language, with the words that it shares with the cards."""

from functools import cache
from importlib.resources import files
from typing import Final

from hcc_pathway.catalogue import Catalogue, read_groups, sentences_by_id

# terms of the document: one wording for card and page
_SHARED: Final = (
    "input",
    "flag",
    "outside",
    "line",
    "unit",
    "value-word",
    "evidence-kind",
    "check",
)


class Words(Catalogue):
    """The sentences of the page; escaping is the templates' work."""

    __slots__ = ()

    def listed(self, names: list[str]) -> str:
        """Join names as a sentence does: "a", "a and b", "a, b and c"."""
        return self._joined("phrase.list", names)

    def either(self, names: list[str]) -> str:
        """Join names of which one is chosen: "a", "a or b"; "and" would read as a combination."""
        return self._joined("phrase.either", names)

    def _joined(self, sentence_id: str, names: list[str]) -> str:
        *first, last = names or [""]
        return self.say(sentence_id, first=", ".join(first), last=last) if first else last


@cache
def load_words(language: str = "en") -> Words:
    """Read the texts of a language, once; raises UnknownLanguage."""
    name = f"cards-{language}.yaml"
    cards = read_groups(files("hcc_pathway").joinpath("texts", name), language)
    own = read_groups(files(__package__).joinpath("texts", f"{language}.yaml"), language)
    return Words(language, sentences_by_id({group: cards[group] for group in _SHARED} | own))
