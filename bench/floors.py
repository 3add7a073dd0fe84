"""Two empty services: Flask that parses the body and answers one fixed card, and nothing else."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING

from flask import Flask, Response, request

if TYPE_CHECKING:
    from collections.abc import Callable

FIXED_CARD = {
    "cards": [
        {
            "summary": "A fixed card",
            "indicator": "info",
            "source": {"label": "floor", "topic": {"system": "urn:x", "code": "floor"}},
        }
    ]
}


def _floor(loads: Callable[[bytes], object]) -> Flask:
    app = Flask("floor")
    answer = json.dumps(FIXED_CARD)

    @app.post("/cds-services/floor")
    def fixed_card() -> Response:
        loads(request.get_data())
        return Response(answer, mimetype="application/json")

    return app


def json_floor() -> Flask:
    """Parse with the standard library's ``json.loads``."""
    return _floor(json.loads)


def orjson_floor() -> Flask:
    """Parse with ``orjson.loads`` (installed for the benchmark only)."""
    return _floor(importlib.import_module("orjson").loads)
