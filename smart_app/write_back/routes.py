"""``POST /smart/write-back``: the clinician confirms, and the answers are in the chart.

The form carries the form token (checked before this is called), ``confirm=yes``, and ``answer``
for each answer that is meant. What the answers are stands in the session; a form that carries
anything else is not ours.
"""

from importlib import resources
from typing import Any, Final

import yaml
from flask import Blueprint, Response, render_template, request

from smart_app.launch.problem_pages import ProblemPages
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.opened_chart import FORM_TOKEN_FIELD
from smart_app.write_back.facts import Writable
from smart_app.write_back.writing import Outcome, WriteBack, Written

CONFIRM_FIELD: Final = "confirm"
CONFIRMED: Final = "yes"
ANSWER_FIELD: Final = "answer"
_FIELDS: Final = frozenset({FORM_TOKEN_FIELD, CONFIRM_FIELD, ANSWER_FIELD})
_KINDS: Final = frozenset(kind.value for kind in Writable)
_DONE: Final = frozenset({Outcome.WRITTEN, Outcome.THERE_ALREADY})


def load_write_back_texts(language: str = "en") -> dict[str, Any]:
    """Load the sentences; raises FileNotFoundError where a language has none."""
    folder = resources.files("smart_app.write_back") / "texts"
    text = (folder / f"write-back-{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def write_back_routes(
    write_back: WriteBack, pages: ProblemPages, page_address: str, language: str = "en"
) -> Blueprint:
    """Make the route."""
    texts = load_write_back_texts(language)
    routes = Blueprint("smart_write_back", __name__, template_folder="templates")
    pages.register(routes)

    @routes.post("/smart/write-back")
    def write() -> Response:
        written = write_back.write(_wanted())
        html = render_template(
            "smart/written.html",
            texts=texts,
            language=language,
            written=[_in_words(one, texts) for one in written],
            page_address=page_address,
        )
        done = all(one.outcome in _DONE for one in written)
        return Response(html, 200 if done else 502, content_type="text/html; charset=utf-8")

    return routes


def _wanted() -> list[str]:
    wanted = request.form.getlist(ANSWER_FIELD)
    if not _FIELDS.issuperset(request.form) or not _KINDS.issuperset(wanted):
        raise LaunchProblem(Problem.FORM_NOT_OURS)
    if request.form.getlist(CONFIRM_FIELD) != [CONFIRMED]:
        raise LaunchProblem(Problem.NOT_CONFIRMED)
    return wanted


def _in_words(one: Written, texts: dict[str, Any]) -> dict[str, str]:
    return {
        "what": texts["answers"][one.kind.value],
        "became": texts["outcomes"][one.outcome.value],
        "kind": one.kind.value,
        "outcome": one.outcome.value,
    }
