"""Text of a chart as the characters that a reader sees; escaping is up to where it goes."""

import json
import re
import unicodedata
from typing import Final

_NOT_PLAIN: Final = re.compile(r"[^\n -~\w]")
_PRINTABLE: Final = re.compile(r"[ -~]*\Z")
_BLANKS: Final = "\n\r\t\u2028\u2029\x0b\x0c\x85"
# controls, marks that turn direction or join, surrogates, private and unassigned, line separators
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, longest: int) -> str:
    """Keep visible characters, cut to a length; line ends become blanks."""
    return cut(_seen(text, longest), longest)


def one_line(text: str, longest: int) -> str:
    """Keep visible characters as words with one blank between them, cut to a length."""
    return cut(" ".join(_seen(text, longest).split()), longest)


def spelled_out(text: str) -> str:
    """Write what no reader sees as JSON escapes: line ends stay, nothing is lost."""
    return _NOT_PLAIN.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    seen = unicodedata.category(found[0]) not in _UNSEEN
    return found[0] if seen else json.dumps(found[0])[1:-1]


def cut(text: str, longest: int) -> str:
    """Shorten a text with a sign of it."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _seen(text: str, longest: int) -> str:
    if len(text) <= longest and _PRINTABLE.match(text):
        return text
    return "".join(
        " " if c in _BLANKS else c
        for c in text[: 4 * longest]
        if c in _BLANKS or unicodedata.category(c) not in _UNSEEN
    )
