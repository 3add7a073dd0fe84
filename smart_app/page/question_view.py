"""The questions that decide, in the clinician's words: those of ``missing``, and all others.

Which are asked is read off the documents: what the chart alone leaves missing stays visible with
the answer that was given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hcc_pathway.answer import Answer
from hcc_pathway.findings.findings import LastLine, SorafenibCourse
from hcc_pathway.recommendation import MissingInput
from smart_app.page.answer_form import refusals
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.therapy_names import therapy_labels
from smart_app.page.words import Words

_YES_NO: Final = ("yes", "no")
_GRADES: Final = ("none", "mild", "moderate", "severe")
_KINDS: Final = {
    "progressed": "choice",
    "not_tolerated": "choice",
    "took_minimum_dose": "choice",
    "no_other_lines": "choice",
    "is_hcc": "choice",
    "ascites": "choice",
    "encephalopathy": "choice",
    "child_pugh": "choice",
    "ecog": "choice",
    "afp_ng_per_ml": "number",
    "bilirubin_mg_per_dl": "number",
    "albumin_g_per_dl": "number",
    "inr": "number",
}
_UNITS: Final = {
    "afp_ng_per_ml": "ng/mL",
    "bilirubin_mg_per_dl": "mg/dL",
    "albumin_g_per_dl": "g/dL",
}
# the fields that answer each input of ``missing``, in the order in which they are asked
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "diagnosis": ("is_hcc",),
    "progression": ("progressed", "progressed_on"),
    "sorafenib-intolerance": ("not_tolerated", "stopped_on"),
    "sorafenib-exposure": ("took_minimum_dose",),
    "prior-lines": ("no_other_lines",),
    "alpha-fetoprotein": ("afp_ng_per_ml", "afp_on"),
    "child-pugh": (
        "bilirubin_mg_per_dl",
        "albumin_g_per_dl",
        "inr",
        "laboratory_on",
        "ascites",
        "encephalopathy",
        "child_pugh",
    ),
    "ecog": ("ecog",),
}
# the components are asked for as one question, and only those that are missing
_COMPONENTS: Final = {
    "bilirubin": "bilirubin_mg_per_dl",
    "albumin": "albumin_g_per_dl",
    "inr": "inr",
    "ascites": "ascites",
    "encephalopathy": "encephalopathy",
}
_MEASURED_FIELDS: Final = frozenset({"bilirubin_mg_per_dl", "albumin_g_per_dl", "inr"})
# days without which a supposition is as good, and what no supposition is about
_NOT_TRIED: Final = frozenset({"stopped_on", "afp_on", "laboratory_on", "no_other_lines"})
_SAID_BY_THE_QUESTION: Final = frozenset({"progression", "sorafenib-intolerance", "diagnosis"})
_TAKEN: Final = ("sorafenib_from", "sorafenib_to")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: a choice, a number or a day, with what was sent and what is wrong with it."""

    name: str
    kind: str
    label: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    unit: str
    value: str
    refused: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question with its fields; without fields it cannot be answered on the page."""

    input: str
    ask: str
    decides: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class QuestionsView:
    """What is asked, and what else may be answered."""

    asked: tuple[QuestionView, ...]
    others: tuple[QuestionView, ...]
    refused: tuple[str, ...]
    any_answer: bool


def questions_of(
    chart: AnsweredChart,
    words: Words,
    values: Mapping[str, str],
    refused: Mapping[str, str],
) -> QuestionsView:
    """Lay out the questions of one chart; ``values`` are what the fields hold, by name."""
    fields = _Fields(words, values, refused, after_another_drug=_after_another_drug(chart))
    missing = {one.input: one for one in (*chart.of_the_chart.missing, *chart.document.missing)}
    asked = [
        _question(name, names, missing, fields, chart)
        for name in _FIELDS
        if (names := _asked_fields(name, missing, chart)) is not None
    ]
    there = {one.name for question in asked for one in question.fields}
    rest = {name: [one for one in names if one not in there] for name, names in _FIELDS.items()}
    return QuestionsView(
        asked=tuple(asked),
        others=tuple(
            QuestionView(name, "", "", tuple(fields.of(names)))
            for name, names in rest.items()
            if names
        ),
        refused=refusals(refused, words),
        any_answer=bool(chart.answers),
    )


def fields_for_trying(chart: AnsweredChart, words: Words) -> tuple[QuestionView, ...]:
    """Give every field of what-if, empty: only what is filled in is supposed."""
    fields = _Fields(words, {}, {}, after_another_drug=_after_another_drug(chart))
    names = [name for one in _FIELDS.values() for name in one if name not in _NOT_TRIED]
    return (QuestionView("", "", "", tuple(fields.of(names))),)


def _asked_fields(
    name: str, missing: Mapping[str, MissingInput], chart: AnsweredChart
) -> tuple[str, ...] | None:
    """Name the fields of a question, none where only the chart can tell; None: not asked."""
    answered = tuple(one for one in _FIELDS[name] if one in chart.answers.given)
    if name == "child-pugh":
        return _liver_fields(missing, answered)
    if name == "sorafenib-exposure":
        return _sorafenib_fields(missing, chart)
    return _FIELDS[name] if name in missing or answered else None


def _liver_fields(
    missing: Mapping[str, MissingInput], answered: tuple[str, ...]
) -> tuple[str, ...] | None:
    wanted = {field for name, field in _COMPONENTS.items() if name in missing} | {*answered}
    if not wanted and "child-pugh" not in missing:
        return None
    if wanted & _MEASURED_FIELDS:
        wanted.add("laboratory_on")
    wanted.add("child_pugh")
    return tuple(field for field in _FIELDS["child-pugh"] if field in wanted)


def _sorafenib_fields(
    missing: Mapping[str, MissingInput], chart: AnsweredChart
) -> tuple[str, ...] | None:
    """Ask for the dose beside the reason of the stop: both are tolerance."""
    course, given = chart.known.findings.sorafenib, chart.answers.given
    if course is SorafenibCourse.ALLERGY_ONLY or "sorafenib_from" in given:
        return _TAKEN
    if course is SorafenibCourse.COMBINED:
        return () if "sorafenib-exposure" in missing else None
    open_dose = chart.known.findings.exposure is not Answer.MET
    beside = "sorafenib-intolerance" in missing and open_dose
    asked = "sorafenib-exposure" in missing or beside or "took_minimum_dose" in given
    return _FIELDS["sorafenib-exposure"] if asked else None


def _question(
    name: str,
    names: tuple[str, ...],
    missing: Mapping[str, MissingInput],
    fields: "_Fields",
    chart: AnsweredChart,
) -> QuestionView:
    parts = [name, *_COMPONENTS] if name == "child-pugh" else [name]
    wanted = [missing[part] for part in parts if part in missing]
    decides = sorted({drug for one in wanted for drug in one.would_decide})
    words, labels = fields.words, therapy_labels(decides, chart.knowledge)
    return QuestionView(
        input=name,
        ask=wanted[0].ask if wanted and _says_more(name, names, chart) else "",
        decides=words.say("question.decides", drugs=words.listed(labels)) if labels else "",
        fields=tuple(fields.of(names)),
    )


def _says_more(name: str, names: tuple[str, ...], chart: AnsweredChart) -> bool:
    """Whether the document's request says what the question itself does not."""
    if not names or name not in _SAID_BY_THE_QUESTION:
        return True
    return name == "progression" and chart.known.findings.progression_old


