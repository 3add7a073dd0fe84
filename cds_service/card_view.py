"""Show a card as an EHR does: its Markdown as HTML, cleaned, and its suggestions as buttons.

For the pages of the demonstration and for pictures. An EHR renders cards by itself; what leaves
here is shown nowhere else.
"""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# Cards fold their tables in <details>, as GitHub's Markdown allows; nh3 cleans what comes out.
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
# What GitHub's Markdown of our cards can become; everything else is dropped.
_TAGS = {"p", "strong", "em", "ul", "ol", "li", "br", "code", "details", "summary", "table"}
_TABLE_TAGS = {"thead", "tbody", "tr", "th", "td"}
# A wide table is scrolled in a narrow window, by keyboard as well.
_SCROLLED = '<div class="wide" role="group" aria-label="Table" tabindex="0">'
_DAYS_TIMES_SAMPLES_TIMES_CARDS = 512


def card_html(detail: str) -> Markup:
    """Render a card's ``detail`` (GitHub Flavored Markdown) as clean HTML; nothing is kept."""
    rendered = _MARKDOWN.render(detail)
    clean = nh3.clean(rendered, tags=_TAGS | _TABLE_TAGS, attributes={})
    clean = clean.replace("<table>", _SCROLLED + "<table>").replace("</table>", "</table></div>")
    return Markup(clean)  # noqa: S704 - nh3 has removed every tag and attribute that is not ours


@lru_cache(maxsize=_DAYS_TIMES_SAMPLES_TIMES_CARDS)
def sample_card_html(detail: str) -> Markup:
    """Render a card of a sample as recorded, and keep it: such a card holds no visitor's text."""
    return card_html(detail)


def open_html(detail: str) -> Markup:
    """Render with every folded part open, for a picture that cannot be clicked."""
    # as text: what replaces a part of Markup would be escaped
    opened = str(card_html(detail)).replace("<details>", "<details open>")
    return Markup(opened)  # noqa: S704 - nh3 has cleaned it, and only an attribute was added
