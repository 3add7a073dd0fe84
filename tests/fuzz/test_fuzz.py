"""A short run by default, the whole one and one over a socket when asked."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.client import Client, OverHttp
from tests.fuzz import charts, comparison, legality
from tests.fuzz.campaign import Campaign, Figures
from tests.fuzz.damage import Damage
from tests.fuzz.envelope import Sent
from tests.fuzz.services import SETTINGS, in_process
from tests.real_server.processes import free_port, running, session

SHORT = 600
WHOLE = 20_000
PARTS = 20
OVER_A_SOCKET = 400
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def client() -> Client:
    return in_process()


def judge(figures: Figures, record_property: Record) -> None:
    record_property("statuses", {half: dict(seen) for half, seen in figures.statuses.items()})
    sys.stdout.write(figures.said() + "\n")
    assert figures.failures == []
    chart, envelope = figures.statuses["chart"], figures.statuses["envelope"]
    assert set(chart) == {200}
    assert chart.total() == envelope.total()
    assert 0 < envelope[200] < envelope.total()


@pytest.mark.parametrize("first", range(0, SHORT, 100))
def test_no_damage_goes_beyond_what_it_touches(
    client: Client, first: int, record_property: Record
) -> None:
    judge(Campaign(client).run(range(first, first + 100)), record_property)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_damage_in_20_000_requests_goes_beyond_what_it_touches(
    client: Client, part: int, record_property: Record
) -> None:
    each = WHOLE // PARTS
    judge(Campaign(client).run(range(part * each, (part + 1) * each)), record_property)


@pytest.mark.slow
def test_a_real_server_answers_the_same_damage(tmp_path: Path, record_property: Record) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **SETTINGS, "HCC_CDS_BIND": f"127.0.0.1:{port}"}
    with (
        running(
            [sys.executable, "-m", "cds_service.cli", "serve"],
            answers_at=f"{base}/health/ready",
            log=tmp_path / "service.log",
            environment=environment,
            cwd=Path(__file__).parents[2],
        ),
        session() as http,
    ):
        figures = Campaign(OverHttp(base, http)).run(range(WHOLE, WHOLE + OVER_A_SOCKET))
    judge(figures, record_property)


def document(**parts: object) -> charts.Json:
    empty = ("options", "inputs", "ignored", "missing")
    return {**{name: [] for name in empty}, **parts}


def used(name: str, source: str, value: object = 1) -> charts.Json:
    return {"input": name, "source": source, "value": value, "note": ""}


def touched(*sources: str) -> Damage:
    types = {source.split("/")[0] for source in sources}
    return Damage({}, frozenset({("observations", 0)}), set(sources), types, ["x"])


AFP, ALBUMIN = used("alpha-fetoprotein", "Observation/afp"), used("albumin", "Observation/alb")
LEAKS = {
    "another input is lost": (document(inputs=[AFP]), document(inputs=[AFP, ALBUMIN])),
    "another input has another value": (
        document(inputs=[used("albumin", "Observation/alb", 2)]),
        document(inputs=[ALBUMIN]),
    ),
    "another record is ignored": (
        document(ignored=[{"source": "Observation/alb", "because": "no unit"}]),
        document(),
    ),
    "an ignored record is forgotten": (
        document(),
        document(ignored=[{"source": "Observation/alb", "because": "no unit"}]),
    ),
    "options change though no input does": (
        document(inputs=[ALBUMIN], options=["regorafenib"]),
        document(inputs=[ALBUMIN]),
    ),
    "lines change though no drug was touched": (
        document(inputs=[used("prior-lines", "MedicationRequest/1", 2)]),
        document(inputs=[used("prior-lines", "MedicationRequest/1")]),
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_damage_that_spreads_would_be_seen(leak: str) -> None:
    found, reference = LEAKS[leak]
    assert list(comparison.differences(found, reference, touched("Observation/x")))


def test_damage_that_stays_is_allowed() -> None:
    older = used("alpha-fetoprotein", "Observation/older")
    damage = touched("Observation/afp")
    assert (
        list(comparison.differences(document(inputs=[AFP]), document(inputs=[older]), damage))
        == []
    )
    ignored = [{"source": "Observation/afp", "because": "no unit"}]
    assert list(comparison.differences(document(ignored=ignored), document(), damage)) == []


def answers_to(body: bytes) -> set[int]:
    return set(legality.right_answers(Sent("everyday-chart", body)))


def test_the_judge_knows_legal_from_illegal() -> None:
    call = charts.call_of("everyday-chart")
    good = charts.written(call)
    assert answers_to(good) == {200}
    assert answers_to(good + b"x") == {400}
    assert answers_to(good[:-1] + b', "n": NaN}') == {400}
    assert answers_to(good[:-1] + b', "hook": "patient-view"}') == {400}
    assert answers_to(b'{"x":' + b"[" * 64 + b"]" * 64 + b"," + good[1:]) == {400}
    assert answers_to(b'{"x":' + b"[" * 63 + b"]" * 63 + b"," + good[1:]) == {200}
    assert answers_to(json.dumps(call | {"prefetch": None}).encode()) == {412}
    other = json.loads(good)
    other["prefetch"]["patient"]["id"] = "other"
    assert answers_to(json.dumps(other).encode()) == {400}
