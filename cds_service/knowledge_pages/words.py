"""The words around the knowledge, in the language of the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from hcc_pathway.errors import UnknownLanguage


@dataclass(frozen=True, slots=True, eq=False)
class PageWords:
    """Sentences by id; a term without words of its own is shown without its hyphens."""

    language: str
    sentences: Mapping[str, str]

    def say(self, sentence_id: str, **values: object) -> str:
        """Fill the gaps of a sentence; one that does not exist is a programming error."""
        return self.sentences[sentence_id].format(**values)

    def name(self, kind: str, term: str) -> str:
        """Word a term of the files."""
        return self.sentences.get(f"{kind}.{term}", term.replace("-", " ").replace("_", " "))


@cache
def load_page_words(language: str = "en") -> PageWords:
    """Read the words of a language; raises UnknownLanguage."""
    name = f"knowledge-pages-{language}.yaml"
    source = files("hcc_pathway").joinpath("texts", name)
    if not source.is_file():
        message = f"There are no knowledge pages in language {language!r}."
        raise UnknownLanguage(message)
    loaded = yaml.safe_load(source.read_text(encoding="utf-8"))
    return PageWords(
        language,
        {
            f"{group}.{key}": " ".join(str(text).split())
            for group, entries in loaded.items()
            for key, text in entries.items()
        },
    )
