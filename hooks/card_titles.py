"""The title of a card (``summary``): what is offered, and what to check before relying on it."""

from hcc_pathway.explanation.afp_check import afp_check
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hooks.card_dangers import dangers
from hooks.card_frame import LONGEST_SUMMARY, cut
from hooks.card_gaps import unconfirmed
from hooks.card_options import outside_trials
from hooks.card_text import CardTexts
from hooks.situation import others_records, situation, stopped_by
from hooks.therapy_names import therapy_label

# what may stand in a title, the gravest first; as many as there is room for
_CHECKS = (
    "indication-withdrawn",
    "outside-trial-population",
    "liver-function-unconfirmed",
    "stale-afp",
    "exposure-windows-disagree",
    "prior-lines-unconfirmed",
    "performance-status-unconfirmed",
    "stale-liver-function",
    "stale-performance-status",
)


def title(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Write the title of the main card."""
    if not recommendation.options:
        return cut(_without_options(recommendation, texts))
    drugs = [option.therapy for option in recommendation.options]
    said = texts.say(
        "summary.options" if len(drugs) > 1 else "summary.one-option",
        line=texts.name("line", recommendation.line.value),
        options=", ".join(therapy_label(drug, knowledge).lower() for drug in drugs),
    )
    named: list[str] = []
    for check in _checks(recommendation, knowledge, texts):
        longer = texts.say("summary.check", summary=said, checks=", ".join([*named, check]))
        if len(longer) <= LONGEST_SUMMARY:
            named.append(check)
    return (
        texts.say("summary.check", summary=said, checks=", ".join(named)) if named else cut(said)
    )


def _checks(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    found: list[str] = []
    if others_records(recommendation):
        found.append(texts.say("check.other-patients"))
    if recommendation.conflicts:
        found.append(texts.say("check.conflict"))
    found += [
        texts.say(f"warning.{danger.circumstance}")
        for option in recommendation.options
        for danger in dangers(option, recommendation, knowledge)
    ]
    flags = {flag for option in recommendation.options for flag in option.flags}
    for flag in _CHECKS:
        if flag not in flags:
            continue
        if flag == "outside-trial-population":
            found.append(outside_trials(recommendation, texts))
        else:
            found.append(texts.say(f"check.{flag}"))
    of_afp = afp_check(recommendation)
    if of_afp is not None:
        found.append(texts.say(f"check.{of_afp}"))
    if "progression" in unconfirmed(recommendation):
        found.append(texts.say("check.confirm-progression"))
    return list(dict.fromkeys(found))


def _without_options(recommendation: Recommendation, texts: CardTexts) -> str:
    stop = stopped_by(recommendation)
    if stop is not None:
        return texts.say(f"summary.{stop}")
    key = f"summary.{situation(recommendation)}"
    if key in texts.sentences:
        return texts.say(key)
    if recommendation.line.value == "beyond-third":
        return texts.say("summary.line")
    line = texts.name("line", recommendation.line.value)
    return texts.say("summary.nothing", line=line)
