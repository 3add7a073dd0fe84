"""The answer for one patient on one day: ``select`` assembles the recommendation document."""

from collections.abc import Iterator, Sequence
from datetime import date

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, PatientCase
from hcc_pathway.clinician_answers.contradictions import contradictions_of, superseded_by_answers
from hcc_pathway.decision.counterfactuals import what_would_change
from hcc_pathway.decision.decision import Decision, Offer
from hcc_pathway.decision.pathway import decide
from hcc_pathway.explanation.asking import change_of, missing_of
from hcc_pathway.explanation.drug_warnings import (
    DrugTexts,
    circumstances,
    dosing_of,
    drug_texts,
)
from hcc_pathway.explanation.inputs_used import inputs_of
from hcc_pathway.explanation.reasons import because, conflicts_of, reasons_of
from hcc_pathway.explanation.wording import say, say_id, speaking
from hcc_pathway.findings.assessment import Assessment, assess
from hcc_pathway.findings.latest import Timed, latest, usable
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import (
    Conflict,
    Ignored,
    Notice,
    Recommendation,
    TreatmentOption,
    Withheld,
)
from hcc_pathway.site_policy import SitePolicy

_DEFAULT_POLICY = SitePolicy()

_NOT_READ = frozenset({Availability.FAILED, Availability.TRUNCATED, Availability.NOT_OFFERED})


def select(
    case: PatientCase, knowledge: KnowledgeOnDay, *, on: date, site: SitePolicy = _DEFAULT_POLICY
) -> Recommendation:
    """Say what the pathway offers a patient on a day, why, and what is missing.

    Pure: equal cases, knowledge, day and policy give equal documents. ``knowledge`` is that of
    the day, in the language of its texts; values are in the units of ``case.Reading``. Nothing
    is ranked (S2, A11, A12).
    """
    with speaking(knowledge.language):
        return _selected(case, knowledge, on, site)


def _selected(
    case: PatientCase, knowledge: KnowledgeOnDay, on: date, site: SitePolicy
) -> Recommendation:
    known = assess(case, knowledge, on, site)
    decision = decide(known.findings)
    holding = circumstances(known.findings, decision, known.concerns)
    texts = drug_texts(knowledge)
    effects = what_would_change(known.findings)
    recorded = None
    if case.answered is not None:
        recorded = assess(case.answered.recorded, knowledge, on, site)
    return Recommendation(
        pathway=knowledge.pathway,
        as_of=on,
        patient_class=decision.patient_class,
        line=decision.line,
        options=tuple(
            _option(offer, decision, known, holding, texts) for offer in decision.offers
        ),
        also_consider=tuple(texts.also(one, holding) for one in decision.beside),
        withheld=_withheld(decision, known, knowledge),
        missing=missing_of(decision, known, knowledge),
        conflicts=_conflicts(known, decision, recorded),
        notices=_notices(decision, known, knowledge),
        inputs=inputs_of(known, knowledge),
        ignored=_ignored(known, knowledge, recorded),
        what_would_change=tuple(change_of(effect, known, knowledge) for effect in effects),
    )


def _conflicts(
    known: Assessment, decision: Decision, recorded: Assessment | None
) -> tuple[Conflict, ...]:
    """List what cannot both hold: in the chart, and between chart and answers."""
    found = conflicts_of(known, decision)
    if recorded is not None and known.case.answered is not None:
        found += contradictions_of(known, recorded, known.case.answered.answers)
    return tuple(Conflict(id=name, text=say(phrase)) for name, phrase in found)


def _option(
    offer: Offer,
    decision: Decision,
    known: Assessment,
    holding: frozenset[str],
    texts: DrugTexts,
) -> TreatmentOption:
    knowledge = texts.knowledge
    return TreatmentOption(
        therapy=offer.therapy,
        codes=texts.codes(offer.therapy),
        flags=offer.flags,
        reasons=reasons_of(offer, known, knowledge),
        cautions=texts.cautions(offer.therapy, holding),
        evidence=texts.evidence(offer.therapy, decision.line),
        dosing=dosing_of(offer.therapy, known.findings, knowledge),
    )


def _withheld(
    decision: Decision, known: Assessment, knowledge: KnowledgeOnDay
) -> tuple[Withheld, ...]:
    return tuple(
        Withheld(
            therapy=item.therapy,
            criterion=item.criterion,
            answer="unknown" if item.answer is Answer.UNKNOWN else "not-met",
            because=because(item, known, knowledge),
        )
        for item in decision.withheld
    )


def _notices(
    decision: Decision, known: Assessment, knowledge: KnowledgeOnDay
) -> tuple[Notice, ...]:
    """Show the notices on every drug that the document names for this patient."""
    named = decision.therapies | {one.therapy for one in decision.beside}
    return tuple(
        Notice(id=notice.id, therapy=notice.therapy, text=notice.text)
        for notice in knowledge.notices(known.site.jurisdiction)
        if notice.therapy in named
    )


def _ignored(
    known: Assessment, knowledge: KnowledgeOnDay, recorded: Assessment | None
) -> tuple[Ignored, ...]:
    """List what was not used: by the reading of the chart, for its age (A10, A31), or answered."""
    case = known.case
    read = [Ignored(source=one.source, because=say(one.because)) for one in case.ignored]
    days = knowledge.parameter("usable-days")
    old = say_id("ignored-too-old", days=days)
    read += [
        Ignored(source=source, because=old)
        for readings in _timed(known)
        for source in _only_old(readings, known, knowledge)
    ]
    if recorded is not None:
        read += [
            Ignored(source=one.source, because=say(one.because))
            for one in superseded_by_answers(known, recorded)
        ]
    read += _not_read(case)
    foreign = case.resources_of_other_patients
    if foreign:
        read.append(Ignored(source="", because=say_id("ignored-count", count=foreign)))
    return tuple(sorted(read, key=lambda one: (one.source, one.because)))


def _not_read(case: PatientCase) -> Iterator[Ignored]:
    """Name the parts of the chart that were not read in full: what they hold is unknown."""
    parts = (
        ("conditions", case.conditions),
        ("observations", case.observations),
        *case.medication_sources,
        ("procedures", case.procedures),
        ("allergies", case.allergies),
    )
    for key, state in parts:
        if state in _NOT_READ:
            yield Ignored(source=key, because=say_id(f"part-{state.value}"))


def _timed(known: Assessment) -> Iterator[Sequence[Timed]]:
    case = known.case
    yield case.afp
    yield case.bilirubin
    yield case.albumin
    yield case.inr
    yield case.ecog
    yield case.stored_child_pugh


def _only_old(
    readings: Sequence[Timed], known: Assessment, knowledge: KnowledgeOnDay
) -> list[str]:
    """Give the latest of readings that are all too old to be used."""
    if not readings or usable(readings, known.on, knowledge):
        return []
    return [reading.source for reading in latest(readings)]
