"""The shapes of code systems, value sets and parameters: what a chart's codes and values mean."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from hcc_pathway.knowledge_base.parts import Id, KnowledgePart, Review, RuleId, Text


class Code(KnowledgePart, frozen=True, kw_only=True):
    """One code: its meaning and where both were seen together.

    ``points`` is the number that the code itself fixes: a Child-Pugh score or an ECOG grade.
    """

    system: Text
    code: Text
    display: Text
    source: Text
    verified: Literal[True]
    points: int | None = None


class ValueSet(KnowledgePart, frozen=True, kw_only=True):
    """One concept as the codes, and where need be the names, under which charts hold it."""

    id: Id
    title: Text
    meaning: Text  # what a code of this set says about the patient
    codes: tuple[Code, ...] = ()
    names: tuple[Text, ...] = ()  # lower-case ingredient names, matched as whole words
    review: Review


class DatedValue(KnowledgePart, frozen=True, kw_only=True):
    """A value from a day on, and what it stands on."""

    effective_from: date
    value: Decimal
    evidence: tuple[Id, ...]


class Parameter(KnowledgePart, frozen=True, kw_only=True):
    """One number of the pathway, with its unit."""

    id: Id
    label: Text
    unit: str
    rules: tuple[RuleId, ...] = ()
    values: tuple[DatedValue, ...]


class ParameterTable(KnowledgePart, frozen=True, kw_only=True):
    """The numbers of one area, reviewed together."""

    id: Id
    title: Text
    parameters: tuple[Parameter, ...]
    review: Review


class CodeSystem(KnowledgePart, frozen=True, kw_only=True):
    """A code system under its canonical URI and the other names that charts use for it."""

    uri: Text
    name: Text
    aliases: tuple[Text, ...] = ()
    form: Literal["loinc", "snomed-ct", "rxnorm", "atc", "icd-10", "ncit"]


class CodeSystemList(KnowledgePart, frozen=True, kw_only=True):
    """All code systems that value sets may use."""

    systems: tuple[CodeSystem, ...]
    review: Review