def _after_another_drug(chart: AnsweredChart) -> bool:
    return chart.known.treatment.last_line not in {LastLine.NONE, LastLine.SORAFENIB}


@dataclass(frozen=True, slots=True)
class _Fields:
    """Makes the views of fields."""

    words: Words
    values: Mapping[str, str]
    refused: Mapping[str, str]
    after_another_drug: bool

    def of(self, names: Iterable[str]) -> list[FieldView]:
        return [self._field(name) for name in names]

    def _field(self, name: str) -> FieldView:
        words, kind = self.words, _KINDS.get(name, "day")
        label = "progressed-last" if name == "progressed" and self.after_another_drug else name
        because = self.refused.get(name, "")
        unit = _UNITS.get(name, "")
        return FieldView(
            name=name,
            kind=kind,
            label=words.say(f"question.{label}"),
            hint=words.sentences.get(f"question.{name}-hint", ""),
            choices=tuple(self._choices(name)) if kind == "choice" else (),
            unit=unit,
            value=self.values.get(name, ""),
            refused=words.say(f"refused.{because}") if because else "",
        )

    def _choices(self, name: str) -> list[tuple[str, str]]:
        say = self.words.say
        if name in {"ascites", "encephalopathy"}:
            return [(grade, say(f"question.grade-{grade}")) for grade in _GRADES]
        if name == "child_pugh":
            return [(letter, letter) for letter in "ABC"]
        if name == "ecog":
            return [(str(grade), say(f"question.ecog-{grade}")) for grade in range(5)]
        return [(answer, say(f"question.{answer}")) for answer in _YES_NO]
