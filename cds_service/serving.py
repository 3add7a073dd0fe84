"""gunicorn as a library: the same command starts the demonstration and the real service."""

import gc
import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # no types there
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # no types there
from prometheus_client import CollectorRegistry, multiprocess, start_http_server

from cds_service.background_work import BackgroundWork
from cds_service.http_refusals import QuietWorker
from cds_service.request_log import JsonLines
from cds_service.settings import Settings

_WORKERS, _THREADS = 2, 4
_LONGEST_REQUEST_LINE = 4094


class _JsonLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own messages in the format of ours; requests are logged by the application."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


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
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped
        start_http_server(settings.metrics_bind.port, settings.metrics_bind.host, registry)
    server_of(app, str(settings.bind)).run()


def server_of(app: Flask, bind: str) -> BaseApplication:
    """Give gunicorn with everything that is chosen, before it runs."""
    options = {
        "bind": bind,
        "workers": int(os.environ.get("WEB_CONCURRENCY", _WORKERS)),
        "threads": _THREADS,
        "worker_class": QuietWorker,
        "logger_class": _JsonLogger,
        "control_socket_disable": True,
        "keepalive": 15,
        "graceful_timeout": 15,
        "limit_request_line": _LONGEST_REQUEST_LINE,
        # no header of any caller is taken for a proxy's word: nothing here asks for it
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "secure_scheme_headers": {},
        "post_worker_init": _begin_background_work,
        "worker_exit": _end_background_work,
        "child_exit": _forget_worker,
    }
    return _Server(app, options)


def _begin_background_work(worker: Any) -> None:  # noqa: ANN401 (gunicorn has no types)
    background_work(worker.app.wsgi()).start()


def _end_background_work(_server: object, worker: Any) -> None:  # noqa: ANN401 (gunicorn has no types)
    background_work(worker.app.wsgi()).stop()


def background_work(app: Flask) -> BackgroundWork:
    """Give the work that a process of this application does beside its answers."""
    work: BackgroundWork = app.extensions["background"]
    return work


def _forget_worker(_server: object, worker: Any) -> None:  # noqa: ANN401 (gunicorn has no types)
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # untyped
