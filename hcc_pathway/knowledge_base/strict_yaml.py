"""YAML with the traps taken out: plain values, and the line of each of them.

One job: text to plain data. Refused, each with its line: duplicate keys, ``yes``/``no``/``on``/
``off`` as booleans, numbers in other than decimal notation, anchors, tags, several documents and
codes without quotes.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import yaml

from hcc_pathway.errors import KnowledgeError

Place = tuple[str | int, ...]  # ("codes", 3, "code")

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_MUST_BE_QUOTED = frozenset({"code"})


class YamlDocument(msgspec.Struct, frozen=True):
    """One file: its values, and the line (from 1) on which each of them stands."""

    path: Path
    content: object
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Give the line of a place, or of the nearest one around it that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def error(self, place: Place, message: str) -> KnowledgeError:
        """Make the error that names this file, the line of the place and its key."""
        return KnowledgeError(self.path, self.line(place), dotted(place), message)


def dotted(place: Place) -> str:
    """Write a place as a person reads it: ``codes[3].code``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".") or "the file"


def read_yaml(path: Path) -> YamlDocument:
    """Read one knowledge file; raises KnowledgeError with file, line and key."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(
            path, line, "the file", f"not readable as YAML ({error.problem}); correct this line"
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise KnowledgeError(path, 1, "the file", f"not readable as YAML text: {error}") from error
    reading = _Reading(path)
    content = reading.value(node, ()) if node is not None else None
    if not isinstance(content, dict):
        raise KnowledgeError(path, 1, "the file", "must be a mapping of keys to values")
    return YamlDocument(path, content, reading.lines)


class _Reading:
    """The walk through one file's nodes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.seen: set[int] = set()

    def refuse(self, node: yaml.Node, place: Place, message: str) -> KnowledgeError:
        return KnowledgeError(self.path, node.start_mark.line + 1, dotted(place), message)

    def value(self, node: yaml.Node, place: Place) -> object:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self.seen:
            raise self.refuse(node, place, "anchors and aliases are not used here: repeat it")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, n)) for n, item in enumerate(node.value)]
        return self.scalar(node, place)

    def mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        content: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            inside = (*place, str(key))
            if key_node.tag != "tag:yaml.org,2002:str":
                raise self.refuse(key_node, inside, "a key must be a word; quote it or rename it")
            if key in content:
                first = self.lines[inside]
                raise self.refuse(
                    key_node, inside, f"duplicate key, first on line {first}: keep one of them"
                )
            self.lines[inside] = key_node.start_mark.line + 1
            content[key] = self.value(value_node, inside)
        return content

    def scalar(self, node: yaml.Node, place: Place) -> object:
        text: str = node.value
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        quoted = getattr(node, "style", None) in {"'", '"'}
        if place[-1] in _MUST_BE_QUOTED and not quoted:
            raise self.refuse(node, place, f'codes are quoted: write "{text}"')
        if tag == "str":
            return text
        if tag == "null":
            return None
        if tag == "bool" and text in {"true", "false"}:
            return text == "true"
        if tag == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if tag == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text)
        if tag == "timestamp":
            return self.day(node, place)
        raise self.refuse(
            node, place, f"{text!r} is not a plain value: quote it, or write true, false or 12.5"
        )

    def day(self, node: yaml.Node, place: Place) -> date:
        try:
            return date.fromisoformat(node.value)
        except ValueError as error:
            raise self.refuse(node, place, f"{node.value!r} is not a day YYYY-MM-DD") from error
