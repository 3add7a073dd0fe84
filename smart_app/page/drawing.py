"""The templates: their own environment, in which nothing undefined or invisible gets through."""

import re
from typing import Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hcc_pathway.recommendation import Recommendation
from smart_app.page.chart_text import finalized, shown
from smart_app.page.words import Words

_as_json = msgspec.json.Encoder(decimal_format="number").encode
# markup, and whatever is not seen or turns the direction of text
_NOT_IN_A_SCRIPT: Final = re.compile(
    "[<>&\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_ENVIRONMENT = Environment(
    loader=PackageLoader("smart_app.page"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=finalized,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["shown"] = shown


def drawn(template: str, words: Words, **view: object) -> str:
    """Fill a template with the texts of a language and a view."""
    return _ENVIRONMENT.get_template(f"smart/{template}").render(
        words=words, say=words.say, **view
    )


def document_json(document: Recommendation) -> Markup:
    """Give the document for a script element: the same JSON, markup written as escapes."""
    text = _as_json(document).decode()
    escaped = _NOT_IN_A_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return Markup(escaped)  # noqa: S704 - JSON in which markup is written as escapes
