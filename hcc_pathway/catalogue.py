"""The sentences of one language, as they stand in YAML files of groups; never in code."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import yaml

from hcc_pathway.errors import HccCdsError, UnknownLanguage

Groups = dict[str, dict[str, str]]


class MissingSentence(HccCdsError):  # noqa: N818 - the name says what happened
    """A sentence does not exist, or names a gap that nothing fills."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Sentences by ``group.key``; compared by identity, so that what was worded can be kept."""

    language: str
    sentences: Mapping[str, str]

    def say(self, sentence_id: str, **values: object) -> str:
        """Give a sentence with its gaps filled; values must be safe for their place."""
        try:
            return self.sentences[sentence_id].format(**values)
        except KeyError as missing:
            message = f"texts in {self.language}: {sentence_id}: no sentence or gap {missing}"
            raise MissingSentence(message) from None

    def name(self, kind: str, term: str) -> str:
        """Give the words for a term of document or knowledge, or the term without hyphens."""
        plain = term.replace("-", " ").replace("_", " ")
        return self.sentences.get(f"{kind}.{term}", plain)


def read_groups(place: Traversable, language: str) -> Groups:
    """Read a file of sentences; raises UnknownLanguage where there is none."""
    if not place.is_file():
        message = f"{place.name}: there are no such texts in language {language!r}"
        raise UnknownLanguage(message)
    groups: Groups = yaml.safe_load(place.read_text(encoding="utf-8"))
    return groups


def sentences_by_id(groups: Groups) -> dict[str, str]:
    """Give each sentence on one line by ``group.key``."""
    return {
        f"{group}.{key}": " ".join(str(sentence).split())
        for group, entries in groups.items()
        for key, sentence in entries.items()
    }
