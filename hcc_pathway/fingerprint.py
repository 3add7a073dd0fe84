"""A fingerprint of one answer: which inputs, which version, which day, whose site, as one SHA-256.

Two answers with equal fingerprints rest on the same values of the same sources on the same day,
read by the same version of the pathway with the same knowledge and the same choices of the site.
It stands on the printed page, and ``hcc-cds explain`` gives the same for the same chart with the
same site file. What a clinician answered is part of it, by the inputs that it became.
"""

import hashlib
from functools import lru_cache
from typing import Final

import msgspec

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.site_policy import SiteReading

_KEYS: Final = ("pathway", "asOf", "inputs", "ignored")
_DIGITS_SHOWN: Final = 24
_GROUP: Final = 4
_DAYS_KEPT: Final = 64


def fingerprint(document: Recommendation, knowledge: KnowledgeOnDay, site: SiteReading) -> str:
    """Give the SHA-256 of inputs, day, version, knowledge and site choices, in hexadecimal."""
    whole = msgspec.to_builtins(document)
    basis = {key: whole[key] for key in _KEYS} | {
        "knowledge": knowledge_digest(knowledge),
        "site": {
            "afpInclusive": site.policy.afp_inclusive,
            "jurisdiction": site.policy.jurisdiction,
            # 1.21 and 1.210 are one factor
            "iuToNg": None if site.iu_to_ng is None else f"{site.iu_to_ng.normalize():f}",
            "codes": dict(site.local_codes),
        },
    }
    return hashlib.sha256(msgspec.json.encode(basis, order="sorted")).hexdigest()


def short_fingerprint(whole: str) -> str:
    """Give the part that people compare, in groups of four."""
    shown = whole[:_DIGITS_SHOWN]
    return " ".join(shown[at : at + _GROUP] for at in range(0, len(shown), _GROUP))


@lru_cache(_DAYS_KEPT)
def knowledge_digest(knowledge: KnowledgeOnDay) -> str:
    """Give the SHA-256 of everything that held on the day of the answer, in hexadecimal."""
    parts = (
        dict(knowledge.parameters),
        dict(knowledge.drugs),
        dict(knowledge.regimens),
        dict(knowledge.evidence),
        dict(knowledge.value_sets),
        dict(knowledge.criteria),
        knowledge.caveats,
        knowledge.all_notices,
    )
    written = msgspec.json.encode(msgspec.to_builtins(parts), order="sorted")
    return hashlib.sha256(written).hexdigest()
