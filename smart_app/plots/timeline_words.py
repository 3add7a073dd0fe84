"""The words of each mark of the timeline: tooltip, screen reader and table say the same."""

from datetime import date

from hcc_pathway.timeline.parts import (
    AlbiPoint,
    ChildPughPoint,
    DoseDay,
    Event,
    LinePeriod,
    PatientTimeline,
    ReadingShown,
    Series,
)
from smart_app.plots.texts import PlotTexts, number, seen


class TimelineWords:
    """Wording for one timeline in one language; every method gives the lines of one mark."""

    def __init__(self, timeline: PatientTimeline, texts: PlotTexts) -> None:
        """Take what is worded and the words."""
        self.timeline = timeline
        self.texts = texts

    def window(self) -> str:
        """Name the counted days with their counts, or say that there are none."""
        doses = self.timeline.sorafenib
        window, say = doses.window, self.texts.say
        if window is None:
            return say("window.none")
        return say(
            "window.title",
            days=window.yes + window.no + window.unknown,
            first=self.texts.day(window.first_day),
            last=self.texts.day(window.last_day),
            anchor=say(f"window.{window.anchor}"),
            yes=window.yes,
            no=window.no,
            unknown=window.unknown,
            minimum=number(doses.minimum_mg),
            needed=doses.needed_days,
        )

    def stated(self) -> str:
        """Say what a clinician stated of the dose in the counted days; "" where nobody did."""
        stated = self.timeline.sorafenib.stated
        if stated is None:
            return ""
        minimum = number(self.timeline.sorafenib.minimum_mg)
        return self.texts.say(
            "window.stated" if stated else "window.stated-not",
            minimum=minimum,
            needed=self.timeline.sorafenib.needed_days,
        )

    def dose(self, same: list[DoseDay]) -> list[str]:
        """Word one day, or neighbouring days that are alike."""
        day = same[0]
        lines = [self._span(same[0].day, same[-1].day), self.amount(day), self.counts(day)]
        lines.append(self.evidence(day))
        received = self.received(day)
        if received:
            lines.append(self.texts.say("reading.received", received=received))
        return [line for line in [*lines, seen(", ".join(day.sources))] if line]

    def amount(self, day: DoseDay) -> str:
        """Word a dose; what nobody can say is "not known", never 0."""
        low, high, say = day.low_mg, day.high_mg, self.texts.say
        if low is None and high is None:
            return say("dose.unknown")
        if high is None:
            return say("dose.unknown") if not low else say("dose.at-least", low=number(low))
        if low is None:
            return say("dose.at-most", high=number(high))
        if low == high:
            return say("dose.one", amount=number(low))
        return say("dose.range", low=number(low), high=number(high))

    def counts(self, day: DoseDay) -> str:
        """Say what a day counts as; a day outside the window counts as nothing."""
        if not day.in_window:
            return self.texts.say("legend.outside")
        minimum = number(self.timeline.sorafenib.minimum_mg)
        return self.texts.say(f"state.{day.state}", minimum=minimum)

    def evidence(self, day: DoseDay) -> str:
        """Say how the chart speaks of a day."""
        return self.texts.say(f"evidence.{day.evidence or 'none'}")

    def received(self, day: DoseDay) -> str:
        """Give drug and dose as they came."""
        received = self.timeline.sorafenib.received
        return seen("; ".join(dict.fromkeys(filter(None, map(received.get, day.sources)))))

    def reading(self, series: Series, one: ReadingShown) -> list[str]:
        """Word one laboratory value."""
        name = self.texts.say(f"input.{series.input}")
        unit = "" if one.unit == "1" else one.unit
        value = f"{one.comparator} {number(one.value)}".strip()
        lines = [
            self.texts.say("reading.value", name=name, value=value, unit=unit).strip(),
            self.texts.day(one.day),
            self.read_as(series, one),
            self.texts.say("reading.received", received=seen(one.as_received)),
        ]
        if one.unit != series.unit:
            lines.append(self.texts.say("reading.no-unit-place"))
        if one.decides:
            lines.append(self.texts.say("reading.decides"))
        return [*lines, seen(one.source)]

    def read_as(self, series: Series, one: ReadingShown) -> str:
        """Say what the pathway makes of a value."""
        if series.input == "alpha-fetoprotein":
            return self.texts.say(f"afp.{one.state}")
        return self.texts.say("child-pugh.points", points=one.state)

    def child_pugh(self, point: ChildPughPoint) -> list[str]:
        """Word a Child-Pugh of one day."""
        lines = [self.texts.say(f"child-pugh.{point.kind}"), self.score(point)]
        lines.append(self.texts.day(point.day))
        if point.as_received:
            lines.append(self.texts.say("reading.received", received=seen(point.as_received)))
        return [line for line in [*lines, seen(", ".join(point.sources))] if line]

    def score(self, point: ChildPughPoint) -> str:
        """Word score and class as far as they are certain."""
        class_ = point.child_pugh_class or ""
        if point.lowest == point.highest:
            return self.texts.say("child-pugh.score", class_=class_, score=point.lowest).strip()
        if class_:
            return self.texts.say("child-pugh.class", class_=class_)
        return self.texts.say("child-pugh.range", lowest=point.lowest, highest=point.highest)

    def albi(self, point: AlbiPoint) -> list[str]:
        """Word an ALBI grade."""
        return [
            self.texts.say("albi.grade", grade=point.grade, score=point.score),
            self.texts.day(point.day),
            seen(", ".join(point.sources)),
        ]

    def drugs(self, line: LinePeriod) -> str:
        """Name the drugs of a line."""
        return self.texts.say("line.together").join(map(self.drug, line.drugs))

    def drug(self, drug: str) -> str:
        """Name a drug in the language of the texts."""
        return self.timeline.names.get(drug, drug)

    def line(self, line: LinePeriod) -> list[str]:
        """Word a line of therapy."""
        first = self._bound(line.first_earliest, line.first_latest, "line.unknown-first")
        last = self._bound(line.last_earliest, line.last_latest, "line.unknown-last")
        if line.running:
            last = self.texts.say("line.running")
        said = [self.texts.say("line.again")] if line.again else []
        said += [self.texts.say(f"line.failed-{kind}") for kind in line.failed]
        span = self.texts.say("line.span", first=first, last=last)
        return [self.drugs(line), span, *said, seen(", ".join(line.sources))]

    def event(self, event: Event) -> list[str]:
        """Word a progression or intolerance."""
        what = self.texts.say(f"event.{event.kind}")
        if event.drug and event.kind in {"progression", "intolerance"}:
            what = self.texts.say("event.of-drug", what=what, drug=self.drug(event.drug))
        lines = [what]
        if event.earliest is not None and event.latest is not None:
            lines.append(self._bound(event.earliest, event.latest, "line.unknown-first"))
        if event.as_received:
            lines.append(self.texts.say("reading.received", received=seen(event.as_received)))
        if event.decides:
            lines.append(self.texts.say("reading.decides"))
        return [*lines, seen(event.source)]

    def _span(self, first: date, last: date) -> str:
        if first == last:
            return self.texts.day(first)
        return self.texts.say("line.span", first=self.texts.day(first), last=self.texts.day(last))

    def _bound(self, earliest: date | None, latest: date | None, unknown: str) -> str:
        if earliest is None or latest is None:
            return self.texts.say(unknown)
        if earliest == latest:
            return self.texts.day(earliest)
        return self.texts.say(
            "line.between", earliest=self.texts.day(earliest), latest=self.texts.day(latest)
        )
