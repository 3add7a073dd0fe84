"""The options side by side, what is withheld, and what stands beside the pathway."""

from dataclasses import dataclass
from typing import Final

from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import EcogState
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Caution, ChildPughValue, Recommendation, TreatmentOption
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.therapy_names import knowledge_address, therapy_label
from smart_app.page.words import Words

_GENERAL: Final = frozenset({"always", "several-options", "third-line"})
_DANGERS: Final = frozenset({"transplant-rejection-risk", "indication-withdrawn"})


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One item of evidence in a sentence, with its page."""

    id: str
    title: str
    kind: str
    finding: str
    address: str


@dataclass(frozen=True, slots=True)
class FlagView:
    """What qualifies an option for this patient."""

    text: str
    danger: bool


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option with everything that is to be weighed for it."""

    therapy: str
    label: str
    flags: tuple[FlagView, ...]
    reasons: tuple[str, ...]
    dosing: str
    of_this_patient: tuple[Caution, ...]
    cautions: tuple[Caution, ...]
    cost: tuple[Caution, ...]
    evidence: tuple[EvidenceView, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithheldView:
    """A drug of the pathway that is not offered, and why."""

    label: str
    address: str
    answer: str
    because: str


@dataclass(frozen=True, slots=True)
class BesideView:
    """A therapy beside the pathway."""

    label: str
    address: str
    basis: str
    text: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionsView:
    """All of them; ``shared`` are cautions of every option and any patient, said once."""

    options: tuple[OptionView, ...]
    shared: tuple[Caution, ...]
    withheld: tuple[WithheldView, ...]
    beside: tuple[BesideView, ...]


def options_of(chart: AnsweredChart, words: Words) -> OptionsView:
    """Lay out what one document offers, withholds and names beside."""
    document, knowledge = chart.document, chart.knowledge
    shared = _shared(document, knowledge)
    return OptionsView(
        options=tuple(_option(one, chart, shared, words) for one in document.options),
        shared=tuple(shared.values()),
        withheld=tuple(
            WithheldView(
                therapy_label(one.therapy, knowledge),
                knowledge_address(one.therapy, knowledge),
                one.answer,
                one.because,
            )
            for one in document.withheld
        ),
        beside=tuple(
            BesideView(
                therapy_label(one.therapy, knowledge),
                knowledge_address(one.therapy, knowledge),
                words.say(f"basis.{one.basis}"),
                one.text,
                _notices(one.therapy, document),
            )
            for one in document.also_consider
        ),
    )


def _shared(document: Recommendation, knowledge: KnowledgeOnDay) -> dict[str, Caution]:
    """Find the cautions of any patient that every one of several options has."""
    if len(document.options) < 2:  # noqa: PLR2004 - two are several
        return {}
    first, *others = document.options
    cost = _about_cost(knowledge)
    everywhere = [{one.id for one in option.cautions} for option in others]
    return {
        one.id: one
        for one in first.cautions
        if all(one.id in ids for ids in everywhere)
        and one.id not in cost
        and not _is_of_this_patient(one, first.therapy, knowledge)
    }


def _is_of_this_patient(caution: Caution, therapy: str, knowledge: KnowledgeOnDay) -> bool:
    """Whether a caution is said because of what this chart holds."""
    when = {one.id: one.when for one in knowledge.drugs[therapy].cautions}
    when |= {f"caveat-{one.id.lower()}": one.when for one in knowledge.caveats}
    return when.get(caution.id, "always") not in _GENERAL


def _about_cost(knowledge: KnowledgeOnDay) -> frozenset[str]:
    """Name the cautions that the editorial's caveats about cost become."""
    about = (one.id for one in knowledge.caveats if one.concerns == "cost")
    return frozenset(f"caveat-{one.lower()}" for one in about)


def _option(
    option: TreatmentOption, chart: AnsweredChart, shared: dict[str, Caution], words: Words
) -> OptionView:
    knowledge = chart.knowledge
    cost = _about_cost(knowledge)
    own = [one for one in option.cautions if one.id not in shared and one.id not in cost]
    patients = [one for one in own if _is_of_this_patient(one, option.therapy, knowledge)]
    return OptionView(
        therapy=option.therapy,
        label=therapy_label(option.therapy, knowledge),
        flags=tuple(
            FlagView(flag_text(flag, chart.known, chart.document, words), flag in _DANGERS)
            for flag in option.flags
        ),
        reasons=option.reasons,
        dosing=option.dosing,
        of_this_patient=tuple(patients),
        cautions=tuple(one for one in own if one not in patients),
        cost=tuple(one for one in option.cautions if one.id in cost),
        evidence=evidence_views(option.evidence, knowledge),
        notices=_notices(option.therapy, chart.document),
    )


def flag_text(flag: str, known: Assessment, document: Recommendation, words: Words) -> str:
    """Word a flag; what of this patient lies outside the trials is named."""
    if flag != "outside-trial-population":
        return words.name("flag", flag)
    outside = [
        words.say(f"outside.child-pugh-{used.value.child_pugh_class or 'b'}")
        for used in document.inputs
        if isinstance(used.value, ChildPughValue) and used.value.child_pugh_class != "A"
    ]
    if known.findings.ecog is EcogState.TWO:
        outside.append(words.say("outside.ecog-2"))
    return words.say("flag.outside-trial-population", what=", ".join(outside))


def evidence_views(items: tuple[str, ...], knowledge: KnowledgeOnDay) -> tuple[EvidenceView, ...]:
    """Give evidence by its ids, as its files word it; that of the pathway itself last."""
    ordered = sorted(items, key=lambda one: one in knowledge.about.evidence)
    return tuple(
        EvidenceView(
            id=item.id,
            title=item.title,
            kind=item.kind,
            finding="" if item.id in knowledge.about.evidence else item.card_text,
            address=f"/knowledge/evidence/{item.id}",
        )
        for item in (knowledge.evidence[name] for name in ordered)
    )


def _notices(therapy: str, document: Recommendation) -> tuple[str, ...]:
    return tuple(one.text for one in document.notices if one.therapy == therapy)
