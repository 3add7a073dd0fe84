"""The service without its clinical work: what is left to save, once everything else is paid.

``python -m bench.shell received`` takes the body of a call as the service does (server, threads,
request id, log, audit, metrics, headers) and answers one fixed card; ``decoded`` also splits the
envelope and decodes the resources into the narrow structs that the service reads. Neither asks
whose a record is, which of them count, or what they mean.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING

import msgspec

from bench.floors import FIXED_CARD

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDPOINT = "services.call"


def main() -> None:
    """Serve the route of a hook call with the named part of the work only."""
    # the metrics library looks at this once, when it is first imported
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="bench-metrics-"))
    from flask import Response  # noqa: PLC0415 (after the variable is set)

    from cds_service.app import create_app  # noqa: PLC0415 (with it)
    from cds_service.request_body import json_body  # noqa: PLC0415 (with it)
    from cds_service.request_log import start_logging  # noqa: PLC0415 (with it)
    from cds_service.serving import serve  # noqa: PLC0415 (with it)
    from cds_service.settings import read_settings  # noqa: PLC0415 (with it)

    work = {"received": len, "decoded": _decoder()}[sys.argv[1]]
    card = json.dumps(FIXED_CARD)

    def fixed_card(service_id: str) -> Response:  # noqa: ARG001 (the route's parameter)
        work(json_body())
        return Response(card, content_type="application/json")

    settings = read_settings(os.environ)
    start_logging(settings.log_level)
    app = create_app(settings)
    app.view_functions[_ENDPOINT] = fixed_card
    serve(app, settings)


def _decoder() -> Callable[[bytes], object]:
    from cds_service.services import read_hook_call  # noqa: PLC0415 (after the variable is set)
    from fhir_mappings.chart.everyday_bundles import everyday_bundle  # noqa: PLC0415 (with it)

    def decode(body: bytes) -> object:
        sent = read_hook_call(body).prefetch or {}
        return [everyday_bundle(raw) for raw in sent.values() if isinstance(raw, msgspec.Raw)]

    return decode


if __name__ == "__main__":
    main()
