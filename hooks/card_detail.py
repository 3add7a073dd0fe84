"""The visible part of the main card: options and why, gaps, and where the advice comes from."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import (
    ChildPughValue,
    Notice,
    Recommendation,
    TreatmentOption,
)
from hooks.card_beside import beside
from hooks.card_changes import would_change
from hooks.card_dangers import marks
from hooks.card_status import gaps, status_line
from hooks.card_text import CardTexts, knowledge_markdown, markdown_escape
from hooks.situation import situation, stopped_by
from hooks.suggestions import FLAGS_WITHOUT_ORDER
from hooks.therapy_names import joined, therapy_label, therapy_labels

_OUTSIDE_ECOG = 2
_WORDED_KEPT = 1024
_LONGEST_REASON = 400
_REFERENCE = r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}"
_SOURCES = re.compile(rf" \({_REFERENCE}(?:, {_REFERENCE})*(?: and \d+ more)?\)")


def visible_part(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    """Write the paragraphs that stand before the folded tables, as Markdown."""
    options, stopped = recommendation.options, stopped_by(recommendation)
    paragraphs = [status_line(recommendation, texts), lead(recommendation, texts)]
    if options:
        paragraphs.append(_options(recommendation, knowledge, texts))
    withdrawals = _withdrawals(recommendation, knowledge)
    if withdrawals:
        paragraphs.append(withdrawals)
    if recommendation.withheld and stopped is None:
        said = not_offered(recommendation, knowledge, texts)
        paragraphs.append(texts.say("section.not-offered", said=said))
    if recommendation.also_consider:
        paragraphs.append(beside(recommendation, knowledge, texts))
    paragraphs.append(gaps(recommendation, knowledge, texts))
    paragraphs.append(would_change(recommendation, knowledge, texts))
    others = [one.because for one in recommendation.ignored if not one.source]
    paragraphs += [texts.say("phrase.other-patients", records=said) for said in others]
    return paragraphs


def lead(recommendation: Recommendation, texts: CardTexts, said: str | None = None) -> str:
    """Write the opening sentence; where there are options, with the line that is chosen."""
    if said is not None:
        return said
    stopped = stopped_by(recommendation)
    opening = texts.say(f"lead.{stopped or situation(recommendation)}")
    if stopped:
        return f"{opening} {texts.say('phrase.stops-all')}"
    if not recommendation.options:
        return opening
    line = texts.name("line", recommendation.line.value)
    return f"{opening} {texts.say('phrase.line', line=line)}"


def footer(recommendation: Recommendation, texts: CardTexts) -> str:
    """Say provenance and strength of evidence, version, the day of the data, intended use."""
    strength = texts.say(
        "phrase.strength-options" if recommendation.options else "phrase.strength"
    )
    said = texts.say(
        "phrase.footer", version=recommendation.pathway.version, as_of=recommendation.as_of
    )
    return f"{strength}\n\n*{said}*"


def shared_reasons(options: Sequence[TreatmentOption]) -> dict[str, tuple[str, ...]]:
    """Give the reasons that several options have, with the therapies that have them."""
    having: dict[str, tuple[str, ...]] = {}
    for option in options:
        for reason in option.reasons:
            having[reason] = (*having.get(reason, ()), option.therapy)
    return {reason: therapies for reason, therapies in having.items() if len(therapies) > 1}


def not_offered(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    """Name each drug not offered with its reason; those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for withheld in recommendation.withheld:
        by_reason.setdefault(withheld.because, []).append(withheld.therapy)
    return "; ".join(
        texts.say(
            "phrase.withheld",
            label=therapy_labels(therapies, knowledge),
            because=_without_sources(because),
        )
        for because, therapies in by_reason.items()
    )


def _without_sources(reason: str) -> str:
    """Leave out the records that a reason names: the table of the data used has them."""
    return markdown_escape(_SOURCES.sub("", reason), _LONGEST_REASON)


