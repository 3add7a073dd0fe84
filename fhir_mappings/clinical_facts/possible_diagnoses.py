"""Liver cancers that may stand in conditions which cannot be read.

Such a condition is never used as a diagnosis. But a chart whose only liver cancer is damaged is
not a chart without one: the diagnosis is then to be confirmed, and not passed over (A35).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from fhir_mappings.chart.bundles_received import Received
from fhir_mappings.chart.subjects import source_of
from fhir_mappings.clinical_facts.conditions import KINDS
from fhir_mappings.errors import UNREADABLE
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.case import Diagnosis, DiagnosisKind

_BOOKS_KEPT: Final = 64


class _Identified(msgspec.Struct):
    id: str | None = None


_identified = msgspec.json.Decoder(_Identified)


def possible_diagnoses(unreadable: Iterable[Received], book: CodeBook) -> list[Diagnosis]:
    """Give each unreadable condition that names the code of a liver cancer, as unspecified."""
    found = ((one, _code_in(bytes(one.raw), book)) for one in unreadable)
    return [
        Diagnosis(
            kind=DiagnosisKind.UNSPECIFIED,
            as_received=code,
            code=code,
            onset=None,
            recorded_on=None,
            source=source_of("Condition", _id_of(one.raw)),
        )
        for one, code in found
        if code is not None
    ]


def _code_in(text: bytes, book: CodeBook) -> str | None:
    return next((code for code in _codes_of(book) if f'"{code}"'.encode() in text), None)


@lru_cache(_BOOKS_KEPT)
def _codes_of(book: CodeBook) -> tuple[str, ...]:
    """Every code of a liver cancer, the site's own included."""
    known = {**book.concepts, **book.local}
    return tuple(sorted(code for (_, code), sets in known.items() if KINDS.keys() & set(sets)))


def _id_of(raw: msgspec.Raw) -> str | None:
    try:
        return _identified.decode(raw).id
    except UNREADABLE:
        return None
