"""Which scopes the demonstration grants: reading one patient's records, never writing."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from cds_service.demo_ehr.charts import TYPES

IDENTITY: Final = frozenset({"openid", "fhirUser", "profile"})
LAUNCH: Final = frozenset({"launch", "launch/patient"})
# version 2 (rs, r, s) and version 1 (read); a search part or a letter that writes is not granted
_READING: Final = re.compile(r"patient/(?P<kind>\*|[A-Za-z]+)\.(?P<may>rs|r|s|read)\Z")


def granted(asked: Iterable[str]) -> tuple[str, ...]:
    """Give those of the scopes asked for that are granted, in their order, each once."""
    return tuple(one for one in dict.fromkeys(asked) if _is_granted(one))


def _is_granted(scope: str) -> bool:
    if scope in IDENTITY or scope in LAUNCH:
        return True
    found = _READING.match(scope)
    return found is not None and found["kind"] in {"*", *TYPES}


def may(scopes: Collection[str], kind: str, deed: str) -> bool:
    """Say whether scopes allow to read ("r") or to search ("s") a type."""
    for scope in scopes:
        found = _READING.match(scope)
        if found is None or found["kind"] not in {"*", kind}:
            continue
        if found["may"] == "read" or deed in found["may"]:
            return True
    return False