def _options(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    options = recommendation.options
    shared = shared_reasons(options)
    for_all = _shared_flags(options)
    lines = [texts.say("section.options" if len(options) > 1 else "section.option"), ""]
    for option in options:
        own = [_without_sources(reason) for reason in option.reasons if reason not in shared]
        said = texts.say(
            "phrase.option" if own else "phrase.option-without-reasons",
            label=therapy_label(option.therapy, knowledge),
            marks="; ".join(_marks(option, recommendation, knowledge, texts, for_all)),
            reasons="; ".join(own),
        )
        lines.append(f"- {said}")
    outside = [flag_words(flag, recommendation, texts) for flag in sorted(for_all)]
    several = _for_several(
        shared, outside, tuple(one.therapy for one in options), knowledge, texts
    )
    if several:
        lines += ["", " ".join(several)]
    return "\n".join(lines)


def _for_several(
    shared: dict[str, tuple[str, ...]],
    flags: list[str],
    everyone: tuple[str, ...],
    knowledge: KnowledgeOnDay,
    texts: CardTexts,
) -> list[str]:
    """Write what holds for several options once: reasons of the same options, flags of all."""
    by_options: dict[tuple[str, ...], list[str]] = {}
    for reason, therapies in shared.items():
        by_options.setdefault(therapies, []).append(_without_sources(reason))
    if flags:
        by_options[everyone] = by_options.get(everyone, []) + flags
    return [
        texts.say("phrase.for-all", reasons="; ".join(said))
        if therapies == everyone
        else texts.say(
            "phrase.for-several",
            drugs=joined(therapies, knowledge, texts),
            reasons="; ".join(said),
        )
        for therapies, said in by_options.items()
    ]


def _shared_flags(options: Sequence[TreatmentOption]) -> AbstractSet[str]:
    """Give the flags that each of several options has."""
    if len(options) == 1:
        return frozenset()
    return frozenset.intersection(*(frozenset(option.flags) for option in options))


def _marks(
    option: TreatmentOption,
    recommendation: Recommendation,
    knowledge: KnowledgeOnDay,
    texts: CardTexts,
    for_all: AbstractSet[str],
) -> list[str]:
    """List what stands beside the name: dangers, other flags, the evidence."""
    cautions = marks(option, recommendation, knowledge, texts)
    others: list[str] = []
    for flag in option.flags:
        if flag in for_all:
            continue
        words = flag_words(flag, recommendation, texts)
        (cautions if flag in FLAGS_WITHOUT_ORDER else others).append(words)
    return [*cautions, *others, *_evidence(option.evidence, knowledge, texts)]


def flag_words(flag: str, recommendation: Recommendation, texts: CardTexts) -> str:
    """Word a flag; what lies outside the trials is named."""
    if flag != "outside-trial-population":
        return texts.name("flag", flag)
    outside = []
    for used in recommendation.inputs:
        if isinstance(used.value, ChildPughValue) and used.value.child_pugh_class != "A":
            outside.append(
                texts.name("outside", f"child-pugh-{used.value.child_pugh_class or 'b'}")
            )
        elif used.input == "ecog" and used.value == _OUTSIDE_ECOG:
            outside.append(texts.say("outside.ecog-2"))
    return texts.say("flag.outside-trial-population", what=", ".join(outside))


@lru_cache(_WORDED_KEPT)
def _evidence(
    evidence: tuple[str, ...], knowledge: KnowledgeOnDay, texts: CardTexts
) -> tuple[str, ...]:
    """Name the studies behind an option with their kind and whom they enrolled."""
    of_pathway = knowledge.about.evidence
    said = []
    for item_id in evidence:
        item = knowledge.evidence[item_id]
        if item_id in of_pathway or not item.card_text:
            continue
        enrolled = texts.sentences.get(f"enrolled.{item_id}")
        key = "phrase.evidence-enrolled" if enrolled else "phrase.evidence"
        said.append(texts.say(key, title=item.title, kind=item.kind, enrolled=enrolled))
    return tuple(said)


def _withdrawals(recommendation: Recommendation, knowledge: KnowledgeOnDay) -> str:
    """Give the notices that an indication was withdrawn, of options and of weak suggestions."""
    named = {option.therapy for option in recommendation.options}
    named |= {one.therapy for one in recommendation.also_consider if one.basis == "evidence"}
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
