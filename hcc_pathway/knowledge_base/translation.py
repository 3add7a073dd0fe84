"""The texts of the knowledge in a second language: all of them, and none that is out of date.

A translation stands in ``hcc_pathway/texts/knowledge/<language>``, one file a kind, one entry an
item. It keeps a stamp of the English that it says: where the English has changed since, or a text
is missing, the language is refused. Codes, values, dates, titles of sources and citations are the
same in every language.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from hcc_pathway.errors import UnknownLanguage
from hcc_pathway.knowledge_base.files import KnowledgeFile, KnowledgeFiles
from hcc_pathway.knowledge_base.strict_yaml import Place, dotted, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXTS = Path(__file__).parent.parent / "texts" / "knowledge"
STAMP = "english"
_STAMP_LENGTH = 12
_KEPT_TYPES = (date, Decimal)

# The texts that a clinician reads, as paths; "*" is every item of a list.
_FIELDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "drugs": (
        ("label",),
        ("dosing", "text"),
        ("dosing", "child_pugh_b"),
        ("other_product", "text"),
        ("indications", "*", "text"),
        ("cautions", "*", "text"),
        ("also_consider", "*", "text"),
    ),
    "regimens": (("label",), ("cautions", "*", "text"), ("also_consider", "*", "text")),
    "evidence": (
        ("population",),
        ("limits",),
        ("card_text",),
        ("figures", "*", "outcome"),
        ("figures", "*", "result"),
        ("figures", "*", "note"),
    ),
    "notices": (("text",),),
    "caveats": (("caveats", "*", "text"),),
    "criteria": (("criteria", "*", "label"),),
    "pathway": (("title",), ("short_title",), ("intended_use",), ("provenance",)),
}
Shape = TypeVar("Shape", bound=msgspec.Struct)


def translated(files: KnowledgeFiles, language: str) -> KnowledgeFiles:
    """Put the texts of another language in the place of the English ones.

    Raises:
        UnknownLanguage: there are no texts in this language.
        KnowledgeError: a text is missing, or says what the English no longer says.

    """
    folder = TEXTS / language
    if not folder.is_dir():
        message = f"There is no knowledge in language {language!r}."
        raise UnknownLanguage(message)
    return msgspec.structs.replace(
        files,
        **{
            kind: _of_kind(kind, getattr(files, kind), folder / f"{kind}.yaml") for kind in _FIELDS
        },
    )


def _of_kind(
    kind: str, english: list[KnowledgeFile[msgspec.Struct]], path: Path
) -> list[KnowledgeFile[msgspec.Struct]]:
    written = read_yaml(path)
    entries = written.content if isinstance(written.content, dict) else {}
    found = []
    for file in english:
        name = name_of(file)
        texts = texts_of(kind, file.content)
        entry = entries.get(name, {})
        missing = sorted(set(texts) - set(entry) if texts else set())
        if missing:
            raise written.error((name,), f"{missing[0]!r} is not translated; add it")
        if texts and entry.get(STAMP) != stamp(texts):
            why = f"the English has changed; translate it again, then set it to {stamp(texts)}"
            raise written.error((name, STAMP), why)
        found.append(KnowledgeFile(_with(kind, file.content, entry), file.document))
    return found


def name_of(file: KnowledgeFile[msgspec.Struct]) -> str:
    """Name the entry of a file: its own name without the ending."""
    return file.document.path.stem


def texts_of(kind: str, content: msgspec.Struct) -> dict[str, str]:
    """Give the English texts of one file that a translation must hold, by their place."""
    plain = _plain(content)
    if kind == "evidence" and not (plain["card_text"] or plain["therapies"]):
        return {}  # no card and no picture shows it
    return {_name(place, plain): text for place, text in _places(kind, plain)}


def stamp(texts: Mapping[str, str]) -> str:
    """Give a short mark of the English texts, which changes with any of them."""
    said = "\n".join(f"{name}: {' '.join(text.split())}" for name, text in sorted(texts.items()))
    return sha256(said.encode()).hexdigest()[:_STAMP_LENGTH]


def _with(kind: str, content: Shape, entry: Mapping[str, str]) -> Shape:
    plain = _plain(content)
    for place, _ in list(_places(kind, plain)):
        name = _name(place, plain)
        if name in entry:
            _put(plain, place, " ".join(str(entry[name]).split()))
    return msgspec.convert(plain, type(content), builtin_types=_KEPT_TYPES)


def _put(node: object, place: Place, text: str) -> None:
    step, *rest = place
    if isinstance(node, dict):
        if rest:
            _put(node[step], tuple(rest), text)
        else:
            node[step] = text
    elif isinstance(node, list | tuple) and isinstance(step, int):
        _put(node[step], tuple(rest), text)


def _plain(content: msgspec.Struct) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(content, builtin_types=_KEPT_TYPES)
    return plain


def _places(kind: str, plain: dict[str, object]) -> Iterator[tuple[Place, str]]:
    for field in _FIELDS[kind]:
        for place, text in _walk(plain, field, ()):
            if text and not _never_shown(place, plain):
                yield place, text


def _walk(node: object, field: tuple[str, ...], place: Place) -> Iterator[tuple[Place, str]]:
    if not field:
        if isinstance(node, str):
            yield place, node
    elif isinstance(node, list | tuple) and field[0] == "*":
        for index, item in enumerate(node):
            yield from _walk(item, field[1:], (*place, index))
    elif isinstance(node, dict):
        yield from _walk(node.get(field[0]), field[1:], (*place, field[0]))


def _never_shown(place: Place, plain: dict[str, object]) -> bool:
    """Whether no page in another language shows a text: background, or a figure of no picture."""
    item = _item(place, plain)
    if place[0] == "figures":
        return not (plain["therapies"] and item["hazard_ratio"]) or (
            item["verification"] == "background"
        )
    return place[0] == "caveats" and not item["shown"]


def _item(place: Place, plain: dict[str, object]) -> dict[str, object]:
    listed = plain[str(place[0])]
    if isinstance(listed, list | tuple) and len(place) > 1 and isinstance(place[1], int):
        item: dict[str, object] = listed[place[1]]
        return item
    return {}


def _name(place: Place, plain: dict[str, object]) -> str:
    """Name a place by ids where there are ids: ``cautions.hepatotoxicity``."""
    item = _item(place, plain)
    own = item.get("id")
    if own is None:
        return dotted(place)
    return f"{place[0]}.{own}"
