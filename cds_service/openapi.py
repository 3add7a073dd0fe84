"""GET /openapi.json and GET /schema/recommendation.json, made once at start."""

from typing import Any

import msgspec
from flask import Blueprint, Response

from cds_service.composition import Composition
from cds_service.feedback.schema import feedback_schemas
from hcc_pathway.recommendation import ChildPughValue, ExposureValue, Recommendation
from hooks import SERVICES
from hooks.card_text import load_card_texts

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OUTCOME = {"$ref": "#/components/schemas/OperationOutcome"}


def recommendation_schema() -> dict[str, Any]:
    """Make the JSON Schema of the recommendation document, all keys required."""
    definitions = _document_schemas("#/$defs/")
    whole = definitions.pop("Recommendation")
    return {"$schema": _DIALECT, **whole, "$defs": definitions}


def _document_schemas(place: str) -> dict[str, Any]:
    """Make the schema of each part of the document; references point below ``place``."""

    def input_value(shape: type) -> dict[str, Any]:
        # msgspec cannot say "one of these structs or a plain value"; it is spelled out here
        if shape is not object:
            raise NotImplementedError
        return {
            "anyOf": [
                {"$ref": f"{place}ExposureValue"},
                {"$ref": f"{place}ChildPughValue"},
                {"type": ["number", "boolean", "string", "null"]},
            ]
        }

    shapes = (Recommendation, ExposureValue, ChildPughValue)
    _, definitions = msgspec.json.schema_components(
        shapes, schema_hook=input_value, ref_template=place + "{name}"
    )
    for definition in definitions.values():
        if definition.get("type") == "object":
            definition["additionalProperties"] = False
    return definitions


def openapi_document(composition: Composition) -> dict[str, Any]:
    """Describe every route of the service as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": composition.knowledge.about.short_title,
            "version": composition.knowledge.about.version,
            "description": composition.knowledge.about.intended_use,
        },
        "servers": [{"url": composition.settings.public_url}],
        "paths": {**_service_paths(), **_other_paths()},
        "components": {
            "schemas": {
                "OperationOutcome": _outcome_schema(),
                **_hook_schemas(),
                **feedback_schemas(),
                **_document_schemas("#/components/schemas/"),
            }
        },
    }


def openapi(composition: Composition) -> Blueprint:
    """Make the two routes."""
    routes = Blueprint("openapi", __name__)
    interface = msgspec.json.encode(openapi_document(composition))
    schema = msgspec.json.encode(recommendation_schema())

    @routes.get("/openapi.json")
    def interface_document() -> Response:
        return Response(interface, content_type="application/json")

    @routes.get("/schema/recommendation.json")
    def document_schema() -> Response:
        return Response(schema, content_type="application/schema+json")

    return routes


def _service_paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    texts = load_card_texts()
    for service in SERVICES:
        call = _operation(
            service.title(texts), "200", "Cards", {"$ref": "#/components/schemas/Cards"}
        )
        call["requestBody"] = _json_body({"$ref": "#/components/schemas/HookRequest"})
        call["responses"]["412"] = _answer("Needed data can be had nowhere", _OUTCOME)
        paths[f"/cds-services/{service.id}"] = {"post": call}
        paths[f"/cds-services/{service.id}/feedback"] = {"post": _feedback_operation()}
    return paths


def _other_paths() -> dict[str, Any]:
    return {
        "/cds-services": {"get": _operation("Discovery", "200", "The services", {})},
        "/api/recommendation": {"post": _recommendation_operation()},
        "/health/live": {"get": _operation("Liveness", "200", "The process runs", {})},
        "/health/ready": {"get": _readiness_operation()},
        "/knowledge": {"get": _page_operation("What the service knows", "Overview")},
        "/knowledge/{kind}/{id}": {
            "parameters": [_path_parameter("kind"), _path_parameter("id")],
            "get": _page_operation("One piece of knowledge", "Its content"),
        },
        "/openapi.json": {"get": _operation("This document", "200", "OpenAPI 3.1", {})},
        "/schema/recommendation.json": {
            "get": _schema_operation("Schema of the document", "JSON Schema")
        },
    }


def _page_operation(summary: str, said: str) -> dict[str, Any]:
    """Describe what browsers get as a page and programs as JSON."""
    operation = _operation(summary, "200", said, {})
    operation["responses"]["200"]["content"]["text/html"] = {"schema": {"type": "string"}}
    return operation


def _schema_operation(summary: str, said: str) -> dict[str, Any]:
    operation = _operation(summary, "200", said, {})
    operation["responses"]["200"]["content"] = {"application/schema+json": {"schema": {}}}
    return operation


def _readiness_operation() -> dict[str, Any]:
    operation = _operation("Readiness", "200", "Requests are served", {})
    operation["responses"]["503"] = _answer("Requests cannot be served now", {})
    return operation


def _feedback_operation() -> dict[str, Any]:
    received = {"$ref": "#/components/schemas/Received"}
    operation = _operation("What the clinician did with cards", "200", "Stored durably", received)
    operation["requestBody"] = _json_body({"$ref": "#/components/schemas/FeedbackBatch"})
    operation["responses"]["503"] = _answer("Nothing was stored: send it again", _OUTCOME)
    return operation


def _recommendation_operation() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Recommendation"}
    operation = _operation("The recommendation for one chart", "200", "The document", schema)
    operation["parameters"] = [
        {
            "name": "asOf",
            "in": "query",
            "description": "The day of the answer; default: today in the site's time zone.",
            "schema": {"type": "string", "format": "date"},
        }
    ]
    operation["requestBody"] = _json_body({"type": "object"})
    operation["responses"]["412"] = _answer("Needed data can be had nowhere", _OUTCOME)
    return operation


def _operation(summary: str, status: str, said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": summary,
        "responses": {
            status: _answer(said, schema),
            "4XX": _answer("The request is wrong: which part, and why", _OUTCOME),
        },
    }


def _answer(said: str, schema: dict[str, Any]) -> dict[str, Any]:
    media = "application/fhir+json" if schema is _OUTCOME else "application/json"
    return {"description": said, "content": {media: {"schema": schema}}}


def _json_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _outcome_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": {"const": "OperationOutcome"},
            "issue": {"type": "array", "minItems": 1, "items": {"type": "object"}},
        },
    }


def _hook_schemas() -> dict[str, Any]:
    fhir_id = {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"}
    return {
        "HookRequest": {
            "type": "object",
            "required": ["hook", "hookInstance", "context"],
            "properties": {
                "hook": {"enum": sorted({service.hook for service in SERVICES})},
                "hookInstance": {"type": "string", "format": "uuid"},
                "fhirServer": {"type": "string", "format": "uri"},
                "fhirAuthorization": {"type": "object"},
                "context": _context_schema(fhir_id),
                "prefetch": {"type": "object"},
                "extension": {"type": "object"},
            },
        },
        "Cards": {
            "type": "object",
            "required": ["cards"],
            "properties": {"cards": {"type": "array", "items": {"type": "object"}}},
        },
    }


def _context_schema(fhir_id: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["userId", "patientId"],
        "properties": {
            "patientId": fhir_id,
            "userId": {"type": "string"},
            "draftOrders": {
                "type": "object",
                "description": "A Bundle; order-select and order-sign need it.",
                "required": ["resourceType"],
                "properties": {"resourceType": {"const": "Bundle"}},
            },
            "selections": {
                "type": "array",
                "description": "Type/id of drafts; order-select needs it.",
                "items": {"type": "string"},
            },
        },
    }
