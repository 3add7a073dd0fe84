"""A fact as a clinician reads it before it is written, and after: what, which day, which codes."""

from dataclasses import dataclass
from typing import Final

from smart_app.page.values import day_text
from smart_app.page.words import Words
from smart_app.write_back.facts import AnsweredFact

_SYSTEMS: Final = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
}


@dataclass(frozen=True, slots=True)
class FactWords:
    """One fact in words; ``codes`` are the code and, where it is coded, the value."""

    kind: str
    what: str
    day: str
    codes: tuple[str, ...]


def fact_words(fact: AnsweredFact, words: Words) -> FactWords:
    """Put a fact into words, with its value."""
    return FactWords(
        kind=fact.kind.value,
        what=words.say(f"write-back.{fact.kind}", said=fact.said),
        day=day_text(fact.day, words),
        codes=tuple(
            f"{_SYSTEMS.get(system, system)} {code} {display}"
            for system, code, display in fact.codings
        ),
    )
