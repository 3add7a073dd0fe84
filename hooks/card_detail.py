"""The visible part of the main card: options and why, gaps, and where the advice comes from."""

from collections.abc import Iterable, Sequence

from hcc_pathway.knowledge_base import KnowledgeOnDay
from hcc_pathway.recommendation import Notice, Recommendation, TreatmentOption
from hooks.card_text import CardTexts, markdown_escape
from hooks.situation import situation, stopped_by

_CHANGES_SHOWN = 2
_MISSING_SHOWN = 4


def therapy_label(therapy: str, knowledge: KnowledgeOnDay) -> str:
    """Give the display name of a drug or of a combination that guidelines name."""
    if therapy in knowledge.drugs:
        return knowledge.drugs[therapy].label
    if therapy in knowledge.regimens:
        return knowledge.regimens[therapy].label
    return therapy


def therapy_labels(therapies: Iterable[str], knowledge: KnowledgeOnDay) -> str:
    """Join several names, separated by commas, in the order given."""
    return ", ".join(therapy_label(therapy, knowledge) for therapy in therapies)


def visible_part(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    """Write the paragraphs that stand before the folded tables, as Markdown."""
    paragraphs = [lead(recommendation, texts)]
    if recommendation.options:
        paragraphs.append(_options(recommendation.options, knowledge, texts))
    if recommendation.withheld:
        paragraphs.append(_withheld(recommendation, knowledge, texts))
    if recommendation.also_consider:
        named = "; ".join(
            texts.say(
                "phrase.beside",
                label=therapy_label(beside.therapy, knowledge),
                basis=texts.name("basis", beside.basis),
            )
            for beside in recommendation.also_consider
        )
        paragraphs.append(_headed(texts, "section.beside", named))
    if recommendation.missing:
        paragraphs.append(_headed(texts, "section.missing", _missing_names(recommendation, texts)))
    notices = notices_of_options(recommendation)
    if notices:
        said = " ".join(markdown_escape(notice.text) for notice in notices)
        paragraphs.append(_headed(texts, "section.notices", said))
    if recommendation.what_would_change:
        paragraphs.append(_would_change(recommendation, knowledge, texts))
    return paragraphs


def lead(recommendation: Recommendation, texts: CardTexts, said: str | None = None) -> str:
    """Write the opening sentence, with the line that is being chosen."""
    if said is None:
        said = texts.say(f"lead.{stopped_by(recommendation) or situation(recommendation)}")
    line = texts.name("line", recommendation.line.value)
    return f"{said} **{texts.say('phrase.line', line=line)}**"


def footer(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Say provenance, version, the day of the data, intended use."""
    about = knowledge.about
    said = texts.say(
        "phrase.footer",
        provenance=about.provenance,
        version=recommendation.pathway.version,
        as_of=recommendation.as_of,
        intended_use=about.intended_use,
    )
    return f"*{said}*"


def notices_of_options(recommendation: Recommendation) -> Sequence[Notice]:
    """Give the notices about drugs that are offered; the others are in the folded part."""
    offered = {option.therapy for option in recommendation.options}
    return [notice for notice in recommendation.notices if notice.therapy in offered]


def _options(
    options: Iterable[TreatmentOption], knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    lines = [f"**{texts.say('section.options')}**", ""]
    for option in options:
        flags = ", ".join(texts.name("flag", flag) for flag in option.flags)
        evidence = ", ".join(
            knowledge.evidence[e].title for e in option.evidence if e in knowledge.evidence
        )
        said = texts.say(
            "phrase.option",
            label=therapy_label(option.therapy, knowledge),
            flags=texts.say("phrase.option-flags", flags=flags) if flags else "",
            reasons=" ".join(markdown_escape(reason) for reason in option.reasons),
            evidence=texts.say("phrase.option-evidence", evidence=evidence) if evidence else "",
        )
        lines.append(f"- {said}")
    return "\n".join(lines)


def _withheld(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Name each drug not offered with its reason; those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for withheld in recommendation.withheld:
        by_reason.setdefault(withheld.because, []).append(withheld.therapy)
    said = "; ".join(
        texts.say(
            "phrase.withheld",
            label=therapy_labels(therapies, knowledge),
            because=markdown_escape(because),
        )
        for because, therapies in by_reason.items()
    )
    return _headed(texts, "section.not-offered", said + ".")


def _missing_names(recommendation: Recommendation, texts: CardTexts) -> str:
    names = [texts.name("input", wanted.input) for wanted in recommendation.missing]
    return ", ".join(names) + "."


def _would_change(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    changes = recommendation.what_would_change
    said = "; ".join(
        texts.say(
            "phrase.would-change",
            condition=markdown_escape(change.condition),
            therapies=therapy_labels(change.then, knowledge),
        )
        for change in changes[:_CHANGES_SHOWN]
    )
    if len(changes) > _CHANGES_SHOWN:
        said += "; " + texts.say("phrase.more", count=len(changes) - _CHANGES_SHOWN)
    return _headed(texts, "section.would-change", said + ".")


def _headed(texts: CardTexts, heading: str, said: str) -> str:
    return f"**{texts.say(heading)}:** {said}"
