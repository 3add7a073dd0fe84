"""The visible part of the main card: options and why, gaps, and where the advice comes from."""

from collections.abc import Iterable, Sequence

from hcc_pathway.knowledge_base import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation, TreatmentOption
from hooks.card_text import CardTexts, knowledge_markdown, markdown_escape
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
        withdrawals = _withdrawals(recommendation, knowledge)
        if withdrawals:
            paragraphs.append(_headed(texts, "section.notices", " ".join(withdrawals)))
    if recommendation.withheld:
        paragraphs.append(_withheld(recommendation, knowledge, texts))
    if recommendation.also_consider:
        paragraphs.append(_beside(recommendation, knowledge, texts))
    if recommendation.missing:
        paragraphs.append(_headed(texts, "section.missing", _missing_names(recommendation, texts)))
    if recommendation.what_would_change:
        paragraphs.append(_would_change(recommendation, knowledge, texts))
    return paragraphs


def lead(recommendation: Recommendation, texts: CardTexts, said: str | None = None) -> str:
    """Write the opening sentence, with the line that is being chosen."""
    if said is None:
        said = texts.say(f"lead.{stopped_by(recommendation) or situation(recommendation)}")
    line = texts.name("line", recommendation.line.value)
    return f"{said} **{texts.say('phrase.line', line=line)}**"


def footer(recommendation: Recommendation, texts: CardTexts) -> str:
    """Say provenance, version, the day of the data, intended use."""
    said = texts.say(
        "phrase.footer", version=recommendation.pathway.version, as_of=recommendation.as_of
    )
    return f"*{said}*"


def shared_reasons(options: Sequence[TreatmentOption]) -> tuple[str, ...]:
    """Give the reasons that every one of several options has, in their order."""
    if len(options) == 1:
        return ()
    return tuple(
        reason
        for reason in options[0].reasons
        if all(reason in option.reasons for option in options[1:])
    )


def _options(
    options: Sequence[TreatmentOption], knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    shared = shared_reasons(options)
    lines = [f"**{texts.say('section.options')}**", ""]
    for option in options:
        flags = [texts.name("flag", flag) for flag in option.flags]
        own = [markdown_escape(reason) for reason in option.reasons if reason not in shared]
        said = texts.say(
            "phrase.option" if own else "phrase.option-without-reasons",
            label=therapy_label(option.therapy, knowledge),
            marks="; ".join([*flags, *_evidence_marks(option, knowledge, texts)]),
            reasons="; ".join(own),
        )
        lines.append(f"- {said}")
    if shared:
        reasons = "; ".join(markdown_escape(reason) for reason in shared)
        lines += ["", texts.say("phrase.for-all", reasons=reasons) + "."]
    return "\n".join(lines)


def _evidence_marks(
    option: TreatmentOption, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    """Name the studies behind an option with their kind: how strong the evidence is."""
    of_pathway = knowledge.about.evidence
    cited = (knowledge.evidence[item] for item in option.evidence if item not in of_pathway)
    return [
        texts.say("phrase.evidence", title=item.title, kind=item.kind)
        for item in cited
        if item.card_text
    ]


def _withdrawals(recommendation: Recommendation, knowledge: KnowledgeOnDay) -> list[str]:
    """Give the notices that an option's indication was withdrawn; the others are folded."""
    offered = {option.therapy for option in recommendation.options}
    withdrawn = {notice.id for notice in knowledge.all_notices if notice.kind == "withdrawal"}
    return [
        knowledge_markdown(notice.text)
        for notice in recommendation.notices
        if notice.therapy in offered and notice.id in withdrawn
    ]


def _beside(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    by_basis: dict[str, list[str]] = {}
    for beside in recommendation.also_consider:
        by_basis.setdefault(beside.basis, []).append(beside.therapy)
    said = "; ".join(
        texts.say(
            "phrase.beside",
            basis=texts.name("basis", basis),
            labels=therapy_labels(therapies, knowledge),
        )
        for basis, therapies in by_basis.items()
    )
    return _headed(texts, "section.beside", said + ".")


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
