"""What the browser drew, read back from the SVG: the days and values of the timeline."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

from cds_service.sample_charts import SampleChart
from hcc_pathway.recommendation import ExposureValue
from hcc_pathway.timeline.parts import DoseDay, PatientTimeline
from tests.browser.conftest import SCREENSHOTS, OpenPage
from tests.browser.plots_served import plots_served
from tests.browser.watched_page import Watch
from tests.samples.stored import SAMPLES
from tests.timeline.samples_read import assessed, read, timeline_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BY_NAME = {sample.name: sample for sample in SAMPLES}
FIVE = (
    "tolerant-afp-high",
    "intolerant-afp-low",
    "child-pugh-b9-intolerant",
    "long-since-seen",
    "undetermined-exposure-unknown",
)
_MARKS = "marks => marks.map(one => Object.fromEntries(Object.entries(one.dataset)))"


@pytest.fixture(scope="module")
def pictures() -> Iterator[str]:
    with plots_served() as base:
        yield base


@pytest.fixture
def shown(open_page: OpenPage, watch: Watch, pictures: str) -> Callable[..., Page]:
    watch.allow(pictures)

    def opened(name: str, language: str = "en", **options: Any) -> Page:  # noqa: ANN401
        page = open_page(**options)
        page.goto(f"{pictures}/{language}/{name}")
        if options.get("java_script_enabled", True):
            page.wait_for_selector('[data-plot="timeline"][data-drawn]')
        return page

    return opened


def marks(page: Page, selector: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.eval_on_selector_all(f"svg .mark{selector}", _MARKS)
    return found


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def as_drawn(one: dict[str, str]) -> tuple[Any, ...]:
    return (
        number(one.get("low")),
        number(one.get("high")),
        one["state"],
        one["inWindow"] == "true",
        one["source"],
    )


def as_known(day: DoseDay) -> tuple[Any, ...]:
    return (day.low_mg, day.high_mg, day.state, day.in_window, ", ".join(day.sources))


def days_between(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def on_axis(timeline: PatientTimeline, day: date) -> bool:
    return timeline.axis_first_day <= day <= timeline.axis_last_day


@pytest.fixture(params=FIVE)
def sample(request: pytest.FixtureRequest) -> SampleChart:
    return BY_NAME[request.param]


def test_every_day_of_sorafenib_is_drawn_with_its_dose_state_and_source(
    shown: Callable[..., Page], sample: SampleChart
) -> None:
    timeline = timeline_of(sample)
    drawn = {
        day: as_drawn(one)
        for one in marks(shown(sample.name), ".dose")
        for day in days_between(one["first"], one["last"])
    }
    assert drawn == {day.day: as_known(day) for day in timeline.sorafenib.days}


def test_the_counted_days_are_drawn_one_by_one_and_add_up_to_the_document(
    shown: Callable[..., Page], sample: SampleChart
) -> None:
    page, timeline = shown(sample.name), timeline_of(sample)
    cells = marks(page, ".window-day")
    assert {date.fromisoformat(one["day"]): as_drawn(one) for one in cells} == {
        day.day: as_known(day) for day in timeline.sorafenib.days if day.in_window
    }
    (value,) = [one.value for one in read(sample)[0].inputs if one.input == "sorafenib-exposure"]
    assert isinstance(value, ExposureValue)
    assert Counter(one["state"] for one in cells) == Counter(
        qualifying=value.yes, unknown=value.unknown
    ) + Counter({"not": value.no})


def test_every_reading_is_drawn_with_day_value_unit_and_source(
    shown: Callable[..., Page], sample: SampleChart
) -> None:
    timeline = timeline_of(sample)
    drawn = sorted(
        (
            one["input"], one["day"], Decimal(one["value"]), one.get("comparator", ""),
            one["unit"], one["state"], one["source"], one["decides"],
        )
        for one in marks(shown(sample.name), ".reading")
    )  # fmt: skip
    assert drawn == sorted(
        (
            series.input, one.day.isoformat(), one.value, one.comparator,
            one.unit, one.state, one.source, str(one.decides).lower(),
        )
        for series in timeline.measured
        for one in series.readings
        if on_axis(timeline, one.day)
    )  # fmt: skip


def test_marks_stand_where_their_day_and_value_are(
    shown: Callable[..., Page], sample: SampleChart
) -> None:
    """Positions are monotone in days, and AFP in the logarithm of its value."""
    page = shown(sample.name)
    places = page.eval_on_selector_all(
        'svg .reading[data-input="alpha-fetoprotein"][data-unit="ng/mL"]',
        "marks => marks.map(one => [one.dataset.day, Number(one.dataset.value),"
        " one.transform.baseVal[0].matrix.e, one.transform.baseVal[0].matrix.f])",
    )
    height = page.eval_on_selector(
        "svg .threshold[data-threshold] line", "line => line.y1.baseVal.value"
    )
    assert [place[2] for place in places] == sorted(place[2] for place in places)
    for _, value, _, y in places:
        assert (y <= height) is (value >= 400)
    by_value = sorted(places, key=lambda place: place[1])
    assert [place[3] for place in by_value] == sorted((p[3] for p in places), reverse=True)


def test_lines_and_events_are_drawn_with_their_days(
    shown: Callable[..., Page], sample: SampleChart
) -> None:
    page, timeline = shown(sample.name), timeline_of(sample)
    assert [
        (one["label"], one.get("first"), one.get("last"), one["running"])
        for one in marks(page, ".line")
    ] == [
        (
            " + ".join(line.drugs),
            line.first_earliest and line.first_earliest.isoformat(),
            line.last_latest and line.last_latest.isoformat(),
            str(line.running).lower(),
        )
        for line in timeline.lines
    ]
    assert [(one["day"], one["state"], one["source"]) for one in marks(page, ".event")] == [
        (event.earliest.isoformat(), event.kind, event.source)
        for event in timeline.events
        if event.earliest is not None
    ]


def test_the_forest_plot_holds_the_figures_of_the_evidence_files(
    shown: Callable[..., Page],
) -> None:
    sample = BY_NAME["intolerant-afp-high"]
    _, _, knowledge = read(sample)
    page = shown(sample.name)
    page.wait_for_selector('[data-plot="forest"][data-drawn]')
    drawn = marks(page, ".ratio")
    assert len(drawn) >= 3
    for one in drawn:
        (figure,) = [
            found
            for found in knowledge.evidence[one["trial"]].figures
            if one["outcome"].partition(" (")[0] == found.outcome and found.hazard_ratio
        ]
        assert Decimal(one["value"]) == Decimal(figure.hazard_ratio)
        assert f"{one['low']}-{one['high']}" == "-".join(
            str(float(end)) for end in figure.confidence_interval.split("-")
        )
        n = knowledge.evidence[one["trial"]].n
        assert one.get("n") == (None if n is None else str(n))
    assert assessed(sample).findings.afp == "at-least-400"


def test_hover_and_focus_say_value_unit_as_received_and_source(
    shown: Callable[..., Page],
) -> None:
    sample = BY_NAME["child-pugh-b9-intolerant"]
    page = shown(sample.name)
    (afp,) = [one for one in timeline_of(sample).measured[0].readings if one.decides]
    point = page.locator('svg .reading.decides[data-input="alpha-fetoprotein"]')
    point.hover()
    tip = page.locator(".plot-tip.open")
    for words in (str(afp.value), afp.unit, afp.as_received, afp.source):
        assert words in tip.inner_text()
        assert words in str(point.get_attribute("aria-label"))
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    assert tip.count() == 0


def test_all_marks_are_reached_with_the_keyboard_alone(shown: Callable[..., Page]) -> None:
    page = shown("tolerant-afp-high")
    here = "document.activeElement.dataset.kind ?? ''"
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate(here):
            break
    assert page.evaluate(here) == "line"
    assert page.locator(".plot-tip.open").count() == 1
    panels = [page.evaluate(here)]
    for _ in range(9):
        page.keyboard.press("ArrowDown")
        panels.append(page.evaluate(here).split()[0])
    assert panels == [
        "line", "event", "dose", "window-day", "reading", "reading", "reading", "reading",
        "grade", "grade",
    ]  # fmt: skip
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(here).startswith("event")
    page.keyboard.press("Escape")
    assert page.locator(".plot-tip.open").count() == 0


def test_without_javascript_the_tables_hold_everything(shown: Callable[..., Page]) -> None:
    sample = BY_NAME["tolerant-afp-high"]
    page = shown(sample.name, java_script_enabled=False)
    page.locator("summary").click()
    rows = page.locator('table[data-table="readings"] tbody tr').count()
    assert rows == sum(len(series.readings) for series in timeline_of(sample).measured)
    assert "needs JavaScript" in page.locator("#timeline").inner_text()


@pytest.mark.parametrize(
    "look",
    [
        "en-light-1280",
        "en-dark-1280",
        "en-light-320",
        "en-dark-320",
        "ko-light-1280",
        "ko-dark-320",
    ],
)
@pytest.mark.parametrize("name", ["child-pugh-b9-intolerant", "undetermined-exposure-unknown"])
def test_no_rule_of_accessibility_is_broken_and_nothing_overflows(
    shown: Callable[..., Page],
    no_accessibility_violation: Callable[[Page], None],
    name: str,
    look: str,
) -> None:
    language, scheme, width = look.split("-")
    viewport = {"width": int(width), "height": 900}
    page = shown(name, language, color_scheme=scheme, viewport=viewport)
    page.locator("svg .mark").last.hover()
    assert page.evaluate("document.documentElement.scrollWidth") <= int(width)
    no_accessibility_violation(page)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    picture = SCREENSHOTS / f"plots-{name}-{look}.png"
    page.screenshot(path=picture, full_page=True)
