"""The sentences of the page in one language, with the words that it shares with the cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import yaml

from hcc_pathway.errors import HccCdsError, UnknownLanguage

# terms of the document: one wording for card and page
_SHARED: Final = ("input", "flag", "outside", "line", "unit", "value-word", "evidence-kind")


class PageTextError(HccCdsError):
    """A sentence of the page is missing, or names a gap that nothing fills."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The sentences by ``group.key``."""

    language: str
    sentences: Mapping[str, str]

    def say(self, sentence_id: str, **values: object) -> str:
        """Give a sentence with its gaps filled; escaping is the template's work."""
        try:
            return self.sentences[sentence_id].format(**values)
        except KeyError as missing:
            message = f"page texts in {self.language}: {sentence_id}: no sentence or gap {missing}"
            raise PageTextError(message) from None

    def name(self, kind: str, term: str) -> str:
        """Give the words for a term, or the term itself without hyphens."""
        return self.sentences.get(f"{kind}.{term}", term.replace("-", " "))

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
    cards = _read(files("hcc_pathway").joinpath("texts", f"cards-{language}.yaml"), language)
    own = _read(files(__package__).joinpath("texts", f"{language}.yaml"), language)
    groups = {group: cards[group] for group in _SHARED} | own
    return Words(
        language,
        {
            f"{group}.{key}": " ".join(str(sentence).split())
            for group, entries in groups.items()
            for key, sentence in entries.items()
        },
    )


def _read(place: Traversable, language: str) -> dict[str, dict[str, str]]:
    if not place.is_file():
        message = f"There are no texts of the page in language {language!r}."
        raise UnknownLanguage(message)
    read: dict[str, dict[str, str]] = yaml.safe_load(place.read_text(encoding="utf-8"))
    return read
