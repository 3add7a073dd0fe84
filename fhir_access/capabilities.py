"""What a FHIR server says of itself: types, and parameters of their searches."""

from collections.abc import Mapping
from typing import Final

import msgspec

from fhir_access.errors import Fault, FetchFailed

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Code(msgspec.Struct):
    code: str | None = None


class _Name(msgspec.Struct):
    name: str | None = None


class _Resource(msgspec.Struct, rename="camel"):
    type: str | None = None
    interaction: list[_Code] = []
    search_param: list[_Name] = []


class _Rest(msgspec.Struct):
    mode: str | None = None
    resource: list[_Resource] = []


class _Software(msgspec.Struct, frozen=True):
    name: str = ""
    version: str = ""


class _Statement(msgspec.Struct, rename="camel"):
    resourceType: str  # noqa: N815 (the element's name on the wire)
    fhir_version: str = ""
    software: _Software = _Software()
    rest: list[_Rest] = []


_statement: Final = msgspec.json.Decoder(_Statement)


class TypeOffered(msgspec.Struct, frozen=True):
    """What is said of one resource type; an empty set says nothing, not "none"."""

    interactions: frozenset[str]
    parameters: frozenset[str]


class Capabilities(msgspec.Struct, frozen=True):
    """What one server can be asked. Without any type nothing is known, and all is asked."""

    fhir_version: str
    software: str
    types: Mapping[str, TypeOffered]

    def offers(self, kind: str, interaction: str) -> bool:
        """Whether a type can be searched (``search-type``) or read (``read``)."""
        if not self.types:
            return True
        found = self.types.get(kind)
        return found is not None and (not found.interactions or interaction in found.interactions)

    def finds_by(self, kind: str, parameter: str) -> bool:
        """Whether the search of a type knows a parameter; True where nothing is said of any."""
        found = self.types.get(kind)
        return found is None or not found.parameters or parameter in found.parameters


def read_statement(body: bytes) -> Capabilities:
    """Read a CapabilityStatement.

    Raises:
        FetchFailed: it is not one.

    """
    try:
        statement = _statement.decode(body)
    except _UNREADABLE:
        raise FetchFailed(Fault.NOT_JSON) from None
    if statement.resourceType != "CapabilityStatement":
        raise FetchFailed(Fault.NOT_JSON)
    servers = [rest for rest in statement.rest if rest.mode in {None, "server"}]
    types = {
        one.type: TypeOffered(
            frozenset(found.code for found in one.interaction if found.code),
            frozenset(found.name for found in one.search_param if found.name),
        )
        for rest in servers
        for one in rest.resource
        if one.type
    }
    software = f"{statement.software.name} {statement.software.version}".strip()
    return Capabilities(statement.fhir_version, software, types)
