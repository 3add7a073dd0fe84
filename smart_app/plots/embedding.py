"""Numbers for a script inside a page, such that no text in them can end the script element."""

import msgspec
from markupsafe import Markup

# What could close the element, open another or end a line of a script, as JSON escapes.
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_encode = msgspec.json.Encoder(decimal_format="number").encode


def script_json(content: object) -> Markup:
    """Encode content for ``<script type="application/json">``; a parser reads the same back."""
    text = _encode(content).decode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - every character with a meaning in HTML is escaped above
