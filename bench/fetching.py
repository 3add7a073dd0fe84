"""What fetching costs: one chart sent in full, in part and not at all, and lean prefetch.

``python -m bench.fetching`` runs the service beside a FHIR server that hands out ready answers,
and writes ``bench/fetching.json``. One call at a time; the overhead is the time of the answer
without the time in which the FHIR server was at work: what remains of it above a chart sent in
full is what fetching itself costs. No time is judged here.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from bench.load import Window, apply
from bench.payloads import hook_request
from bench.services import Running, Service, free_port, started
from cds_service.sample_charts import KEY_OF

if TYPE_CHECKING:
    from collections.abc import Iterable

RESULTS = Path(__file__).parent / "fetching.json"
_LEAN = ("patient", "conditions")
_SITE = """
[[ehr]]
name = "bench"
fhir_base = "{base}"
"""


class Case(msgspec.Struct, frozen=True):
    """A chart, and the prefetch keys of it that the call brings along; None: all."""

    name: str
    liver_cancer: bool
    sent: tuple[str, ...] | None


CASES = (
    Case("all sent", liver_cancer=True, sent=None),
    Case("lean prefetch", liver_cancer=True, sent=_LEAN),
    Case("nothing sent", liver_cancer=True, sent=()),
    Case("no liver cancer: all sent", liver_cancer=False, sent=None),
    Case("no liver cancer: lean prefetch", liver_cancer=False, sent=_LEAN),
    Case("no liver cancer: nothing sent", liver_cancer=False, sent=()),
)


class Measured(msgspec.Struct, frozen=True):
    """One window: the load's view of it, and the FHIR server's."""

    window: Window
    fhir_ms: float
    fhir_calls: float

    @property
    def answer_ms(self) -> float:
        """How long one call took, one being made at a time."""
        return 1000 * self.window.seconds / max(self.window.requests, 1)


class _Pair(msgspec.Struct, frozen=True):
    """A service and the FHIR server of its one EHR; one pair for each kind of chart."""

    service: Running
    fhir: Running


def main() -> int:
    """Run the rounds and print the table; 1 when any request failed."""
    parser = argparse.ArgumentParser(prog="bench.fetching", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one window")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pairs = {sick: _start(stack, folder, liver_cancer=sick) for sick in (True, False)}
        measured = _measure(pairs, arguments.rounds, arguments.seconds)
    rows = {name: _row(windows, measured["all sent"]) for name, windows in measured.items()}
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")
    for name, row in rows.items():
        print(f"{name:<32}" + "".join(f"{key} {said:<9}" for key, said in row.items()))
    return 1 if any(row["failures"] for row in rows.values()) else 0


def _start(stack: ExitStack, folder: Path, *, liver_cancer: bool) -> _Pair:
    place = folder / str(liver_cancer)
    place.mkdir()
    (place / "chart.json").write_bytes(hook_request(60, liver_cancer=liver_cancer))
    port = str(free_port())
    stub = (sys.executable, "-m", "bench.fhir_stub", port, str(place / "chart.json"))
    fhir = stack.enter_context(started(Service("fhir", stub, "/"), port=int(port)))
    (place / "site.toml").write_text(_SITE.format(base=_base(fhir)))
    variables = {
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_BIND": "127.0.0.1:{port}",
        "HCC_CDS_TODAY": "2026-11-22",
        "HCC_CDS_DATABASE_URL": f"sqlite:///{place}/demo.db",
        "HCC_CDS_SITE_FILE": str(place / "site.toml"),
    }
    command = (sys.executable, "-m", "cds_service.cli", "serve")
    path = "/cds-services/hcc-after-sorafenib"
    service = Service("hcc-cds", command, path, tuple(variables.items()))
    return _Pair(stack.enter_context(started(service)), fhir)


def _base(fhir: Running) -> str:
    return f"http://127.0.0.1:{fhir.port}/fhir"


def _body(case: Case, base: str) -> bytes:
    call = json.loads(hook_request(60, liver_cancer=case.liver_cancer)) | {"fhirServer": base}
    nothing = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    whole = dict.fromkeys(KEY_OF.values(), nothing) | call["prefetch"]
    call["prefetch"] = {key: whole[key] for key in (whole if case.sent is None else case.sent)}
    return json.dumps(call, separators=(",", ":")).encode()


def _measure(pairs: dict[bool, _Pair], rounds: int, seconds: float) -> dict[str, list[Measured]]:
    order = random.Random(20261122)  # noqa: S311 - the order of rounds, no secret
    measured: dict[str, list[Measured]] = {case.name: [] for case in CASES}
    for number in range(rounds + 1):  # the first round only warms up
        cases = list(CASES)
        order.shuffle(cases)
        for case in cases:
            pair = pairs[case.liver_cancer]
            _worked(pair.fhir)
            body = _body(case, _base(pair.fhir))
            window = apply(pair.service, body, seconds=seconds, connections=1)
            fhir_seconds, calls = _worked(pair.fhir)
            if number:
                answered = max(window.requests, 1)
                found = Measured(window, 1000 * fhir_seconds / answered, calls / answered)
                measured[case.name].append(found)
    return measured


def _worked(fhir: Running) -> tuple[float, int]:
    connection = http.client.HTTPConnection("127.0.0.1", fhir.port, timeout=5)
    connection.request("GET", "/worked")
    said = json.loads(connection.getresponse().read())
    connection.close()
    return said["seconds"], said["requests"]


def _row(windows: list[Measured], plain: list[Measured]) -> dict[str, float]:
    ratios = [
        own.window.cpu_ms_per_request / other.window.cpu_ms_per_request
        for own, other in zip(windows, plain, strict=True)
    ]
    return {
        "calls": _median(one.fhir_calls for one in windows),
        "answer_ms": _median(one.answer_ms for one in windows),
        "fhir_ms": _median(one.fhir_ms for one in windows),
        "overhead_ms": _median(one.answer_ms - one.fhir_ms for one in windows),
        "cpu_ms": _median(one.window.cpu_ms_per_request for one in windows),
        "cpu_ratio": round(median(ratios), 2),
        "lowest": round(min(ratios), 2),
        "highest": round(max(ratios), 2),
        "failures": sum(one.window.failures for one in windows),
    }


def _median(values: Iterable[float]) -> float:
    return round(median(values), 2)


if __name__ == "__main__":
    sys.exit(main())
