"""Answers about diagnosis, AFP, liver function and ECOG against what the chart records of them.

A record that is old enough to be asked again is no contradiction: the answer is the repeat.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from hcc_pathway.answer import Phrase
from hcc_pathway.case import PatientCase, SignRecord
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.clinician_answers.sources import is_answered
from hcc_pathway.explanation.naming import name_sources
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import AfpState, DiagnosisState

Contradiction = tuple[str, Phrase]  # stable id, sentence

_FIELDS = {
    "diagnosis": "diagnoses",
    "alpha-fetoprotein": "afp",
    "ecog": "ecog",
    "child-pugh": "stored_child_pugh",
}
_QUESTIONS = {
    "bilirubin": "bilirubin_mg_per_dl",
    "albumin": "albumin_g_per_dl",
    "inr": "inr",
    "ascites": "ascites",
    "encephalopathy": "encephalopathy",
}


class Recorded(Protocol):
    """One record, of the chart or answered."""

    @property
    def source(self) -> str: ...  # noqa: D102 - the protocol's docstring says it
    @property
    def as_received(self) -> str: ...  # noqa: D102
    @property
    def recorded_on(self) -> date | None: ...  # noqa: D102


def sources_used(known: Assessment) -> frozenset[str]:
    """Name the records of diagnosis and measurements that an answer rests on."""
    liver = known.liver.child_pugh
    used: tuple[Recorded, ...] = (
        *known.diagnoses,
        *known.afp.readings,
        *known.performance.readings,
        *liver.stored,
    )
    parts = (source for part in liver.components for source in part.sources)
    return frozenset((*(one.source for one in used), *parts))


def measured_records(case: PatientCase) -> tuple[Recorded, ...]:
    """Give every record of diagnosis, AFP, liver function and performance status."""
    return (
        *case.diagnoses,
        *case.afp,
        *case.bilirubin,
        *case.albumin,
        *case.inr,
        *case.ecog,
        *case.stored_child_pugh,
        *case.ascites,
        *case.encephalopathy,
    )


def measured_contradictions(
    known: Assessment, recorded: Assessment, answers: ClinicianAnswers
) -> Iterator[Contradiction]:
    """List the inputs for which chart and answer say different things."""
    used = sources_used(known)
    for name, records in (
        ("diagnosis", _diagnosis(recorded, answers)),
        ("alpha-fetoprotein", _afp(known, recorded, answers)),
        ("ecog", _ecog(recorded, answers)),
        ("child-pugh", _child_pugh(recorded, answers)),
        *_components(known, recorded, answers),
    ):
        if records is not None:
            phrase = _differs(name, records, known.case, used)
            yield f"{name}-answered-differently", phrase


def _differs(
    name: str, records: Sequence[Recorded], case: PatientCase, used: frozenset[str]
) -> Phrase:
    everything: Sequence[Recorded] = getattr(case, _FIELDS.get(name, name))
    answer = next(one for one in everything if is_answered(one.source))
    if not records:
        return Phrase.of("diagnosis-answered-without-record", answer=answer.source)
    still = any(one.source in used for one in records)
    counts = "both" if still and answer.source in used else "record" if still else "answer"
    days = sorted({one.recorded_on.isoformat() for one in records if one.recorded_on is not None})
    said = dict.fromkeys(_said(one) for one in records)
    return Phrase.of(
        f"answered-differently-{counts}",
        what=say_id(f"measured-{name}"),
        recorded=say_id("separator").join(said),
        day=", ".join(days) or say_id("day-unknown"),
        source=name_sources([one.source for one in records]),
        answered=_said(answer),
        answer=answer.source,
    )


def _said(record: Recorded) -> str:
    """Word a record; a sign by its grade, for its own words name the sign alone."""
    if not isinstance(record, SignRecord):
        return record.as_received
    if record.present and record.grade is None:
        return say_id("answered-grade-unknown")
    return say_id(f"answered-grade-{record.grade or 'none'}")


def _diagnosis(recorded: Assessment, answers: ClinicianAnswers) -> Sequence[Recorded] | None:
    """A35: HCC against another cancer; an unspecific diagnosis contradicts neither."""
    contradicted = {
        True: {DiagnosisState.EXCLUDED, DiagnosisState.NONE},
        False: {DiagnosisState.HCC},
        None: set[DiagnosisState](),
    }[answers.is_hcc]
    return recorded.diagnoses if recorded.findings.diagnosis in contradicted else None


def _afp(
    known: Assessment, recorded: Assessment, answers: ClinicianAnswers
) -> Sequence[Recorded] | None:
    """A9, A10: on the other side of the threshold."""
    before = recorded.afp
    if answers.afp_ng_per_ml is None or before.aged or before.state is AfpState.UNKNOWN:
        return None
    return before.readings if known.afp.state is not before.state else None


def _ecog(recorded: Assessment, answers: ClinicianAnswers) -> Sequence[Recorded] | None:
    before = recorded.performance
    if answers.ecog is None or before.aged:
        return None
    differ = any(one.grade != answers.ecog for one in before.readings)
    return before.readings if differ else None


def _child_pugh(recorded: Assessment, answers: ClinicianAnswers) -> Sequence[Recorded] | None:
    before = recorded.liver.child_pugh
    if answers.child_pugh is None or before.aged:
        return None
    classes = {one.child_pugh_class for one in before.stored} - {None, answers.child_pugh}
    return before.stored if classes else None


def _components(
    known: Assessment, recorded: Assessment, answers: ClinicianAnswers
) -> Iterator[tuple[str, Sequence[Recorded] | None]]:
    """A17, A34: a component that had other points by the chart alone."""
    after = {part.input: part for part in known.liver.child_pugh.components}
    for part in recorded.liver.child_pugh.components:
        now = after[part.input]
        differ = part.high < now.low or now.high < part.low
        if getattr(answers, _QUESTIONS[part.input]) is None or part.aged or not differ:
            continue
        everything: Sequence[Recorded] = getattr(recorded.case, part.input)
        yield part.input, [one for one in everything if one.source in part.sources]
