"""Phrases into text: the sentences stand in ``texts/<language>.yaml``, never in code."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from hcc_pathway.answer import Phrase
from hcc_pathway.errors import UnknownLanguage

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")


@lru_cache
def sentences(language: str = "en") -> Mapping[str, str]:
    """Load the sentences of one language by id; raises UnknownLanguage."""
    source = files("hcc_pathway").joinpath("texts", f"{language}.yaml")
    if not source.is_file():
        message = f"There are no texts in language {language!r}."
        raise UnknownLanguage(message)
    loaded = yaml.safe_load(source.read_text(encoding="utf-8"))
    return MappingProxyType({str(key): str(text) for key, text in loaded.items()})


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Word everything inside in a language; ``select`` does so in that of its knowledge.

    Sentences are made deep inside pure functions; naming the language at each of them would make
    every one of them carry it. Threads and tasks do not see each other's.
    """
    sentences(language)  # an unknown one is refused before anything is said
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def say(phrase: Phrase) -> str:
    """Fill the gaps of a sentence; a sentence that does not exist is a programming error."""
    return sentences(_LANGUAGE.get())[phrase.id].format_map(dict(phrase.values))


def say_id(phrase_id: str, **values: object) -> str:
    """Word a sentence by its id."""
    return sentences(_LANGUAGE.get())[phrase_id].format_map(values)


def say_all(phrases: Iterable[Phrase]) -> str:
    """Word several notes as one text, in their order."""
    said = [say(phrase) for phrase in phrases]
    return say_id("separator").join(said) if said else ""


def say_list(names: Iterable[str]) -> str:
    """Join names as a sentence does: "a", "a and b", "a, b and c"."""
    *first, last = list(names) or [""]
    if not first:
        return last
    return say_id("list", first=", ".join(first), last=last)
