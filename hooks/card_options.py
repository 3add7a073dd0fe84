"""The options on the face of the main card: each with what speaks against it, evidence and why."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import ChildPughValue, Recommendation, TreatmentOption
from hooks.card_dangers import marks
from hooks.card_text import CardTexts, markdown_escape
from hooks.suggestions import FLAGS_WITHOUT_ORDER
from hooks.therapy_names import joined, therapy_label

_OUTSIDE_ECOG = 2
_WORDED_KEPT = 1024
_LONGEST_REASON = 400
_REFERENCE = r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}"
_SOURCES = re.compile(rf" \({_REFERENCE}(?:, {_REFERENCE})*(?: and \d+ more| 외 \d+건)?\)")


def options_listed(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    """List the options, each with its dangers, its evidence and why it is offered."""
    options = recommendation.options
    shared = shared_reasons(options)
    for_all = _shared_flags(options)
    lines = [texts.say("section.options" if len(options) > 1 else "section.option"), ""]
    for option in options:
        own = [without_sources(reason) for reason in option.reasons if reason not in shared]
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


def shared_reasons(options: Sequence[TreatmentOption]) -> dict[str, tuple[str, ...]]:
    """Give the reasons that several options have, with the therapies that have them."""
    having: dict[str, tuple[str, ...]] = {}
    for option in options:
        for reason in option.reasons:
            having[reason] = (*having.get(reason, ()), option.therapy)
    return {reason: therapies for reason, therapies in having.items() if len(therapies) > 1}


def without_sources(reason: str) -> str:
    """Leave out the records that a reason names: the table of the data used has them."""
    return markdown_escape(_SOURCES.sub("", reason), _LONGEST_REASON)


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
        by_options.setdefault(therapies, []).append(without_sources(reason))
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
    what = outside_trials(recommendation, texts)
    return texts.say("flag.outside-trial-population", what=what)


def outside_trials(recommendation: Recommendation, texts: CardTexts) -> str:
    """Name what of this patient lies outside the trials."""
    outside = []
    for used in recommendation.inputs:
        if isinstance(used.value, ChildPughValue) and used.value.child_pugh_class != "A":
            outside.append(
                texts.name("outside", f"child-pugh-{used.value.child_pugh_class or 'b'}")
            )
        elif used.input == "ecog" and used.value == _OUTSIDE_ECOG:
            outside.append(texts.say("outside.ecog-2"))
    return ", ".join(outside)


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
        said.append(
            texts.say(
                key,
                title=item.title,
                kind=texts.name("evidence-kind", item.kind),
                enrolled=enrolled,
            )
        )
    return tuple(said)
