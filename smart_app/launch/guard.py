"""What holds below ``/smart``: forms and addresses of the open chart alone, pages, headers."""

import secrets
from typing import Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import MethodNotAllowed

from smart_app.launch.chart_opening import ChartOpening
from smart_app.launch.problem_pages import ProblemPages
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registrations
from smart_app.opened_chart import CHART_FIELD, FORM_TOKEN_FIELD, FORM_TOKEN_HEADER, chart_mark
from smart_app.sessions.rows import SessionsUnavailable
from smart_app.sessions.sessions import Opened

_PLACE: Final = "/smart"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SEE_OTHER: Final = 303
_FHIR_JSON: Final = "application/fhir+json"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)


def register_smart_guard(
    app: Flask, opening: ChartOpening, registrations: Registrations, pages: ProblemPages
) -> None:
    """Refuse what another chart's page sends; every refusal is a page; set the headers."""

    def refuse_what_is_of_another_chart() -> Response | None:
        return _refusal(opening, pages) if _is_ours(request.path) else None

    def harden(response: Response) -> Response:
        if _is_ours(request.path):
            if response.mimetype == _FHIR_JSON:
                pages.in_place_of(response)
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Content-Security-Policy"] = _POLICY + _ancestors(registrations)
        return response

    app.before_request(refuse_what_is_of_another_chart)
    app.after_request(harden)


def _refusal(opening: ChartOpening, pages: ProblemPages) -> Response | None:
    """Hold form token or mark against the open chart; the address of a form leads to the page."""
    is_form = request.method not in _SAFE
    if not is_form and isinstance(request.routing_exception, MethodNotAllowed):
        return Response(status=_SEE_OTHER, headers={"Location": f"{_PLACE}/"})
    if not is_form and CHART_FIELD not in request.args:
        return None
    try:
        found, ehr = opening.current()
        refused = _form_refused(found) if is_form else _address_refused(found)
        open_now = None if refused is None else opening.open_now(found.session, ehr)
    except LaunchProblem as problem:
        return pages.page(problem.problem)
    except SessionsUnavailable:
        return pages.page(Problem.TRY_AGAIN, "database")
    return None if refused is None else pages.page(refused, open_now=open_now)


def _form_refused(found: Opened) -> Problem | None:
    sent = request.headers.get(FORM_TOKEN_HEADER) or request.form.get(FORM_TOKEN_FIELD, "")
    own = found.session.form_token
    return None if _same(sent, own) else Problem.FORM_NOT_OURS


def _address_refused(found: Opened) -> Problem | None:
    own = chart_mark(found.session.form_token)
    marks = request.args.getlist(CHART_FIELD)
    return None if all(_same(one, own) for one in marks) else Problem.ANOTHER_CHART


def _same(sent: str, own: str) -> bool:
    return secrets.compare_digest(sent.encode("utf-8", "surrogatepass"), own.encode())


def _is_ours(path: str) -> bool:
    return path == _PLACE or path.startswith(f"{_PLACE}/")


def _ancestors(registrations: Registrations) -> str:
    """Say who may frame the answer: the EHR of the open chart; before one is open, any listed."""
    ehr = g.get("smart_ehr")
    ehrs = registrations.all if ehr is None else (ehr,)
    origins = sorted({origin for one in ehrs for origin in one.frame_ancestors})
    return " ".join(origins) or "'none'"
