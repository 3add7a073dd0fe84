"""The templates: their own environment, in which nothing undefined or invisible gets through."""

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hcc_pathway.recommendation import Recommendation
from smart_app.page.chart_text import finalized, shown
from smart_app.page.words import Words

_as_json = msgspec.json.Encoder(decimal_format="number").encode
_IN_A_SCRIPT = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
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
    """Give the document for a script element: the same JSON, without a character of markup."""
    text = _as_json(document).decode()
    for character, escaped in _IN_A_SCRIPT.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - JSON in which markup is written as escapes
