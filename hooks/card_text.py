"""The sentences of the cards, and making text of a chart safe to show as Markdown.

The sentences live in ``hcc_pathway/texts``, in ``cards-<language>.yaml`` and
``orders-<language>.yaml``: a second language is a second pair of files.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from hcc_pathway.errors import HccCdsError

LONGEST_CHART_TEXT = 240
LONGEST_KNOWLEDGE_TEXT = 1200

_ESCAPES = {c: "\\" + c for c in "\\`*_[]|!#~$"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_ZERO_WIDTH_SPACE = "\u200b"
_SPECIAL = re.compile(r"[\\`*_\[\]|!#~$<>&]")
_PRINTABLE = re.compile(r"[ -~]*\Z")
# most text of a chart is of this kind and needs no second look: no markup, no address, no list
_HARMLESS = re.compile(r"(?!\d{1,9}[.)](?:\s|\Z))(?![-+=.) ])[A-Za-z0-9,;()%'/.+= -]*\Z")
_LINK_START = re.compile(r"(?<=:)(?=//)|(?<=@)(?=\S)|(?<=www)(?=\.)", re.IGNORECASE)
_BLOCK_START = re.compile(r"\A(\d{0,9})([-+=.)])(?=[\s=-]|\Z)")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class CardTextError(HccCdsError):
    """The text file of a language is missing, unreadable or lacks a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class CardTexts:
    """The sentences of one language by id; compared by identity, so that wording can be kept."""

    language: str
    sentences: Mapping[str, str]

    def say(self, sentence_id: str, **values: object) -> str:
        """Return a sentence with its gaps filled; values must be safe for their place."""
        try:
            return self.sentences[sentence_id].format(**values)
        except KeyError as missing:
            message = f"card texts in {self.language}: {sentence_id}: no sentence or gap {missing}"
            raise CardTextError(message) from None

    def name(self, kind: str, term: str) -> str:
        """Return the words for a term of the document, or the term itself without hyphens."""
        return self.sentences.get(f"{kind}.{term}", term.replace("-", " "))


@cache
def load_card_texts(language: str = "en") -> CardTexts:
    """Read the sentences of a language from the package, once: of all cards, then of orders."""
    sentences: dict[str, str] = {}
    for name in (f"cards-{language}.yaml", f"orders-{language}.yaml"):
        sentences |= _sentences(name)
    return CardTexts(language, sentences)


def _sentences(name: str) -> dict[str, str]:
    place = files("hcc_pathway").joinpath("texts", name)
    try:
        loaded = yaml.safe_load(place.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        message = f"{name}: {str(error).splitlines()[0]}"
        raise CardTextError(message) from None
    return {
        f"{group}.{key}": " ".join(str(sentence).split())
        for group, entries in loaded.items()
        for key, sentence in entries.items()
    }


def plain(text: str, longest: int = LONGEST_CHART_TEXT) -> str:
    """Keep one line of visible characters, cut to a length: for labels and as the first step."""
    if not (len(text) <= longest and _PRINTABLE.match(text)):
        text = text[: 4 * longest]
        text = "".join(
            " " if c in "\n\r\t\u2028\u2029\x0b\x0c\x85" else c
            for c in text
            if c in "\n\r\t\u2028\u2029\x0b\x0c\x85" or unicodedata.category(c) not in _UNSEEN
        )
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


@lru_cache(maxsize=4096)
def knowledge_markdown(text: str) -> str:
    """Make a text of the knowledge files safe in the same way, once; never for chart text."""
    return markdown_escape(text, LONGEST_KNOWLEDGE_TEXT)


def markdown_escape(text: str, longest: int = LONGEST_CHART_TEXT) -> str:
    """Make text of a chart such that no Markdown or HTML renderer sees anything but characters.

    Control, direction and other invisible characters go, line ends become blanks, long text is
    cut, markup characters are escaped, and addresses are broken so that none becomes a link.
    """
    if len(text) <= longest and _HARMLESS.match(text) and "www" not in text:
        return text
    text = plain(text, longest)
    if "@" in text or "//" in text or "." in text:
        text = _LINK_START.sub(_ZERO_WIDTH_SPACE, text)
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda found: _ESCAPES[found.group()], text)
    return _BLOCK_START.sub(r"\1\\\2", text)


def fold(title: str, body: str) -> str:
    """Fold Markdown behind a title, as GitHub's Markdown allows."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
