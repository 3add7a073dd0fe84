"""Whether every code of the value sets can be a code of its system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hcc_pathway.knowledge_base.check_digits import is_loinc, is_snomed_ct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hcc_pathway.errors import KnowledgeError
    from hcc_pathway.knowledge_base.files import KnowledgeFile, KnowledgeFiles
    from hcc_pathway.knowledge_base.terms import ValueSet


_LOINC_ANSWER = re.compile(r"LA[0-9]{1,6}-[0-9]")


def _is_loinc_or_answer(code: str) -> bool:
    """LOINC answer codes (LA...) do not follow the check digit of LOINC numbers."""
    return is_loinc(code) or _LOINC_ANSWER.fullmatch(code) is not None


_FORMS: dict[str, tuple[Callable[[str], object], str]] = {
    "loinc": (_is_loinc_or_answer, "no LOINC number (mod-10 check digit)"),
    "snomed-ct": (is_snomed_ct, "no SNOMED CT identifier (Verhoeff check digit)"),
    "rxnorm": (re.compile(r"[1-9][0-9]{0,7}").fullmatch, "no RxNorm identifier"),
    "atc": (re.compile(r"[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}").fullmatch, "no ATC code of a substance"),
    "icd-10": (re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?").fullmatch, "no ICD-10 code"),
    "ncit": (re.compile(r"C[1-9][0-9]{1,6}").fullmatch, "no NCI Thesaurus code"),
}


def code_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    """Give every code with an unknown system, a wrong form or check digit, or given twice."""
    forms: dict[str, str] = {
        system.uri: system.form for file in files.code_systems for system in file.content.systems
    }
    for file in files.value_sets:
        yield from _errors_of_one_set(file, forms)
    yield from _shared_uris(files)


def _errors_of_one_set(
    file: KnowledgeFile[ValueSet], forms: dict[str, str]
) -> Iterator[KnowledgeError]:
    if not file.content.codes and not file.content.names:
        yield file.document.error((), "holds neither codes nor names; add one")
    for n, name in enumerate(file.content.names):
        if name != name.lower():
            yield file.document.error(("names", n), f"{name!r}: names are matched in lower case")
    first_place: dict[tuple[str, str], int] = {}
    for n, code in enumerate(file.content.codes):
        if code.system not in forms:
            yield file.document.error(
                ("codes", n, "system"),
                f"{code.system!r} is not in code_systems.yaml; add it there or correct it",
            )
            continue
        is_code, message = _FORMS[forms[code.system]]
        if not is_code(code.code):
            yield file.document.error(
                ("codes", n, "code"), f"{code.code!r} is {message}; look it up again"
            )
        if (first := first_place.setdefault((code.system, code.code), n)) != n:
            line = file.document.line(("codes", first, "code"))
            yield file.document.error(
                ("codes", n, "code"), f"{code.code!r} stands on line {line} already; remove one"
            )


def _shared_uris(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    for file in files.code_systems:
        seen: set[str] = set()
        for n, system in enumerate(file.content.systems):
            for uri in (system.uri, *system.aliases):
                if uri in seen:
                    yield file.document.error(("systems", n), f"{uri!r} names two systems")
                seen.add(uri)
