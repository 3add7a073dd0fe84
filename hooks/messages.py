"""CDS Hooks on the wire: what is asked and what is answered.

Requests are strict where the answer depends on it and open elsewhere: unknown ``extension``,
further context fields and a missing ``prefetch`` are legal. Responses never hold null or empty
members (``cards`` aside); the recommendation document inside an extension is not the envelope.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from hcc_pathway.errors import HccCdsError

ORDER_SELECT, ORDER_SIGN = "order-select", "order-sign"
ORDER_HOOKS = frozenset({ORDER_SELECT, ORDER_SIGN})
FHIR_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9\-.]{1,64}\Z")  # "." leads elsewhere
_USER_ID = re.compile(r"[A-Z][A-Za-z]{1,63}/[A-Za-z0-9\-.]{1,64}\Z")
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}\Z")  # nothing that could end a header line
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


class RequestRejected(HccCdsError):  # noqa: N818 (the name says what happened)
    """The caller's request is wrong: which part, and why. Never holds values of the chart."""

    def __init__(self, part: str, why: str) -> None:
        """Name the part (``context.patientId``) and the reason."""
        super().__init__(f"{part}: {why}")
        self.part = part
        self.why = why


class HookContext(msgspec.Struct, frozen=True, rename="camel"):
    """The context of a hook that is opened for one patient; further fields are not read.

    The order hooks bring ``draft_orders``, a Bundle as sent, and order-select ``selections``.
    """

    user_id: str
    patient_id: str
    encounter_id: str | None = None
    draft_orders: msgspec.Raw | None = None
    selections: tuple[str, ...] | None = None


class FhirAuthorization(msgspec.Struct, frozen=True):
    """What the client grants for reading its FHIR server during this one call.

    ``access_token`` is None where the client sent none; it never shows in a representation.
    """

    access_token: str | None = None
    scope: str = ""
    patient: str | None = None

    def __repr__(self) -> str:
        """Leave the token out."""
        return f"FhirAuthorization(scope={self.scope!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Leave the token out where rich prints, too."""
        return [("scope", self.scope)]


class HookRequest(msgspec.Struct, frozen=True, rename="camel"):
    """One call of a service. ``prefetch`` is None when the client sent no such member."""

    hook: str
    hook_instance: UUID
    context: HookContext
    prefetch: dict[str, msgspec.Raw] | None = None
    fhir_server: str | None = None
    fhir_authorization: FhirAuthorization | None = None


