"""The feedback messages as JSON Schemas, for ``/openapi.json``."""

from typing import Any

from cds_service.feedback.messages import MOST_ITEMS, MOST_SUGGESTIONS

_UUID = {"type": "string", "format": "uuid"}


def feedback_schemas() -> dict[str, Any]:
    """Describe a batch and its acknowledgement."""
    batch = {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": _item()}
    return {
        "FeedbackBatch": {
            "type": "object",
            "required": ["feedback"],
            "properties": {"feedback": batch},
        },
        "Received": {
            "type": "object",
            "required": ["received"],
            "properties": {"received": {"type": "integer", "minimum": 1}},
        },
    }


def _item() -> dict[str, Any]:
    suggestion = {"type": "object", "required": ["id"], "properties": {"id": _UUID}}
    reason = {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "string", "minLength": 1}, "system": {"type": "string"}},
    }
    override = {
        "type": "object",
        "description": "Comments are not kept; a reason that no card offered counts as other.",
        "properties": {"reason": reason, "userComment": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["card", "outcome", "outcomeTimestamp"],
        "properties": {
            "card": _UUID,
            "outcome": {"enum": ["accepted", "overridden"]},
            "outcomeTimestamp": {"type": "string", "format": "date-time"},
            "acceptedSuggestions": {
                "type": "array",
                "description": "Required for accepted, absent for overridden.",
                "maxItems": MOST_SUGGESTIONS,
                "items": suggestion,
            },
            "overrideReason": override,
            "overrideReasons": override,
        },
    }
