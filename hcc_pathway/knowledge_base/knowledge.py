"""The reviewed knowledge, ready for use: load once, then ask for what held on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.errors import DayOutsideKnowledge, UnknownLanguage
from hcc_pathway.knowledge_base.cross_checks import cross_check
from hcc_pathway.knowledge_base.files import PACKAGE_ROOT, KnowledgeFiles, read_folder
from hcc_pathway.knowledge_base.indexing import by_id, codes_of, contents
from hcc_pathway.knowledge_base.schema import (
    Caveat,
    Criterion,
    Drug,
    EvidenceItem,
    PathwayDescription,
    Regimen,
    RegulatoryNotice,
)
from hcc_pathway.knowledge_base.terms import Code, Parameter, ValueSet
from hcc_pathway.knowledge_base.translation import translated
from hcc_pathway.recommendation import Coding, PathwayVersion

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "ko")  # the first is the one that the knowledge is written in
_DAYS_KEPT = 512  # a service asks for today; a cohort for a few hundred days


class KnowledgeOnDay(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the knowledge says on one day. Immutable; every look-up is a dictionary access.

    ``drugs`` hold only the indications that are in force on the day, ``evidence`` no background
    figure: what must not reach a clinician's eye is not in here. ``concepts`` leads from
    (canonical system, code) to the ids of the value sets that hold the code. Compared by
    identity (``Knowledge.as_of`` keeps each day), so that what follows from it can be cached.
    """

    day: date
    language: str
    pathway: PathwayVersion
    about: PathwayDescription
    parameters: Mapping[str, Decimal]
    units: Mapping[str, str]
    drugs: Mapping[str, Drug]
    regimens: Mapping[str, Regimen]
    evidence: Mapping[str, EvidenceItem]
    value_sets: Mapping[str, ValueSet]
    concepts: Mapping[tuple[str, str], tuple[str, ...]]
    codes: Mapping[tuple[str, str], Code]
    drug_names: Mapping[str, str]  # "nexavar" -> "sorafenib"
    criteria: Mapping[str, Criterion]
    caveats: tuple[Caveat, ...]
    systems: Mapping[str, str]  # any known name of a code system -> canonical URI
    system_names: Mapping[str, str]  # canonical URI -> "LOINC"
    all_notices: tuple[RegulatoryNotice, ...]

    def parameter(self, parameter_id: str) -> Decimal:
        """Give a parameter's value on this day; an unknown id is a programming error: KeyError."""
        return self.parameters[parameter_id]

    def notices(self, jurisdiction: str | None) -> tuple[RegulatoryNotice, ...]:
        """Give the notices a card shows: of one jurisdiction, or of all where it is None.

        Notices that are to be shown everywhere come in either case; whether one decides orders
        for a site is ``RegulatoryNotice.decides_for``.
        """
        return tuple(
            notice
            for notice in self.all_notices
            if notice.holds_on(self.day)
            and notice.shown != "never"
            and (
                jurisdiction is None
                or notice.shown == "everywhere"
                or notice.jurisdiction == jurisdiction
            )
        )

    def canonical_system(self, uri: str) -> str:
        """Resolve an alias of a code system (``urn:oid:...``); other URIs come back unchanged."""
        return self.systems.get(uri, uri)

    @property
    def systems_as_oid(self) -> Mapping[str, str]:
        """Name code systems as ``urn:oid:...``, those that have such a name."""
        return _systems_as_oid(self)

    def codings(self, drug_id: str) -> tuple[Coding, ...]:
        """Give the codes of a drug as the recommendation document carries them."""
        drug = self.drugs[drug_id]
        return tuple(
            Coding(system=code.system, code=code.code, display=code.display)
            for code in self.value_sets[drug.value_set].codes
        )


@lru_cache
def _systems_as_oid(knowledge: KnowledgeOnDay) -> Mapping[str, str]:
    return MappingProxyType(
        {
            canonical: name
            for name, canonical in knowledge.systems.items()
            if name.startswith("urn:oid:")
        }
    )


