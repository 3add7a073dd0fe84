"""A second count of the days, straight from the FHIR records; nothing of the service is used.

It paints calendars: each record colours its days one by one, later orders over earlier ones, and
the window is read off at the end. Slow, plain, and only as general as the table needs.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta, tzinfo

from tests.exposure.doses_by_hand import NOT_KNOWN, Json, Span, counts, mg_on, name, strength

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 12, 1), date(2026, 7, 31)
CALENDAR = [FIRST + DAY * n for n in range((LAST - FIRST).days + 1)]
MINIMUM = 400


def count_days(made: list[Json], progression: str | None, zone: tzinfo) -> dict[date, str]:
    """Give yes, no or unknown for each day of the deciding window."""
    medications = {f"Medication/{m['id']}": m for m in made if m["resourceType"] == "Medication"}
    unique = {(m["resourceType"], m["id"]): m for m in made}.values()
    drugs = [(m, name(m, medications)) for m in unique if m["resourceType"] != "Medication"]
    own = [m for m, name in drugs if "sorafenib" in name and counts(m)]
    others = [_start(m, zone)[0] for m, name in drugs if "regorafenib" in name]
    strengths = {m["id"]: strength(m, medications) for m in own}
    given = _Calendars(own, strengths, others, zone)
    if progression is None:
        last = given.last_day(LAST)
        assert last is not None
        return {last - DAY * n: given.on(last - DAY * n) for n in range(28)}
    first_pd, last_pd = _range(progression)
    last = given.last_day(last_pd)
    if last is not None and last < first_pd - DAY:
        return {last - DAY * n: given.on(last - DAY * n) for n in range(28)}
    possible = [first_pd + DAY * n for n in range((last_pd - first_pd).days + 1)]
    found = {}
    for back in range(1, 29):
        said = {given.on(day - DAY * back) for day in possible}
        found[first_pd - DAY * back] = said.pop() if len(said) == 1 else "unknown"
    return found


class _Calendars:
    """One calendar for each kind of evidence; a day is a span, or absent where nothing is said."""

    def __init__(
        self, own: list[Json], strengths: dict[str, float | None], others: list[date], zone: tzinfo
    ) -> None:
        kinds: dict[str, list[Json]] = {}
        for record in sorted(own, key=lambda m: _start(m, zone)):
            kinds.setdefault(record["resourceType"], []).append(record)
        self.zone, self.strengths, self.others = zone, strengths, sorted(others)
        self.open_end = False
        self.ends: list[tuple[date, date, bool]] = []  # start, end, whether it is an order's
        self.said_ended: list[tuple[date, date | None]] = []  # last day, and when that was written
        self.said_active: list[tuple[date, date]] = []  # since when, and when that was said
        self.stated_end: date | None = None
        self.refused: set[date] = set()
        self.of_unknown_status: list[tuple[date, date | None]] = []  # statements: start and end
        self.starts = [_start(m, zone)[0] for m in own if m["status"] != "not-taken"]
        self.administered: dict[date, Span] = {}
        self.stated: dict[date, Span] = {}
        self.held: dict[date, Span] = {}
        self.adherent: set[date] = set()
        self.ordered: dict[date, Span] = {}
        self.dispensed: dict[date, Span | None] = {}
        for record in kinds.get("MedicationAdministration", []):
            self._give(record)
        for record in kinds.get("MedicationRequest", []):
            self._order(record, kinds["MedicationRequest"])
        for record in kinds.get("MedicationStatement", []):
            self._state(record)
        self.stated_end = self._last_stated_end()
        refusals = [m for m in kinds.get("MedicationStatement", []) if m["status"] == "not-taken"]
        for record in refusals:
            self._leave_open_after(record)
        for record in refusals:
            first, last = _bounds(record, self.zone)
            self._paint(self.stated, first, last, (0.0, 0.0))
            self.refused |= {day for day in CALENDAR if first <= day <= last}
        free = FIRST
        for record in kinds.get("MedicationDispense", []):
            free = self._dispense(record, free)

    def on(self, day: date) -> str:
        span = self.administered.get(day)
        if span is None:
            span = self.stated.get(day, self.held.get(day))
        if span is None and self.stated_end is not None and day > self.stated_end:
            later = [start for start in self.starts if start > self.stated_end]
            if not later:
                span = (0.0, 0.0)
            elif min(later) > day:
                span = NOT_KNOWN
        if span is None and day in self.dispensed:
            span = self.ordered.get(day) or self.dispensed[day]
        if span is None:
            span = self.ordered.get(day, NOT_KNOWN)
        if span[0] >= MINIMUM:
            return "yes"
        return "no" if span[1] < MINIMUM else "unknown"

    def last_day(self, before: date) -> date | None:
        """Give the last day with sorafenib, where every record that began in time has an end."""
        known = [
            day
            for start, end, ordered in self.ends
            if start <= before or not ordered
            for day in [self._last_taken(start, self._closed(start, end))]
            if day is not None
        ]
        for start, end in self.of_unknown_status:
            closed = self.stated_end if self.stated_end and start <= self.stated_end else None
            ends = [day for day in (end, closed) if day is not None]
            if not ends:
                return None
            known.append(min(ends))
        if self.stated_end is not None:
            return max(known)
        return None if self.open_end or not known else max(known)

    def _closed(self, start: date, end: date) -> date:
        stated = self.stated_end
        return end if stated is None or start > stated else min(end, stated)

    def _last_taken(self, start: date, end: date) -> date | None:
        """Step back over days at the end on which nothing was taken."""
        days = [day for day in CALENDAR if start <= day <= end and day not in self.refused]
        return max(days, default=None)

    def _last_stated_end(self) -> date | None:
        """Give the latest end on record that no later word of "active" contradicts."""
        return max(
            (
                end
                for end, written in self.said_ended
                if not any(
                    first <= end < said and (written is None or written < said)
                    for first, said in self.said_active
                )
            ),
            default=None,
        )

    def _leave_open_after(self, refusal: Json) -> None:
        """After "not taken" without an end: unknown, until a newer record or a stated end."""
        if "end" in refusal["effectivePeriod"]:
            return
        last = _bounds(refusal, self.zone)[1]
        newer = [start - DAY for start in self.starts if start > last]
        ended = self.stated_end
        if ended is not None and not any(ended < start <= last for start in self.starts):
            newer.append(ended)
        self._paint(self.stated, last + DAY, min(newer, default=LAST), NOT_KNOWN)

    def _paint(self, calendar: dict[date, Span], first: date, last: date, span: Span) -> None:
        for day in CALENDAR:
            if first <= day <= last:
                calendar[day] = span

    def _give(self, record: Json) -> None:
        day = _range(record["effectiveDateTime"], self.zone)[0]
        low, high = self.administered.get(day, (0.0, 0.0))
        dose = (record.get("dosage") or {}).get("dose", {}).get("value", 0)
        part = record["status"] == "stopped"
        self.administered[day] = (
            low + (0 if part else dose),
            float("inf") if part else high + dose,
        )
        self.ends.append((day, day, False))

    def _order(self, record: Json, orders: list[Json]) -> None:
        first, latest_first = _start(record, self.zone)
        assert first == latest_first
        end, known = self._end_of_order(record, first, orders)
        if known:
            self.ends.append((first, end, True))
        elif first <= date(2026, 6, 1):
            self.open_end = True
        status = record["status"]
        text = str(record.get("extension"))
        for day in CALENDAR:
            if not first <= day <= end:
                continue
            span = self._dose(record, "dosageInstruction", day, first)
            if status in {"on-hold", "unknown"} or "702565001" in text:
                span = NOT_KNOWN
            if "715036001" in text:
                span = (0.0, 0.0)
            twins = [m for m in orders if _start(m, self.zone)[0] == first]
            if len(twins) > 1:
                spans = [self._dose(m, "dosageInstruction", day, first) for m in twins]
                span = (min(s[0] for s in spans), max(s[1] for s in spans))
            self.ordered[day] = span
            if "adherence" in text:
                self.stated[day] = span

    def _end_of_order(self, record: Json, first: date, orders: list[Json]) -> tuple[date, bool]:
        """Give the last day that counts, and whether it is the end of the drug."""
        instructions = record.get("dosageInstruction") or [{}]
        repeat = (instructions[-1].get("timing") or {}).get("repeat") or {}
        status = record["status"]
        if "boundsPeriod" in repeat:
            end = date.fromisoformat(repeat["boundsPeriod"]["end"])
            if status == "stopped":
                self.said_ended.append((end, None))
            return end, True
        if "boundsDuration" in repeat:
            return first + DAY * (repeat["boundsDuration"]["value"] - 1), True
        supply = record.get("dispenseRequest") or {}
        if "validityPeriod" in supply:
            return date.fromisoformat(supply["validityPeriod"]["end"]), status == "completed"
        days = 1
        if "expectedSupplyDuration" in supply:
            times = 1 + supply["numberOfRepeatsAllowed"]
            days = supply["expectedSupplyDuration"]["value"] * times
        if status == "stopped" or days > 1:
            return first + DAY * (days - 1), status == "completed"
        starts = [_start(m, self.zone)[0] for m in orders] + self.others
        later = [start for start in starts if start > first]
        if later:
            return min(later) - DAY, True
        return (first, False) if status == "completed" else (LAST, False)

    def _state(self, record: Json) -> None:
        first, last = _bounds(record, self.zone)
        start = _start(record, self.zone)
        status = record["status"]
        if status == "not-taken":
            return
        if status == "unknown":
            closed = "end" in record["effectivePeriod"]
            self._paint(self.stated, first, last if closed else LAST, NOT_KNOWN)
            self.of_unknown_status.append((start[0], last if closed else None))
            return
        if status == "on-hold":
            again = min([s for s in self.starts if s > first], default=LAST + DAY)
            held_for_sure = "dateAsserted" in record
            self.open_end = True
            self._paint(self.held, first, again - DAY, (0.0, 0.0) if held_for_sure else NOT_KNOWN)
            return
        end = (record.get("effectivePeriod") or {}).get("end")
        if end is None and status == "stopped":
            self.open_end = True
            self._paint(self.stated, first + DAY, LAST, NOT_KNOWN)
            return
        written = record.get("dateAsserted")
        said = None if written is None else date.fromisoformat(written)
        if end is None:
            self.open_end = True
            self.said_active += [] if said is None else [(first, said)]
        else:
            latest = _range(end, self.zone)[1]
            self.ends.append((start[0], latest, False))
            self.said_ended.append((latest, said))
        for day in CALENDAR:
            if first <= day <= last and "dosage" in record:
                sure = start[1] <= day and (end is None or day <= _range(end, self.zone)[0])
                self.stated[day] = self._dose(record, "dosage", day, first) if sure else NOT_KNOWN

    def _dispense(self, record: Json, free: date) -> date:
        first = max(date.fromisoformat(record["whenHandedOver"]), free)
        if "daysSupply" in record:
            length = int(record["daysSupply"]["value"])
        else:
            length = int(record["quantity"]["value"] * 200 / 800)
        for n in range(length):
            day = first + DAY * n
            dosed = "dosageInstruction" in record
            self.dispensed[day] = (
                self._dose(record, "dosageInstruction", day, first) if dosed else None
            )
        end = first + DAY * (length - 1)
        self.ends.append((first, end, False))
        return end + DAY

    def _dose(self, record: Json, key: str, day: date, first: date) -> Span:
        instructions = record.get(key) or []
        if len({part.get("sequence") for part in instructions}) > 1:
            length = ((instructions[0].get("timing") or {}).get("repeat") or {}).get(
                "boundsDuration"
            )
            if length is None:
                return NOT_KNOWN
            change = first + DAY * 7 * length["value"]
            instructions = [instructions[0] if day < change else instructions[1]]
        spans = [mg_on(part, self.strengths[record["id"]], day, first) for part in instructions]
        if not spans:
            return NOT_KNOWN
        return (sum(span[0] for span in spans), sum(span[1] for span in spans))


def _bounds(record: Json, zone: tzinfo) -> tuple[date, date]:
    """Give the first and last possible day of a statement."""
    period = record["effectivePeriod"]
    first = _range(period["start"], zone)[0]
    if "end" in period:
        return first, _range(period["end"], zone)[1]
    asserted = record.get("dateAsserted")
    return first, first if asserted is None else date.fromisoformat(asserted)


def _start(record: Json, zone: tzinfo) -> tuple[date, date]:
    """Give the earliest and the latest possible first day."""
    if "effectivePeriod" in record:
        return _range(record["effectivePeriod"]["start"], zone)
    for instruction in record.get("dosageInstruction") or []:
        bounds = ((instruction.get("timing") or {}).get("repeat") or {}).get("boundsPeriod")
        if bounds:
            return _range(bounds["start"], zone)
    supply = record.get("dispenseRequest") or {}
    for written in (
        (supply.get("validityPeriod") or {}).get("start"),
        record.get("authoredOn"),
        record.get("effectiveDateTime"),
        record.get("whenHandedOver"),
    ):
        if written:
            return _range(written, zone)
    raise AssertionError(record)


def _range(text: str, zone: tzinfo | None = None) -> tuple[date, date]:
    """Give the days of a FHIR date."""
    if "T" in text:
        day = datetime.fromisoformat(text).astimezone(zone).date()
        return day, day
    if len(text) == len("2026-05"):
        year, month = int(text[:4]), int(text[5:])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(text), date.fromisoformat(text)
