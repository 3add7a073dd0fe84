"""Lines of systemic therapy, and how sorafenib stands among them (A19 to A27, A32, A33, A37).

A line is a new systemic regimen: drugs given together are one, a switch for toxicity is one, the
same drug again is none, and local treatment never counts (A20).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, PatientCase, ProgressionRecord
from hcc_pathway.drug_record import DayBound, DrugRecord, StopReason
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.treatment_history.drug_courses import Course, courses_of
from hcc_pathway.treatment_history.sorafenib_course import SorafenibHistory, sorafenib_history


class FailureKind(StrEnum):
    """How a line failed."""

    PROGRESSION = "progression"
    INTOLERANCE = "intolerance"


class Regimen(msgspec.Struct, frozen=True, kw_only=True):
    """One line: its drugs, its days, and whether its failure is documented.

    ``failure`` is MET or UNKNOWN; that nothing is documented proves no success.
    """

    drugs: tuple[str, ...]
    first_day: DayBound | None
    last_day: DayBound | None  # None: running, or the end is not known
    running: bool
    failure: Answer
    failure_kinds: tuple[FailureKind, ...]
    records: tuple[DrugRecord, ...]


class TreatmentHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Every systemic line started by the day of the answer, in order.

    ``repeated`` holds drugs of earlier lines that were given once more, alone or with a partner of
    that line: no line of its own (A20), but a treatment that may be running. Together with another
    systemic drug they are a new line (A24).
    """

    regimens: tuple[Regimen, ...]
    repeated: tuple[Regimen, ...]
    current: tuple[str, ...]  # drugs that run on this day, the same drug again included
    given: frozenset[str]
    sorafenib: SorafenibHistory
    truncated: tuple[str, ...]  # medication sources known to be cut
    failed: tuple[str, ...]  # medication sources that answered with an error

    @property
    def resumed(self) -> tuple[str, ...]:
        """The drugs of earlier lines that run again after the last line, not failed (A19)."""
        started = self.regimens[-1].first_day if self.regimens else None
        if started is None:
            return ()
        return tuple(
            drug
            for again in self.repeated
            if again.running
            and again.failure is not Answer.MET
            and again.first_day is not None
            and again.first_day.earliest > started.latest
            for drug in again.drugs
        )

    @property
    def complete(self) -> bool:
        """Whether every medication source that was asked was read to its end."""
        return not self.truncated and not self.failed

    @property
    def undated(self) -> tuple[str, ...]:
        """Drugs of lines whose beginning is not recorded, where their place among others counts.

        Without it nobody knows which line came last, or whether two were one combination.
        """
        if len(self.regimens) == 1:
            return ()
        lines_without = [one for one in self.regimens if one.first_day is None]
        return tuple(sorted({drug for one in lines_without for drug in one.drugs}))


def lines(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> TreatmentHistory:
    """Put the drug records of a case in order as lines of therapy."""
    courses = courses_of(case.drugs, on)
    unclosed_days = int(knowledge.parameter("unclosed-record-overlap-days"))
    partners = tuple(frozenset(regimen.drugs) for regimen in knowledge.regimens.values())
    groups, repeats = _grouped(courses, partners, unclosed_days)
    regimens = tuple(
        _regimen(group, groups[place + 1 :], case.progressions)
        for place, group in enumerate(groups)
    )
    repeated = tuple(
        _regimen(group, _begun_after(group, groups), case.progressions) for group in repeats
    )
    sources = case.medication_sources
    return TreatmentHistory(
        regimens=regimens,
        repeated=repeated,
        current=tuple(sorted({course.drug for course in courses if course.running})),
        given=frozenset(course.drug for course in courses),
        sorafenib=sorafenib_history(case, courses, [regimen.drugs for regimen in regimens]),
        truncated=tuple(key for key, state in sources if state is Availability.TRUNCATED),
        failed=tuple(key for key, state in sources if state is Availability.FAILED),
    )


def _grouped(
    courses: Sequence[Course], partners: Sequence[frozenset[str]], unclosed_days: int
) -> tuple[list[list[Course]], list[list[Course]]]:
    """Group courses given together; drugs that are all of one earlier line start no new one."""
    together: list[list[Course]] = []
    for course in courses:
        group = next(
            (
                group
                for group in reversed(together)
                if any(_together(course, other, partners, unclosed_days) for other in group)
            ),
            None,
        )
        if group is None:
            together.append([course])
        else:
            group.append(course)
    groups: list[list[Course]] = []
    repeats: list[list[Course]] = []
    for group in together:
        seen = any(_drugs(group) <= _drugs(earlier) for earlier in groups)
        (repeats if seen else groups).append(group)
    return groups, repeats


def _drugs(group: Iterable[Course]) -> frozenset[str]:
    return frozenset(course.drug for course in group)


def _begun_after(again: list[Course], groups: Sequence[list[Course]]) -> list[list[Course]]:
    """Give the lines that began after drugs were given again."""
    return [group for group in groups if _start(group) > _start(again)]


def _start(group: Iterable[Course]) -> int:
    return min(course.starts for course in group)


def _together(
    one: Course, other: Course, partners: Sequence[frozenset[str]], unclosed_days: int
) -> bool:
    """Whether courses of two drugs are one combination; a short overlap was left open (A24)."""
    if one.days_with(other) > unclosed_days:
        return True
    apart = abs(one.starts - other.starts)
    if apart <= unclosed_days and any({one.drug, other.drug} <= drugs for drugs in partners):
        return True
    firsts = one.first_day, other.first_day
    return apart == 0 and all(day is not None and day.earliest == day.latest for day in firsts)


def _regimen(
    group: Sequence[Course],
    later: Sequence[Sequence[Course]],
    progressions: Iterable[ProgressionRecord],
) -> Regimen:
    first = min(group, key=lambda course: course.starts)
    running = any(course.running for course in group)
    ends = [course.last_day for course in group if course.last_day is not None]
    kinds = _failure_kinds(group, later, progressions)
    return Regimen(
        drugs=tuple(sorted({course.drug for course in group})),
        first_day=first.first_day,
        last_day=max(ends, key=lambda day: day.latest)
        if len(ends) == len(group) and not running
        else None,
        running=running,
        failure=Answer.MET if kinds else Answer.UNKNOWN,
        failure_kinds=kinds,
        records=tuple(record for course in group for record in course.records),
    )


def _failure_kinds(
    group: Sequence[Course],
    later: Sequence[Sequence[Course]],
    progressions: Iterable[ProgressionRecord],
) -> tuple[FailureKind, ...]:
    """Say how a line failed: progression on or after it, or its stop for one of two reasons."""
    until = min((_start(other) for other in later), default=None)
    progressed = any(
        course.progressed_by(record.day, until) for course in group for record in progressions
    )
    not_tolerated = any(course.stopped_for(StopReason.INTOLERANCE) for course in group)
    kinds = []
    if progressed or any(course.stopped_for(StopReason.NO_RESPONSE) for course in group):
        kinds.append(FailureKind.PROGRESSION)
    if not_tolerated:
        kinds.append(FailureKind.INTOLERANCE)
    return tuple(kinds)
