"""A page as a reader has it: its elements, and its visible text by where it stands."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "input", "br", "img", "rect", "path", "hr"})


@dataclass
class Element:
    """One start tag with its attributes and the tags around it."""

    tag: str
    attributes: dict[str, str | None]
    inside: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements in order, and every piece of text with the tags around it."""

    source: str
    elements: list[Element] = field(default_factory=list)
    texts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()
        assert self._open == [], f"left open: {[one.tag for one in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = tuple(one.tag for one in self._open)
        element = Element(tag, dict(attrs), inside)
        assert len(element.attributes) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)
        elif tag == "br":
            self.handle_data("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(one.tag for one in self._open)))

    def handle_endtag(self, tag: str) -> None:
        opened = self._open.pop().tag if self._open else "nothing"
        assert opened == tag, f"</{tag}> closes {opened}"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        self.texts.append((data, tuple(one.tag for one in self._open)))

    @property
    def seen(self) -> str:
        """What stands on the page, blanks as one; scripts and their data are not seen."""
        shown = (text for text, inside in self.texts if "script" not in inside)
        return " ".join("".join(shown).split())

    def all(self, tag: str) -> list[Element]:
        return [one for one in self.elements if one.tag == tag]

    def repeated_ids(self) -> list[str]:
        ids = Counter(one.attributes["id"] for one in self.elements if "id" in one.attributes)
        return [str(name) for name, count in ids.items() if count > 1]
