"""``POST /smart/write-back``: the clinician confirms, and the answers are in the chart.

The form carries the form token (checked before this is called), ``confirm=yes``, and ``answer``
for each fact that is meant: its kind, and a digest of all that was shown of it. What the answers
are stands in the session; a form that carries anything else is not ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml
from flask import Blueprint, Response, render_template, request

from smart_app.launch.problem_pages import ProblemPages
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.opened_chart import CHART_FIELD, FORM_TOKEN_FIELD, FORM_TOKEN_HEADER, chart_mark
from smart_app.page.words import Words, load_words
from smart_app.write_back.facts import Writable
from smart_app.write_back.wording import FactWords, fact_words
from smart_app.write_back.writing import AnswersChanged, Outcome, WriteBack, Written

CONFIRM_FIELD: Final = "confirm"
CONFIRMED: Final = "yes"
ANSWER_FIELD: Final = "answer"
_FIELDS: Final = frozenset({FORM_TOKEN_FIELD, CONFIRM_FIELD, ANSWER_FIELD})
_KINDS: Final = frozenset(kind.value for kind in Writable)
_DONE: Final = frozenset({Outcome.WRITTEN, Outcome.THERE_ALREADY})
_CHANGED: Final = 409
_NOT_DONE: Final = 502


@dataclass(frozen=True, slots=True)
class _Became:
    words: FactWords
    outcome: str
    said: str


@cache
def load_write_back_texts(language: str = "en") -> Mapping[str, Any]:
    """Load the sentences; raises FileNotFoundError where a language has none."""
    folder = resources.files("smart_app.write_back") / "texts"
    text = (folder / f"write-back-{language}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def write_back_routes(
    write_back: WriteBack, pages: ProblemPages, page_address: str, language: str = "en"
) -> Blueprint:
    """Make the route."""
    after = _After(load_write_back_texts(language), load_words(language), page_address)
    routes = Blueprint("smart_write_back", __name__, template_folder="templates")
    pages.register(routes)

    @routes.post("/smart/write-back")
    def write() -> Response:
        try:
            return after.written(write_back.write(_confirmed()))
        except AnswersChanged as changed:
            return after.changed(changed)

    return routes


class _After:
    """The pages that follow."""

    def __init__(self, texts: Mapping[str, Any], words: Words, page_address: str) -> None:
        self._texts = texts
        self._words = words
        self._page_address = page_address

    def written(self, written: Sequence[Written]) -> Response:
        done = [one.outcome in _DONE for one in written]
        became = [
            _Became(
                fact_words(one.fact, self._words),
                one.outcome.value,
                self._texts["outcomes"][one.outcome.value],
            )
            for one in written
        ]
        status = 200 if all(done) else _NOT_DONE
        return self._page(_heading(written), status, became=became, is_any_written=any(done))

    def changed(self, changed: AnswersChanged) -> Response:
        instead = [fact_words(one, self._words) for one in changed.facts]
        return self._page("changed", _CHANGED, instead=instead)

    def _page(
        self,
        heading: str,
        status: int,
        *,
        became: Sequence[_Became] = (),
        instead: Sequence[FactWords] = (),
        is_any_written: bool = False,
    ) -> Response:
        html = render_template(
            "smart/written.html",
            texts=self._texts,
            heading=self._texts["headings"][heading],
            language=self._words.language,
            became=became,
            instead=instead,
            is_done=status < _CHANGED,
            is_any_written=is_any_written,
            page_address=f"{self._page_address}?{CHART_FIELD}={_mark()}",
        )
        return Response(html, status, content_type="text/html; charset=utf-8")


def _heading(written: Sequence[Written]) -> str:
    """Name what became of all of it: a refused write is never headed as written."""
    done = [one.outcome in _DONE for one in written]
    if all(done):
        return "written"
    if any(done):
        return "in-part"
    unknown = any(one.outcome is Outcome.NOT_KNOWN for one in written)
    return "not-known" if unknown else "refused"


def _mark() -> str:
    return chart_mark(request.headers.get(FORM_TOKEN_HEADER) or request.form[FORM_TOKEN_FIELD])


def _confirmed() -> list[str]:
    confirmed = request.form.getlist(ANSWER_FIELD)
    kinds = {one.partition(".")[0] for one in confirmed}
    if not _FIELDS.issuperset(request.form) or not _KINDS.issuperset(kinds):
        raise LaunchProblem(Problem.FORM_NOT_OURS)
    if request.form.getlist(CONFIRM_FIELD) != [CONFIRMED]:
        raise LaunchProblem(Problem.NOT_CONFIRMED)
    return confirmed
