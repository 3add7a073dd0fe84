"""Text of a chart made safe to show: characters only, in their own direction, never markup."""

from typing import Final

from markupsafe import Markup, escape

from hcc_pathway import visible_text

LONGEST: Final = 2000


def visible(text: str, longest: int = LONGEST) -> str:
    """Keep one line of visible characters, cut to a length.

    Control, direction and other invisible characters go, line ends become blanks.
    """
    return visible_text.visible(text, longest)


def shown(text: object) -> Markup:
    """Show text of a chart, or with text of a chart in it, apart from what stands around it."""
    return Markup("<bdi>{}</bdi>").format(escape(visible(str(text))))


def finalized(value: object) -> object:
    """Pass on an expression of a template: nothing invisible reaches a page."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value, longest=4 * LONGEST)
