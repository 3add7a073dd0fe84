"""Every problem as a page that says what happened and what to do; never a trace."""

import logging
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any, Final

import yaml
from flask import Blueprint, Response, render_template

from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from smart_app.launch.open_now import OpenNow
from smart_app.launch.problems import STATUS, LaunchProblem, Problem
from smart_app.sessions.rows import SessionsUnavailable

_REFUSED: Final[dict[int, Problem]] = {
    HTTPStatus.NOT_FOUND: Problem.NO_SUCH_PAGE,
    HTTPStatus.SERVICE_UNAVAILABLE: Problem.TRY_AGAIN,
}
_log = logging.getLogger("cds_service.smart")


@cache
def _problem_texts(language: str) -> Mapping[str, Any]:
    folder = resources.files("smart_app.launch") / "texts"
    text = (folder / f"problems-{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


class ProblemPages:
    """Writes the pages in one language."""

    def __init__(self, language: str = "en") -> None:
        """Load the texts; raises FileNotFoundError where a language has none."""
        self._texts = _problem_texts(language)
        self._language = language

    def register(self, routes: Blueprint) -> None:
        """Answer the problems of a blueprint's views with their pages."""
        routes.register_error_handler(LaunchProblem, self._launch_problem)
        routes.register_error_handler(SessionsUnavailable, self._sessions_unavailable)
        routes.register_error_handler(NeededDataAbsent, self._chart_not_read)
        routes.register_error_handler(ChartRejected, self._chart_not_read)

    def page(
        self, problem: Problem, detail: str = "", open_now: OpenNow | None = None
    ) -> Response:
        """Write one page and a line in the log, which names the problem alone.

        ``open_now``: whose chart this browser has open, where that is what the problem is about.
        """
        fields = {"problem": problem.value, "detail": detail}
        _log.warning("chart not opened", extra={"fields": fields})
        html = render_template(
            "smart/problem.html",
            texts=self._texts,
            said=self._texts[problem.value],
            problem=problem.value,
            language=self._language,
            open_now=open_now,
        )
        return Response(html, STATUS[problem], content_type="text/html; charset=utf-8")

    def in_place_of(self, refusal: Response) -> None:
        """Turn a refusal for machines into a page; its status stays."""
        problem = _REFUSED.get(refusal.status_code, Problem.NOT_UNDERSTOOD)
        if refusal.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            problem = _REFUSED.get(refusal.status_code, Problem.SERVICE_FAILED)
        refusal.set_data(self.page(problem, str(refusal.status_code)).get_data())
        refusal.content_type = "text/html; charset=utf-8"

    def _launch_problem(self, error: Exception) -> Response:
        if isinstance(error, LaunchProblem):
            return self.page(error.problem, error.detail)
        return self.page(Problem.TRY_AGAIN)

    def _sessions_unavailable(self, _error: Exception) -> Response:
        answer = self.page(Problem.TRY_AGAIN, "database")
        answer.headers["Retry-After"] = "5"
        return answer

    def _chart_not_read(self, _error: Exception) -> Response:
        return self.page(Problem.CHART_NOT_READ)
