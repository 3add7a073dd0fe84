"""What holds for everything below ``/smart``: forms of the open chart alone, headers, frames."""

import secrets
from typing import Final

from flask import Flask, Response, g, request

from smart_app.launch.chart_opening import ChartOpening
from smart_app.launch.problem_pages import ProblemPages
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registrations
from smart_app.opened_chart import FORM_TOKEN_FIELD, FORM_TOKEN_HEADER
from smart_app.sessions.rows import SessionsUnavailable

_PLACE: Final = "/smart"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)


def register_smart_guard(
    app: Flask, opening: ChartOpening, registrations: Registrations, pages: ProblemPages
) -> None:
    """Refuse what another page sends, and set the headers of every answer."""

    def refuse_foreign_forms() -> Response | None:
        if not _is_ours(request.path) or request.method in _SAFE:
            return None
        try:
            found, _ = opening.current()
        except LaunchProblem as problem:
            return pages.page(problem.problem)
        except SessionsUnavailable:
            return pages.page(Problem.TRY_AGAIN, "database")
        sent = request.headers.get(FORM_TOKEN_HEADER) or request.form.get(FORM_TOKEN_FIELD, "")
        if not secrets.compare_digest(sent.encode(), found.session.form_token.encode()):
            return pages.page(Problem.FORM_NOT_OURS)
        return None

    def harden(response: Response) -> Response:
        if _is_ours(request.path):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Content-Security-Policy"] = _POLICY + _ancestors(registrations)
        return response

    app.before_request(refuse_foreign_forms)
    app.after_request(harden)


def _is_ours(path: str) -> bool:
    return path == _PLACE or path.startswith(f"{_PLACE}/")


def _ancestors(registrations: Registrations) -> str:
    """Say who may frame the answer: the EHR of the open chart; before one is open, any listed."""
    ehr = g.get("smart_ehr")
    ehrs = registrations.all if ehr is None else (ehr,)
    origins = sorted({origin for one in ehrs for origin in one.frame_ancestors})
    return " ".join(origins) or "'none'"
