"""The sentences of the cards, and making text of a chart safe to show as Markdown.

The sentences live in ``hcc_pathway/texts``, in ``cards-<language>.yaml`` and
``orders-<language>.yaml``: a second language is a second pair of files.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

from hcc_pathway.catalogue import Catalogue, read_groups, sentences_by_id
from hcc_pathway.visible_text import one_line

LONGEST_CHART_TEXT = 240
LONGEST_KNOWLEDGE_TEXT = 1200

_ESCAPES = {c: "\\" + c for c in "\\`*_[]|!#~$"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_ZERO_WIDTH_SPACE = "\u200b"
_SPECIAL = re.compile(r"[\\`*_\[\]|!#~$<>&]")
# most text of a chart is of this kind and needs no second look: no markup, no address, no list
_HARMLESS = re.compile(r"(?!\d{1,9}[.)](?:\s|\Z))(?![-+=.) ])[A-Za-z0-9,;()%'/.+= -]*\Z")
_LINK_START = re.compile(r"(?<=:)(?=//)|(?<=@)(?=\S)|(?<=www)(?=\.)", re.IGNORECASE)
_BLOCK_START = re.compile(r"\A(\d{0,9})([-+=.)])(?=[\s=-]|\Z)")


class CardTexts(Catalogue):
    """The sentences of the cards; values must be safe in Markdown."""

    __slots__ = ()


@cache
def load_card_texts(language: str = "en") -> CardTexts:
    """Read the sentences of a language, once: of all cards, then of orders.

    Raises UnknownLanguage.
    """
    texts = files("hcc_pathway").joinpath("texts")
    sentences: dict[str, str] = {}
    for name in (f"cards-{language}.yaml", f"orders-{language}.yaml"):
        sentences |= sentences_by_id(read_groups(texts.joinpath(name), language))
    return CardTexts(language, sentences)


def plain(text: str, longest: int = LONGEST_CHART_TEXT) -> str:
    """Keep one line of visible characters, cut to a length: for labels and as the first step."""
    return one_line(text, longest)


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
