"""The sentences of the page: every one of them is said somewhere."""

import re
from functools import cache
from pathlib import Path

import pytest

import hcc_pathway
import smart_app
from smart_app.page.words import load_words

_ENDINGS = re.compile(r"-(?:hint|several)\Z")
# groups whose words are shared with the cards are used there
_OWN = ("page", "section", "date", "number", "class", "headline", "lead", "fact", "value",
        "answer", "mark", "option", "basis", "path", "node", "criterion", "question", "refused",
        "change", "data", "copy", "print", "reproduce", "report", "phrase")  # fmt: skip


@cache
def sources() -> str:
    folders = [Path(module.__path__[0]) for module in (smart_app, hcc_pathway)]
    files = [one for folder in folders for one in folder.rglob("*") if one.suffix in _READ]
    return "\n".join(file.read_text("utf-8") for file in files)


_READ = frozenset({".py", ".html"})


@cache
def prefixes() -> frozenset[str]:
    """The beginnings of sentence ids that are made up of parts."""
    in_python = re.findall(r"\"([a-z-]+\.[a-z-]*)\{", sources())
    in_templates = re.findall(r"say\(\"([a-z-]+\.[a-z-]*)\" ~", sources())
    terms = [f"{group}." for group in re.findall(r"name\(\"([a-z-]+)\", ", sources())]
    return frozenset((*in_python, *in_templates, *terms))


def is_said(sentence_id: str) -> bool:
    if f'"{sentence_id}"' in sources() or f"'{sentence_id}'" in sources():
        return True
    for prefix in prefixes():
        if sentence_id.startswith(prefix):
            rest = _ENDINGS.sub("", sentence_id.removeprefix(prefix))
            if rest.isdigit() or f'"{rest}"' in sources():
                return True
    return False


@pytest.mark.parametrize("group", _OWN)
def test_every_sentence_of_a_group_is_said_somewhere(group: str) -> None:
    ids = [one for one in load_words().sentences if one.startswith(f"{group}.")]
    assert ids
    assert [one for one in ids if not is_said(one)] == []


def test_a_sentence_that_nobody_says_would_be_found() -> None:
    assert not is_said("path.received")
    assert not is_said("question.no-such-field")
