"""Text of a chart made safe to show: characters only, in their own direction, never markup."""

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

LONGEST: Final = 2000
_PRINTABLE: Final = re.compile(r"[ -~]*\Z")
_BLANKS: Final = "\n\r\t\u2028\u2029\x0b\x0c\x85"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, longest: int = LONGEST) -> str:
    """Keep one line of visible characters, cut to a length.

    Control, direction and other invisible characters go, line ends become blanks.
    """
    if not (len(text) <= longest and _PRINTABLE.match(text)):
        text = text[: 4 * longest]
        text = "".join(
            " " if c in _BLANKS else c
            for c in text
            if c in _BLANKS or unicodedata.category(c) not in _UNSEEN
        )
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def shown(text: object) -> Markup:
    """Show text of a chart, or with text of a chart in it, apart from what stands around it."""
    return Markup("<bdi>{}</bdi>").format(escape(visible(str(text))))


def finalized(value: object) -> object:
    """Pass on an expression of a template: nothing invisible reaches a page."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value, longest=4 * LONGEST)
