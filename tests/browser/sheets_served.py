"""The printed sheets as a browser gets them, without any launch."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from flask import Flask, Response, send_from_directory
from werkzeug.serving import make_server

import cds_service
import smart_app.page
from tests.smart_page.sheets import sheet_of

POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self' data:"


@contextmanager
def sheets_served() -> Iterator[str]:
    """Serve ``/<language>/<sample>/<way>`` on a free port; yields the base address."""
    app = Flask("sheets", static_folder=None)

    @app.get("/<language>/<name>/<way>")
    def sheet(language: str, name: str, way: str) -> Response:
        html = sheet_of(language, name, way)
        return Response(html, headers={"Content-Security-Policy": POLICY})

    @app.get("/static/<file>", endpoint="site")
    def site_style(file: str) -> Response:
        return send_from_directory(Path(cds_service.__file__).parent / "static", file)

    @app.get("/smart/static/<file>", endpoint="page")
    def page_style(file: str) -> Response:
        return send_from_directory(Path(smart_app.page.__file__).parent / "static", file)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
