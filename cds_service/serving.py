"""gunicorn as a library: the same command starts the demonstration and the real service."""

import gc
import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from prometheus_client import CollectorRegistry, multiprocess, start_http_server

from cds_service.settings import Settings

_WORKERS, _THREADS = 2, 4


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our options instead of a command line and a configuration file."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, chosen in self._options.items():
            if name in self.cfg.settings:  # older versions lack control_socket_disable
                self.cfg.set(name, chosen)

    def load(self) -> Flask:
        return self._app


def serve(app: Flask, settings: Settings) -> None:
    """Serve until stopped. The application is built and warm, so workers share its memory."""
    gc.collect()
    gc.freeze()
    if settings.metrics_bind is not None:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped in the library
        start_http_server(settings.metrics_bind.port, settings.metrics_bind.host, registry)
    _Server(
        app,
        {
            "bind": str(settings.bind),
            "workers": int(os.environ.get("WEB_CONCURRENCY", _WORKERS)),
            "threads": _THREADS,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "keepalive": 15,
            "graceful_timeout": 15,
            "limit_request_line": 4094,
            "child_exit": lambda _server, worker: multiprocess.mark_process_dead(worker.pid),
        },
    ).run()
