"""SMART scopes, version 1 and 2: what is asked for, and what a grant allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_RESOURCE: Final = re.compile(
    r"(patient|user)/(\*|[A-Z][A-Za-z]{1,63})\.(read|write|\*|c?r?u?d?s?)(\?.+)?\Z"
)
_V1: Final = {"read": "rs", "write": "cud", "*": "cruds"}
_LAUNCH: Final = "launch"
_LAUNCH_STANDALONE: Final = "launch/patient"


@dataclass(frozen=True, slots=True)
class _Permission:
    resource_type: str
    rights: str
    is_narrowed: bool  # "?category=..." and the like: some of the resources


def scopes_to_ask(configured: str, *, standalone: bool, v1_only: bool) -> str:
    """Give the scopes of one launch.

    Args:
        configured: what the site file asks for.
        standalone: without an EHR's ``launch``: the server lets the clinician choose a patient.
        v1_only: the server knows ``.read`` and ``.write`` alone.

    """
    wanted = _LAUNCH_STANDALONE if standalone else _LAUNCH
    other = _LAUNCH if standalone else _LAUNCH_STANDALONE
    asked = [wanted, *(one for one in configured.split() if one not in {wanted, other})]
    if v1_only:
        asked = [as_v1 for one in asked for as_v1 in _in_v1(one)]
    return " ".join(dict.fromkeys(asked))


def _in_v1(scope: str) -> Iterable[str]:
    found = _RESOURCE.match(scope)
    if found is None or found[3] in _V1:
        return [scope]
    level, kind, rights = found[1], found[2], set(found[3])
    read = [f"{level}/{kind}.read"] if rights & {"r", "s"} else []
    return read + ([f"{level}/{kind}.write"] if rights & {"c", "u", "d"} else [])


def _permissions(scopes: str) -> list[_Permission]:
    found = [match for one in scopes.split() if (match := _RESOURCE.match(one))]
    return [
        _Permission(match[2], _V1.get(match[3], match[3]), match[4] is not None) for match in found
    ]


class Grant:
    """What was asked for, set against what was granted."""

    def __init__(self, asked: str, granted: str) -> None:
        """Both as the scope strings of OAuth, in either version."""
        self._asked = _permissions(asked)
        self._granted = _permissions(granted)

    def asks(self, resource_type: str) -> bool:
        """Whether this type was to be read at all."""
        return any(_is_about(one, resource_type) and _reads(one) for one in self._asked)

    def reads(self, resource_type: str) -> bool:
        """Whether any resource of this type may be read."""
        return any(_is_about(one, resource_type) and _reads(one) for one in self._granted)

    def reads_some_only(self, resource_type: str) -> bool:
        """Whether the grant leaves out resources of this type: absence says nothing then."""
        about = [one for one in self._granted if _is_about(one, resource_type) and _reads(one)]
        return bool(about) and all(one.is_narrowed for one in about)

    def creates(self, resource_type: str) -> bool:
        """Whether resources of this type were to be created, and may be."""
        return all(
            any(
                _is_about(one, resource_type) and "c" in one.rights and not one.is_narrowed
                for one in permissions
            )
            for permissions in (self._asked, self._granted)
        )

    def not_granted(self, resource_types: Iterable[str]) -> tuple[str, ...]:
        """Give the types that were asked for and may not be read."""
        return tuple(one for one in resource_types if self.asks(one) and not self.reads(one))


def narrowed(granted: str, renewed: str | None) -> str:
    """Give the scopes after a renewal, which may take away and never add (RFC 6749, 6).

    Args:
        granted: the scopes until now.
        renewed: what the server said with the new token; None or nothing: as before.

    """
    if not renewed:
        return granted
    before = _permissions(granted)
    kept = [
        one
        for one in renewed.split()
        if one in granted.split()
        or any(_covers(old, new) for new in _permissions(one) for old in before)
    ]
    return " ".join(kept)


def _covers(old: _Permission, new: _Permission) -> bool:
    return (
        not old.is_narrowed
        and _is_about(old, new.resource_type)
        and set(new.rights) <= set(old.rights)
    )


def _is_about(permission: _Permission, resource_type: str) -> bool:
    return permission.resource_type in {"*", resource_type}


def _reads(permission: _Permission) -> bool:
    return "r" in permission.rights or "s" in permission.rights
