"""The figures of silent mode, added up over everything that was kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec
from sqlalchemy import func, select

from cds_service.silent_mode.would_be import WouldBeAnswer
from cds_service.storage.engines import Storage, transaction
from cds_service.storage.tables import silent_answer, silent_chart, silent_count

# what a chart without liver cancer is called here
NO_LIVER_CANCER = "no liver cancer"
_ANSWERED = 200
_decode = msgspec.json.Decoder(WouldBeAnswer).decode


class Figure(msgspec.Struct):
    """How often something was so."""

    what: str
    times: int


class Situation(msgspec.Struct, rename="camel"):
    """Equal would-be answers and how often they were given."""

    times: int
    answer: WouldBeAnswer


class AnswerFigures(msgspec.Struct, kw_only=True, rename="camel"):
    """What the would-be answers add up to; every list is by falling number."""

    calls: int
    answered: int
    not_answered: tuple[Figure, ...]
    with_cards: int
    with_drug_options: int
    cards: tuple[Figure, ...]
    classes: tuple[Figure, ...]
    lines: tuple[Figure, ...]
    options: tuple[Figure, ...]
    flags: tuple[Figure, ...]
    withheld: tuple[Figure, ...]
    also_consider: tuple[Figure, ...]
    unknown_inputs: tuple[Figure, ...]
    conflicts: tuple[Figure, ...]
    notices: tuple[Figure, ...]
    situations: tuple[Situation, ...]


class SilentReport(msgspec.Struct, kw_only=True, rename="camel"):
    """What a service that stayed silent would have done."""

    since: str | None  # a month, 2026-11; None: all that is kept
    months: tuple[str, ...]
    charts: int
    dropped: int
    answers: AnswerFigures
    records_not_used: tuple[Figure, ...]
    units_not_recognised: tuple[Figure, ...]
    codes_not_recognised: tuple[Figure, ...]
    drug_codes_not_recognised: tuple[Figure, ...]
    possible_liver_cancer_codes: tuple[Figure, ...]
    milliseconds_up_to: tuple[Figure, ...]
    services: tuple[Figure, ...]
    versions: tuple[Figure, ...]
    ehrs: tuple[Figure, ...]


def silent_report(storage: Storage, since: str | None = None) -> SilentReport:
    """Add up what is kept, from a month on or all of it.

    Raises:
        StorageUnavailable: the database cannot be read.

    """
    first = since or ""
    count = silent_count.c
    with transaction(storage.kept, "reads") as connection:
        rows = connection.execute(
            select(silent_answer).where(silent_answer.c.month >= first)
        ).all()
        counted = select(count.kind, count.item, func.sum(count.times)).where(count.month >= first)
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for kind, item, times in connection.execute(counted.group_by(count.kind, count.item)):
            counts[kind][item] = times
        charts = select(func.count()).where(silent_chart.c.month >= first)
        different_charts = connection.execute(charts).scalar_one()
    durations = sorted(counts["milliseconds"].items())
    return SilentReport(
        since=since,
        months=tuple(sorted({row.month for row in rows})),
        charts=different_charts,
        dropped=counts["dropped"].total(),
        answers=_add_up([(_decode(row.answer), row.times) for row in rows]),
        records_not_used=_falling(counts["not used"]),
        units_not_recognised=_falling(counts["unit"]),
        codes_not_recognised=_falling(counts["code"]),
        drug_codes_not_recognised=_falling(counts["drug code"]),
        possible_liver_cancer_codes=_falling(counts["condition code"]),
        milliseconds_up_to=tuple(Figure(bound.strip(), times) for bound, times in durations),
        services=_figures((row.service, row.times) for row in rows),
        versions=_figures((row.pathway_version, row.times) for row in rows),
        ehrs=_figures((row.ehr or "-", row.times) for row in rows),
    )


def _add_up(answers: Sequence[tuple[WouldBeAnswer, int]]) -> AnswerFigures:
    def each(read: Callable[[WouldBeAnswer], Iterable[str]]) -> tuple[Figure, ...]:
        return _figures((what, times) for answer, times in answers for what in read(answer))

    def calls(is_so: Callable[[WouldBeAnswer], object]) -> int:
        return sum(times for answer, times in answers if is_so(answer))

    return AnswerFigures(
        calls=calls(lambda _: True),
        answered=calls(_is_ok),
        not_answered=each(_why_not_answered),
        with_cards=calls(lambda one: one.cards),
        with_drug_options=calls(lambda one: one.options),
        cards=each(lambda one: one.cards),
        classes=each(lambda one: [one.patient_class or NO_LIVER_CANCER] if _is_ok(one) else []),
        lines=each(lambda one: [one.line] if one.line else []),
        options=each(lambda one: [option.therapy for option in one.options]),
        flags=each(lambda one: [f"{o.therapy}: {flag}" for o in one.options for flag in o.flags]),
        withheld=each(
            lambda one: [f"{w.therapy}: {w.answer}: {w.criterion}" for w in one.withheld]
        ),
        also_consider=each(lambda one: one.also_consider),
        unknown_inputs=each(
            lambda one: [f"{u.input}: {u.why}" for u in one.unknown if _is_ok(one)]
        ),
        conflicts=each(lambda one: one.conflicts),
        notices=each(lambda one: one.notices),
        situations=_situations(answers),
    )


def _situations(answers: Iterable[tuple[WouldBeAnswer, int]]) -> tuple[Situation, ...]:
    times: Counter[WouldBeAnswer] = Counter()
    for answer, count in answers:
        times[answer] += count
    return tuple(Situation(count, answer) for answer, count in times.most_common())


def _is_ok(answer: WouldBeAnswer) -> bool:
    return answer.status == _ANSWERED


def _why_not_answered(answer: WouldBeAnswer) -> tuple[str, ...]:
    if _is_ok(answer):
        return ()
    absent = ", ".join(one.input for one in answer.unknown)
    return (f"{answer.status}: {absent or 'the chart was refused'}",)


def _figures(counted: Iterable[tuple[str, int]]) -> tuple[Figure, ...]:
    figures: Counter[str] = Counter()
    for what, times in counted:
        figures[what] += times
    return _falling(figures)


def _falling(figures: Counter[str]) -> tuple[Figure, ...]:
    ordered = sorted(figures.items(), key=lambda figure: (-figure[1], figure[0]))
    return tuple(Figure(what, times) for what, times in ordered)
