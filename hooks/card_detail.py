"""The visible part of the main card: options and why, gaps, and where the advice comes from."""

from collections.abc import Iterable
from functools import lru_cache

from fhir_mappings.chart.record import KEYS
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import (
    Notice,
    PatientClass,
    Recommendation,
)
from hooks.card_beside import beside
from hooks.card_gaps import open_questions
from hooks.card_options import options_listed, without_sources
from hooks.card_status import status_line
from hooks.card_text import CardTexts, knowledge_markdown
from hooks.situation import others_records, situation, stopped_by, therapies_beside
from hooks.therapy_names import therapy_labels

_WORDED_KEPT = 1024


def visible_part(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts, opening: str
) -> list[str]:
    """Write the paragraphs that stand before the folded tables, as Markdown.

    What could be another patient's comes first, then what is offered and what speaks against it.
    """
    options = recommendation.options
    others = others_records(recommendation)
    paragraphs = [texts.say("phrase.other-patients", records=said) for said in others]
    paragraphs += _not_read(recommendation, texts)
    paragraphs += [status_line(recommendation, knowledge, texts), opening]
    if options:
        paragraphs.append(options_listed(recommendation, knowledge, texts))
    paragraphs += [
        _withdrawals(recommendation, {one.therapy for one in options}, knowledge),
        *open_questions(recommendation, knowledge, texts),
        not_offered(recommendation, knowledge, texts),
    ]
    if recommendation.also_consider:
        weak = therapies_beside(recommendation, "evidence")
        said = beside(recommendation, knowledge, texts)
        paragraphs.append(f"{said} {_withdrawals(recommendation, weak, knowledge)}".rstrip())
    return [paragraph for paragraph in paragraphs if paragraph]


def _not_read(recommendation: Recommendation, texts: CardTexts) -> list[str]:
    """Name each part of the chart that was not had, so that nobody takes it for empty."""
    by_reason: dict[str, list[str]] = {}
    for one in recommendation.ignored:
        if one.source in KEYS:
            by_reason.setdefault(one.because, []).append(one.source)
    return [
        texts.say("section.not-read", parts=", ".join(parts), because=because)
        for because, parts in by_reason.items()
    ]


def lead(recommendation: Recommendation, texts: CardTexts) -> str:
    """Write the opening sentence: the situation as recorded, or what stops every drug."""
    stopped = stopped_by(recommendation)
    opening = texts.say(f"lead.{stopped or situation(recommendation)}")
    if stopped:
        return f"{opening} {texts.say('phrase.stops-all')}"
    if recommendation.options or recommendation.patient_class is PatientClass.UNDETERMINED:
        return opening
    return f"{opening} {texts.say('phrase.pathway-ends')}"


def footer(recommendation: Recommendation, texts: CardTexts) -> str:
    """Say provenance and strength of evidence, version, the day of the data, intended use."""
    strength = texts.say(
        "phrase.strength-options" if recommendation.options else "phrase.strength"
    )
    said = texts.say(
        "phrase.footer", version=recommendation.pathway.version, as_of=recommendation.as_of
    )
    return f"{strength}\n\n*{said}*"


def not_offered(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    """Name each drug not offered with its reason; those with the same reason together.

    "" where one thing stops all drugs, which the opening says. A drug that stands beside the
    pathway by its approval is named there alone; the folded table has every reason.
    """
    if stopped_by(recommendation) is not None:
        return ""
    approved = therapies_beside(recommendation, "label")
    by_reason: dict[str, list[str]] = {}
    for withheld in recommendation.withheld:
        if withheld.therapy in approved:
            continue
        by_reason.setdefault(withheld.because, []).append(withheld.therapy)
    said = [
        texts.say(
            "phrase.withheld",
            label=therapy_labels(therapies, knowledge),
            because=without_sources(because),
        )
        for because, therapies in by_reason.items()
    ]
    return texts.say("section.not-offered", said="; ".join(said)) if said else ""


def _withdrawals(
    recommendation: Recommendation, named: Iterable[str], knowledge: KnowledgeOnDay
) -> str:
    """Give the notices that the indication of a named drug was withdrawn."""
    return _withdrawals_worded(recommendation.notices, frozenset(named), knowledge)


@lru_cache(_WORDED_KEPT)
def _withdrawals_worded(
    notices: tuple[Notice, ...], named: frozenset[str], knowledge: KnowledgeOnDay
) -> str:
    withdrawn = {notice.id for notice in knowledge.all_notices if notice.kind == "withdrawal"}
    return " ".join(
        knowledge_markdown(notice.text)
        for notice in notices
        if notice.therapy in named and notice.id in withdrawn
    )
