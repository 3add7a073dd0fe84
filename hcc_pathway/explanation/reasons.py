"""Why a drug is offered, and why one is withheld, in sentences with values, days and sources."""

from collections.abc import Callable, Mapping

from hcc_pathway.answer import Answer, Phrase
from hcc_pathway.decision.decision import Decision, Ground, Offer, Standing, Withholding
from hcc_pathway.explanation.naming import name_drugs, name_sources, say_day
from hcc_pathway.explanation.stated import exposure_against_records, lines_cut, stated_exposure
from hcc_pathway.explanation.wording import say, say_id, say_list
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import AfpState, LastLine
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.treatment_history.sorafenib_exposure import ExposureWindow


def reasons_of(offer: Offer, known: Assessment, knowledge: KnowledgeOnDay) -> tuple[str, ...]:
    """Word the grounds of one offered drug."""
    worded: list[str] = []
    for ground in offer.grounds:
        if ground is Ground.PROGRESSION:
            worded.append(_progression(known))
        elif ground is Ground.EXPOSURE:
            worded.append(exposure_sentence("because-exposed", known, knowledge))
        elif ground is Ground.INTOLERANCE:
            worded.append(_intolerance(known))
        elif ground is Ground.AFP:
            worded.append(_afp(known))
        else:
            worded += _third_line(known)
    return tuple(worded)


def _progression(known: Assessment) -> str:
    sorafenib = known.treatment.history.sorafenib
    day, source = sorafenib.progression_day, sorafenib.progression_source
    if day is None:
        return say_id("because-progressed-undated", source=source)
    if _is_of_a_drug(source, known):
        return say_id("because-stopped-no-response", day=say_day(day), source=source)
    if day.earliest == day.latest:
        return say_id("because-progressed", day=day.earliest, source=source)
    return say_id(
        "because-progressed-about", earliest=day.earliest, latest=day.latest, source=source
    )


def _is_of_a_drug(source: str, known: Assessment) -> bool:
    """Whether progression is known from a drug's stop reason alone (266721009)."""
    return any(one.source == source for one in known.case.drugs)


def _intolerance(known: Assessment) -> str:
    sources = known.treatment.history.sorafenib.intolerance_sources
    what = [
        say_id("intolerance-as-allergy") if one.is_allergy else one.as_received
        for one in known.case.intolerances
        if one.source in sources
    ]
    return say_id(
        "because-not-tolerated" if any(what) else "because-stopped-not-tolerated",
        what=say_list(dict.fromkeys(filter(None, what))),
        source=name_sources(sources),
    )


def _afp(known: Assessment) -> str:
    sources = name_sources([reading.source for reading in known.afp.readings])
    return say_id("because-afp", afp=say(known.afp.because), source=sources)


def _third_line(known: Assessment) -> list[str]:
    """A19: the lines given, and how the last one failed."""
    regimens = known.treatment.history.regimens
    drugs = name_drugs(regimens[-1].drugs)
    event = known.treatment.progression
    if event is not None:
        by_reason = _is_of_a_drug(event.source, known)
        failed = say_id(
            "because-last-line-no-response" if by_reason else "because-last-line-progressed",
            drugs=drugs,
            day=say_day(event.day),
            source=event.source,
        )
    else:
        stopped = known.treatment.last_line_not_tolerated
        sources = known.treatment.history.sorafenib.intolerance_sources
        source = stopped.source if stopped else name_sources(sources)
        failed = say_id("because-last-line-not-tolerated", drugs=drugs, source=source)
    lines = say_list(name_drugs(regimen.drugs) for regimen in regimens)
    return [say_id("because-two-lines", lines=lines), failed]