class Knowledge:
    """All knowledge files, checked; ask ``as_of`` for what held on a day."""

    def __init__(self, files: KnowledgeFiles, language: str = LANGUAGES[0]) -> None:
        """Index files that have passed every check, their texts being in this language."""
        self.root = files.root
        self.files = files
        self.language = language
        self.about = files.pathway[0].content
        self._drugs = contents(files.drugs)
        self._parameters = tuple(
            parameter for table in contents(files.parameters) for parameter in table.parameters
        )
        self._fixed = _fixed_parts(files, language)
        self.as_of: Callable[[date], KnowledgeOnDay] = lru_cache(_DAYS_KEPT)(self._as_of)

    def _as_of(self, day: date) -> KnowledgeOnDay:
        if day < self.about.effective_from:
            message = (
                f"The pathway {self.about.id} holds from {self.about.effective_from}; "
                f"it cannot be asked about {day}."
            )
            raise DayOutsideKnowledge(message)
        parameters = {
            parameter.id: value
            for parameter in self._parameters
            if (value := _value_on(parameter, day)) is not None
        }
        return msgspec.structs.replace(
            self._fixed,
            day=day,
            parameters=MappingProxyType(parameters),
            drugs=by_id(_drug_on(drug, day) for drug in self._drugs),
        )


def _value_on(parameter: Parameter, day: date) -> Decimal | None:
    held = [dated.value for dated in parameter.values if dated.effective_from <= day]
    return held[-1] if held else None


def _drug_on(drug: Drug, day: date) -> Drug:
    return msgspec.structs.replace(
        drug,
        indications=tuple(
            indication
            for indication in drug.indications
            if indication.effective_from <= day
            and (indication.effective_to is None or day <= indication.effective_to)
        ),
    )


def _fixed_parts(files: KnowledgeFiles, language: str) -> KnowledgeOnDay:
    """Everything that is the same on every day, in the form of an answer for the first day."""
    about = files.pathway[0].content
    value_sets = contents(files.value_sets)
    concepts, codes = codes_of(value_sets)
    systems = files.code_systems[0].content.systems
    parameters = [one for file in files.parameters for one in file.content.parameters]
    names = {name: file.content.id for file in files.drugs for name in file.content.names}
    aliases = {alias: one.uri for one in systems for alias in (one.uri, *one.aliases)}
    return KnowledgeOnDay(
        day=about.effective_from,
        language=language,
        pathway=PathwayVersion(id=about.id, version=about.version),
        about=about,
        parameters=MappingProxyType({}),
        units=MappingProxyType({one.id: one.unit for one in parameters}),
        drugs=MappingProxyType({}),
        regimens=by_id(contents(files.regimens)),
        evidence=by_id(item.for_readers() for item in contents(files.evidence)),
        value_sets=by_id(value_sets),
        concepts=MappingProxyType(concepts),
        codes=MappingProxyType(codes),
        drug_names=MappingProxyType(names),
        criteria=by_id(files.criteria[0].content.criteria),
        caveats=files.caveats[0].content.caveats,
        systems=MappingProxyType(aliases),
        system_names=MappingProxyType({one.uri: one.name for one in systems}),
        all_notices=contents(files.notices),
    )


def load_knowledge_from(root: Path, language: str = "en") -> Knowledge:
    """Load a folder of knowledge files; raises KnowledgeError for the first thing wrong."""
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        message = f"There is no knowledge in language {language!r}; there is: {known}."
        raise UnknownLanguage(message)
    files, errors = read_folder(root)
    for error in errors or cross_check(files):
        raise error
    if language != LANGUAGES[0]:
        files = translated(files, language)
    return Knowledge(files, language)


@lru_cache
def load_knowledge(language: str = "en") -> Knowledge:
    """Load the knowledge that this package ships, once per process."""
    return load_knowledge_from(PACKAGE_ROOT, language)


def canonical_system(uri: str) -> str:
    """Resolve an alias of a code system by the package's own list; others are unchanged."""
    return load_knowledge().as_of(date.max).canonical_system(uri)
