"""What a reader sees of a card's detail: rendered as GitHub Flavored Markdown and read again."""

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

_RENDERER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
_ZERO_WIDTH_SPACE = "\u200b"


@dataclass
class Shown:
    """The elements, the text, and the tables by the title of the part that holds them."""

    elements: set[str] = field(default_factory=set)
    text: str = ""
    tables: dict[str, list[list[str]]] = field(default_factory=dict)

    def table(self, title: str) -> list[list[str]]:
        """Give the rows of the part whose title begins so, without the head."""
        rows = [rows for name, rows in self.tables.items() if name.startswith(title)]
        return rows[0][1:] if rows else []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = Shown()
        self._title = ""
        self._in_title = False
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shown.elements.add(tag)
        if attrs and tag not in {"th", "td"}:  # the renderer aligns cells with a style
            self.shown.elements.add(f"{tag} with attributes")
        if tag == "summary":
            self._title, self._in_title = "", True
        elif tag == "tr":
            self.shown.tables.setdefault(self._title, []).append([])
        elif tag in {"td", "th"}:
            self.shown.tables[self._title][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary":
            self._in_title = False
        elif tag in {"td", "th"}:
            self._in_cell = False
        if tag in {"p", "li", "td", "th", "summary"}:
            self.shown.text += "\n"

    def handle_data(self, data: str) -> None:
        seen = data.replace(_ZERO_WIDTH_SPACE, "")
        self.shown.text += seen
        if self._in_title:
            self._title += seen
        elif self._in_cell:
            self.shown.tables[self._title][-1][-1] += seen


@lru_cache(maxsize=512)
def shown(detail: str) -> Shown:
    """Render a card's detail and read what came out."""
    reader = _Reader()
    reader.feed(_RENDERER.render(detail))
    reader.close()
    return reader.shown