def exposure_sentence(sentence: str, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    """Word the deciding exposure window; without one, say that it is not known.

    What a clinician stated is said as that, and not as a count of days.
    """
    window, stated = known.treatment.exposure.primary, known.treatment.exposure.stated
    if stated is not None:
        return stated_exposure(stated, knowledge)
    if window is None:
        return say_id("exposure-unknown")
    return say_id(
        sentence,
        dose=knowledge.parameter("sorafenib-minimum-mg-per-day"),
        needed=knowledge.parameter("sorafenib-minimum-days"),
        window=len(window.days),
        yes=window.yes,
        no=window.no,
        unknown=window.unknown,
        first=window.first_day,
        last=window.last_day,
        anchor=say_id(f"anchor-{window.anchor}"),
        source=name_sources(window_sources(window)),
    )


def undecided_exposure(known: Assessment) -> str:
    """Name the sentence for a window that decides nothing; no day known is said as that."""
    window = known.treatment.exposure.primary
    nothing = window is not None and window.unknown == len(window.days)
    return "exposure-all-unknown" if nothing else "exposure-undecided"


def window_sources(window: ExposureWindow) -> tuple[str, ...]:
    """List the records that speak of the days of a window."""
    return tuple(sorted({source for day in window.days for source in day.sources}))


def because(item: Withholding, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    """Word why one drug is withheld."""
    if item.criterion == "tolerated-sorafenib":
        return _not_tolerated_at_dose(item, known, knowledge)
    if item.criterion == "line":
        count = len(known.treatment.history.regimens)
        return say_id("too-many-lines", count=count)
    if item.criterion == "not-already-given":
        return say_id("already-given", source=_given_by(item.therapy, known))
    if item.criterion == "second-line-only":
        return _second_line_only(item.therapy, known)
    if item.criterion == "sorafenib-intolerance":
        tolerated = item.answer is Answer.NOT_MET
        sentence = "intolerance-tolerated" if tolerated else "intolerance-not-recorded"
        wider = "-cabozantinib" if item.therapy == "cabozantinib" else ""  # E11
        return say_id(sentence + wider)
    return _BECAUSE[item.criterion](known)


def _not_tolerated_at_dose(item: Withholding, known: Assessment, knowledge: KnowledgeOnDay) -> str:
    window = known.treatment.exposure.primary
    if item.answer is Answer.UNKNOWN:
        return exposure_sentence(undecided_exposure(known), known, knowledge)
    unknown_days = window is not None and window.unknown
    sentence = "exposure-not-met" if unknown_days else "exposure-not-met-known"
    return exposure_sentence(sentence, known, knowledge)


def _given_by(drug: str, known: Assessment) -> str:
    return name_sources(sorted({one.source for one in known.case.drugs if one.drug == drug}))


def _second_line_only(therapy: str, known: Assessment) -> str:
    """A21: say so where AFP alone would have qualified ramucirumab."""
    if therapy in known.findings.given:
        return say_id("given-and-second-line-only", source=_given_by(therapy, known))
    high = known.afp.state is AfpState.AT_LEAST
    if therapy == "ramucirumab" and high:
        return say_id("second-line-only-afp", afp=say(known.afp.because))
    return say_id("second-line-only")


def _diagnosis(known: Assessment) -> str:
    if not known.diagnoses:
        return say_id("diagnosis-not-read")
    first = known.diagnoses[0]
    sources = name_sources([one.source for one in known.diagnoses])
    return say_id("not-hcc-specific", what=first.as_received, source=sources)


def _child_pugh(known: Assessment) -> str:
    found = known.liver.child_pugh
    same = found.lowest == found.highest
    score = str(found.lowest) if same else f"{found.lowest}-{found.highest}"
    return say_id("child-pugh-c", score=score)


def _ecog(known: Assessment) -> str:
    reading = known.performance.readings[0]
    return say_id("ecog-poor", grade=reading.grade, day=reading.recorded_on)


def _not_alone(known: Assessment) -> str:
    partners = known.treatment.history.sorafenib.partners
    named = {"sorafenib", *partners}
    source = name_sources(
        list(dict.fromkeys(one.source for one in known.case.drugs if one.drug in named))
    )
    if partners:
        return say_id("sorafenib-with-partners", drugs=say_list(partners), source=source)
    return say_id("sorafenib-not-alone", source=source)


def _allergy_only(known: Assessment) -> str:
    sources = known.treatment.history.sorafenib.allergy_sources
    return say_id("allergy-without-sorafenib", source=name_sources(sources))


_BECAUSE: Mapping[str, Callable[[Assessment], str]] = {
    "afp-at-least-400": lambda known: say(known.afp.because),
    "child-pugh": _child_pugh,
    "diagnosis": _diagnosis,
    "ecog": _ecog,
    "prior-lines": lambda known: lines_cut(known.case),
    "progression": lambda _: say_id("progression-not-recorded"),
    "sorafenib-alone": _not_alone,
    "sorafenib-exposure": _allergy_only,
    "sorafenib-failure": lambda _: say_id("end-unexplained"),
}


def conflicts_of(known: Assessment, decision: Decision) -> tuple[tuple[str, Phrase], ...]:
    """List facts that cannot both hold, each with its stable id."""
    found: list[tuple[str, Phrase]] = []
    if decision.standing is Standing.CONFLICTING:
        sorafenib = known.treatment.history.sorafenib
        source = name_sources(sorafenib.intolerance_sources)
        found.append(
            ("tolerant-and-intolerant", Phrase.of("tolerant-and-intolerant", source=source))
        )
    if known.treatment.exposure.against_the_records:
        phrase = exposure_against_records(known.treatment.exposure)
        found.append(("exposure-stated-against-records", phrase))
    if known.afp.conflict is not None:
        found.append(("afp-readings-disagree", known.afp.conflict))
    if known.performance.conflict is not None:
        found.append(("ecog-readings-disagree", known.performance.conflict))
    return (*found, *known.liver.conflicts)


def last_line_named(known: Assessment) -> str:
    """Name the drugs of the line started last."""
    last = known.treatment.last_regimen
    return (
        name_drugs(last.drugs) if last and known.treatment.last_line is not LastLine.NONE else ""
    )
