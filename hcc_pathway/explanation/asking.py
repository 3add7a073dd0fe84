"""What to ask and what would change, in sentences."""

from collections.abc import Callable, Mapping

from hcc_pathway.decision.counterfactuals import Change, Effect
from hcc_pathway.decision.decision import Decision, Question, Standing
from hcc_pathway.explanation.naming import name_components, say_day
from hcc_pathway.explanation.reasons import exposure_sentence, last_line_named, undecided_exposure
from hcc_pathway.explanation.stated import stated_incomplete
from hcc_pathway.explanation.wording import say, say_id, say_list
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import AfpState, HistoryState, SorafenibCourse
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import MissingInput, WhatWouldChange


def missing_of(
    decision: Decision, known: Assessment, knowledge: KnowledgeOnDay
) -> tuple[MissingInput, ...]:
    """Word every question; Child-Pugh brings a question for each component that is not known."""
    asked: list[MissingInput] = []
    for question in decision.questions:
        components: list[MissingInput] = []
        if question.input == "child-pugh":
            components = _components(question, known, knowledge)
        certain = known.liver.child_pugh.child_pugh_class is not None
        if not (components and certain):  # old components alone are asked for by themselves
            ask = _ask(question, decision, known, knowledge)
            asked.append(
                MissingInput(input=question.input, ask=ask, would_decide=question.would_decide)
            )
        asked += components
    return tuple(sorted(asked, key=lambda one: one.input))


def _components(
    question: Question, known: Assessment, knowledge: KnowledgeOnDay
) -> list[MissingInput]:
    """A17, A31: ask for components that are open, and again for those that are old."""
    found = known.liver.child_pugh
    open_ones = found.missing if found.child_pugh_class is None else ()
    days = knowledge.parameter("fresh-days")
    asks = {name: say_id(f"ask-{name}-again", days=days) for name in found.aged_components}
    asks |= {name: say_id(f"ask-{name}") for name in open_ones}
    return [
        MissingInput(input=name, ask=ask, would_decide=question.would_decide)
        for name, ask in asks.items()
    ]


def _ask(
    question: Question, decision: Decision, known: Assessment, knowledge: KnowledgeOnDay
) -> str:
    worded = _ASKS.get(question.input)
    if worded is None:
        return say_id(f"ask-{question.input}")
    return worded(decision, known, knowledge)


def _ask_child_pugh(_: Decision, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    found = known.liver.child_pugh
    if found.child_pugh_class is not None or not found.missing:
        return say_id("ask-child-pugh-again", days=knowledge.parameter("fresh-days"))
    return say_id("ask-child-pugh", components=name_components(found.missing))


def _ask_ecog(_: Decision, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    if known.performance.conflict is not None:
        return say(known.performance.conflict)
    days = knowledge.parameter("fresh-days")
    return say_id("ask-ecog-again" if known.performance.readings else "ask-ecog", days=days)


def _ask_prior_lines(_: Decision, known: Assessment, __: KnowledgeOnDay) -> str:
    history = known.treatment.history
    if stated_incomplete(known.case) is not None:
        return say_id("ask-prior-lines-stated")
    if history.failed:
        return say_id("ask-prior-lines-source", sources=say_list(history.failed))
    if known.findings.history is HistoryState.UNCONFIRMED:
        return say_id("ask-prior-lines-undated", drugs=say_list(history.undated))
    return say_id("ask-prior-lines")


def _ask_afp(_: Decision, known: Assessment, __: KnowledgeOnDay) -> str:
    if known.afp.state is AfpState.UNKNOWN:
        return say_id("ask-alpha-fetoprotein", because=say(known.afp.because))
    reading = known.afp.readings[0]
    age = (known.on - reading.recorded_on).days
    return say_id("ask-alpha-fetoprotein-again", day=reading.recorded_on, age=age)


def _ask_progression(decision: Decision, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    if decision.standing is Standing.LATER_END_UNEXPLAINED:
        return say_id("ask-progression-of-last-line", drugs=last_line_named(known))
    event = known.treatment.progression
    if known.findings.progression_old and event is not None:
        days = knowledge.parameter("progression-old-days")
        return say_id("ask-progression-old", day=say_day(event.day), days=days)
    return say_id("ask-progression")


def _ask_exposure(_: Decision, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    if known.findings.sorafenib is SorafenibCourse.ALLERGY_ONLY:
        return say_id("ask-sorafenib-taken")
    if known.findings.sorafenib is SorafenibCourse.COMBINED:
        partners = known.treatment.history.sorafenib.partners
        if partners:
            return say_id("ask-sorafenib-alone-partners", drugs=say_list(partners))
        return say_id("ask-sorafenib-alone")
    because = exposure_sentence(undecided_exposure(known), known, knowledge)
    return say_id("ask-sorafenib-exposure", because=because)


_ASKS: Mapping[str, Callable[[Decision, Assessment, KnowledgeOnDay], str]] = {
    "alpha-fetoprotein": _ask_afp,
    "child-pugh": _ask_child_pugh,
    "ecog": _ask_ecog,
    "prior-lines": _ask_prior_lines,
    "progression": _ask_progression,
    "sorafenib-exposure": _ask_exposure,
}


def change_of(effect: Effect, known: Assessment, knowledge: KnowledgeOnDay) -> WhatWouldChange:
    """Word one smallest set of changes; a drug of ``then`` that is an option now is lost by it."""
    conditions = say_id("changes-together").join(
        _condition(change, known, knowledge) for change in effect.changes
    )
    return WhatWouldChange(
        condition=conditions,
        then=tuple(sorted((*effect.appear, *effect.disappear))),
    )


def _condition(change: Change, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    state = change.state
    if change.input == "alpha-fetoprotein" and not known.site.afp_inclusive:
        state = {"at-least-400": "above-400", "below-400": "not-above-400"}[state]
    if change.input == "alpha-fetoprotein" and known.findings.afp_aged:
        state = f"again-{state}"
    return say_id(
        f"change-{change.input}-{state}",
        threshold=knowledge.parameter("afp-threshold-ng-per-ml"),
        dose=knowledge.parameter("sorafenib-minimum-mg-per-day"),
        needed=knowledge.parameter("sorafenib-minimum-days"),
        window=knowledge.parameter("sorafenib-window-days"),
        drugs=last_line_named(known),
    )
