"""The pictures of a sample on a page of their own, under the policy of the clinician's page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, render_template_string, send_from_directory
from werkzeug.serving import make_server

import cds_service
from cds_service.sample_charts import SampleChart
from hcc_pathway.trial_comparison.trials import trials_of
from smart_app.plots.fragments import (
    forest_plot_fragment,
    plot_files,
    plot_head,
    timeline_fragment,
)
from smart_app.plots.texts import load_plot_texts
from tests.samples.stored import SAMPLES
from tests.timeline.samples_read import assessed, read, timeline_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
_PAGE = """<!doctype html><html lang="{{ language }}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Pictures</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/site.css">{{ head }}</head>
<body><main><h1>Pictures</h1>{{ timeline }}{{ trials }}</main></body></html>"""
_BY_NAME = {sample.name: sample for sample in SAMPLES}


def page_of(sample: SampleChart, language: str) -> str:
    document, _, knowledge = read(sample)
    texts = load_plot_texts(language)
    trials = [
        trial
        for option in document.options
        for trial in trials_of(option.therapy, option.evidence, assessed(sample), knowledge)
    ]
    return render_template_string(
        _PAGE,
        language=language,
        head=plot_head(),
        timeline=timeline_fragment(timeline_of(sample), texts),
        trials=forest_plot_fragment(trials, texts),
    )


@contextmanager
def plots_served() -> Iterator[str]:
    """Serve ``/<language>/<sample>`` on a free port; yields the base address."""
    app = Flask("pictures")
    app.register_blueprint(plot_files())

    @app.get("/<language>/<name>")
    def page(language: str, name: str) -> Response:
        html = page_of(_BY_NAME[name], language)
        return Response(html, headers={"Content-Security-Policy": POLICY})

    @app.get("/site.css")
    def style() -> Response:
        return send_from_directory(Path(cds_service.__file__).parent / "static", "site.css")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