class _Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Base of the parts of an answer: members that are not set are left out."""


class Coding(_Answer, frozen=True, kw_only=True):
    """A code with its system and display."""

    code: str
    system: str
    display: str


class Source(_Answer, frozen=True, kw_only=True):
    """Where a card comes from."""

    label: str
    url: str
    topic: Coding


class Action(_Answer, frozen=True, kw_only=True):
    """What accepting a suggestion does to one draft: make it, replace it or take it away."""

    type: Literal["create", "update", "delete"]
    description: str
    resource: dict[str, Any] | None = None
    resource_id: str | None = None  # "MedicationRequest/x", of a draft to take away


class Suggestion(_Answer, frozen=True, kw_only=True):
    """A proposal that the user may accept."""

    label: str
    uuid: str
    actions: tuple[Action, ...]


class Link(_Answer, frozen=True, kw_only=True):
    """Where to read on: the SMART page, opened by a launch; nothing depends on app_context."""

    label: str
    url: str
    type: Literal["smart"]
    app_context: str | None = None


class Card(_Answer, frozen=True, kw_only=True):
    """One card. Optional members are None and then left out."""

    uuid: str
    summary: str
    indicator: Literal["info", "warning"]
    source: Source
    detail: str | None = None
    suggestions: tuple[Suggestion, ...] | None = None
    selection_behavior: Literal["any", "at-most-one"] | None = None
    links: tuple[Link, ...] | None = None
    override_reasons: tuple[Coding, ...] | None = None
    extension: dict[str, Any] | None = None


class CardsResponse(msgspec.Struct, frozen=True):
    """The answer of a service; no cards is an answer too."""

    cards: tuple[Card, ...]


def hook_request(
    envelope: Mapping[str, object],
    prefetch: dict[str, msgspec.Raw] | None,
    draft_orders: msgspec.Raw | None = None,
) -> HookRequest:
    """Build a request from its envelope, or say which part is wrong.

    Args:
        envelope: the members other than ``prefetch``, decoded.
        prefetch: the member ``prefetch``, its values still raw.
        draft_orders: the member ``context.draftOrders`` as sent.

    Raises:
        RequestRejected: a required part is missing or malformed.

    """
    hook, instance = _text(envelope, "hook"), _text(envelope, "hookInstance")
    if not _UUID.match(instance):
        raise RequestRejected(part="hookInstance", why="must be a UUID")
    server = _text(envelope, "fhirServer") if "fhirServer" in envelope else None
    context = _context(envelope.get("context"), hook, draft_orders)
    authorization = None
    if envelope.get("fhirAuthorization") is not None:
        authorization = _authorization(envelope["fhirAuthorization"], context.patient_id)
        if server is None:
            raise RequestRejected(part="fhirServer", why="is required with fhirAuthorization")
    return HookRequest(
        hook=hook,
        hook_instance=UUID(instance),
        context=context,
        prefetch=prefetch,
        fhir_server=server,
        fhir_authorization=authorization,
    )


def _authorization(sent: object, patient_id: str) -> FhirAuthorization:
    """Read what is granted; a token for another patient than the context's is refused."""
    where = "fhirAuthorization."
    if not isinstance(sent, dict):
        raise RequestRejected(part="fhirAuthorization", why="must be an object")
    given = {
        name: _text(sent, name, where)
        for name in ("access_token", "token_type", "patient")
        if sent.get(name) not in (None, "")
    }
    if given.get("token_type", "Bearer").lower() != "bearer":
        raise RequestRejected(part=where + "token_type", why="must be Bearer")
    if not _TOKEN.match(given.get("access_token", "-")):
        raise RequestRejected(part=where + "access_token", why="is not a bearer token")
    if given.get("patient", patient_id) != patient_id:
        raise RequestRejected(part=where + "patient", why="is not context.patientId")
    return FhirAuthorization(
        access_token=given.get("access_token"),
        scope=str(sent.get("scope") or ""),
        patient=given.get("patient"),
    )


def _context(context: object, hook: str, draft_orders: msgspec.Raw | None) -> HookContext:
    if not isinstance(context, dict):
        why = "is missing" if context is None else "must be an object"
        raise RequestRejected(part="context", why=why)
    patient_id = _text(context, "patientId", "context.")
    if not FHIR_ID.match(patient_id):
        raise RequestRejected(part="context.patientId", why="is not a FHIR id")
    user_id = _text(context, "userId", "context.")
    if not _USER_ID.match(user_id):
        raise RequestRejected(part="context.userId", why="must have the form Type/id")
    encounter_id = None
    if context.get("encounterId") is not None:
        encounter_id = _text(context, "encounterId", "context.")
        if not FHIR_ID.match(encounter_id):
            raise RequestRejected(part="context.encounterId", why="is not a FHIR id")
    if hook not in ORDER_HOOKS:
        return HookContext(user_id, patient_id, encounter_id)
    _require_draft_orders(context)
    selections = _selections(context) if hook == ORDER_SELECT else None
    return HookContext(user_id, patient_id, encounter_id, draft_orders, selections)


def _require_draft_orders(context: Mapping[str, object]) -> None:
    """Ask for a Bundle and for nothing of what is in it: drafts are often invalid FHIR."""
    orders = context.get("draftOrders")
    if orders is None:
        raise RequestRejected(part="context.draftOrders", why="is missing")
    if not isinstance(orders, dict) or orders.get("resourceType") != "Bundle":
        raise RequestRejected(part="context.draftOrders", why="must be a FHIR Bundle")


def _selections(context: Mapping[str, object]) -> tuple[str, ...]:
    found = context.get("selections")
    if found is None:
        raise RequestRejected(part="context.selections", why="is missing")
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise RequestRejected(part="context.selections", why="must be a list of Type/id")
    return tuple(found)


def _text(fields: Mapping[str, object], name: str, where: str = "") -> str:
    found = fields.get(name)
    if found is None:
        raise RequestRejected(part=where + name, why="is missing")
    if not isinstance(found, str) or not found:
        raise RequestRejected(part=where + name, why="must be a non-empty string")
    return found
