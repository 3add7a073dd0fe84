"""Whatever records there are: unknown is never 0 mg, and the counts are those that decide."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from hcc_pathway.case import Availability, PatientCase, ProgressionRecord
from hcc_pathway.drug_record import DayBound, DosePattern, DrugEvidence, DrugRecord, DrugStatus
from hcc_pathway.findings.assessment import assess
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.site_policy import SitePolicy
from hcc_pathway.timeline.timeline import patient_timeline

TODAY = date(2026, 11, 22)
KNOWLEDGE = load_knowledge().as_of(TODAY)
_DAYS = st.integers(10, 120).map(lambda back: TODAY - timedelta(days=back))
_DOSES = st.sampled_from([None, 0, 200, 400, 800])


@st.composite
def bounds(draw: st.DrawFn) -> DayBound | None:
    first = draw(st.none() | _DAYS)
    if first is None:
        return None
    return DayBound(first, first + timedelta(days=draw(st.sampled_from([0, 0, 0, 12]))))


@st.composite
def records(draw: st.DrawFn) -> DrugRecord:
    low, high = sorted((draw(_DOSES) or 0, draw(_DOSES) or 0))
    unread = draw(st.booleans())
    pattern = DosePattern((Decimal(low),), (Decimal(high),))
    return DrugRecord(
        drug="sorafenib",
        evidence=draw(st.sampled_from(list(DrugEvidence))),
        status=draw(st.sampled_from(list(DrugStatus))),
        first_day=draw(bounds()),
        last_day=draw(bounds()),
        asserted_on=draw(st.none() | _DAYS),
        dose=None if unread else pattern,
        source=f"MedicationStatement/{draw(st.integers(0, 9))}",
    )


@st.composite
def cases(draw: st.DrawFn) -> PatientCase:
    progressed = draw(bounds())
    return PatientCase(
        drugs=tuple(draw(st.lists(records(), min_size=1, max_size=4))),
        progressions=()
        if progressed is None
        else (ProgressionRecord(day=progressed, as_received="", source="Observation/1"),),
        medication_sources=(("medicationRequests", draw(st.sampled_from(list(Availability)))),),
    )


@settings(max_examples=150)
@given(cases())
def test_counts_are_those_that_decide_and_unknown_is_never_zero(case: PatientCase) -> None:
    timeline = patient_timeline(case, KNOWLEDGE, TODAY)
    window = assess(case, KNOWLEDGE, TODAY, SitePolicy()).treatment.exposure.primary
    counted = Counter(day.state for day in timeline.sorafenib.days if day.in_window)
    if timeline.sorafenib.window is None or window is None:
        assert not counted
    else:
        assert (counted["qualifying"], counted["not"], counted["unknown"]) == (
            window.yes,
            window.no,
            window.unknown,
        )
    for day in timeline.sorafenib.days:
        if day.state == "unknown":
            assert day.high_mg is None or day.high_mg >= timeline.sorafenib.minimum_mg
            assert day.low_mg is None or day.low_mg < timeline.sorafenib.minimum_mg
        if day.state == "qualifying":
            assert day.low_mg is not None
            assert day.low_mg >= timeline.sorafenib.minimum_mg
        if day.state == "not":
            assert day.high_mg is not None
            assert day.high_mg < timeline.sorafenib.minimum_mg
