"""Compare the services in one run, in random order, and write ``bench/results.json``.

Every round measures every configuration once with every body, so that a slow moment of the
machine meets all of them alike. Published are medians and the spread of the paired ratios.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.load import Window, apply
from bench.payloads import hook_request
from bench.services import BENCH_PYTHON, Running, services, started

RESULTS = Path(__file__).parent / "results.json"
OURS, FLOOR = "hcc-cds", "flask-json"
_BODIES = {
    "small": hook_request(60),
    "large": hook_request(1000),
    "no-liver-cancer": hook_request(60, liver_cancer=False),
}

Measured = dict[str, dict[str, list[Window]]]


def main() -> int:
    """Run the rounds, print the table; 1 when any request failed, 2 when a part is absent."""
    arguments = _arguments()
    if not BENCH_PYTHON.exists():
        print("bench: .venv-bench is absent; `make bench` creates it", file=sys.stderr)
        return 2
    order = random.Random(arguments.seed)  # noqa: S311 - the order of rounds, no secret
    measured: Measured = {body: {each.name: [] for each in services()} for body in _BODIES}
    with ExitStack() as stack:
        running = [stack.enter_context(started(service)) for service in services()]
        for each in running:
            for body in _BODIES.values():
                apply(each, body, seconds=0.5)
        for number in range(arguments.rounds):
            print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
            _round(running, measured, order, arguments.seconds)
    report = _report(measured)
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    _print(report)
    return 1 if any(row["failures"] for rows in report.values() for row in rows.values()) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.5, help="length of one window")
    parser.add_argument("--seed", type=int, default=20261122)
    return parser.parse_args()


def _round(
    running: list[Running], measured: Measured, order: random.Random, seconds: float
) -> None:
    pairs = [(each, body) for each in running for body in _BODIES]
    order.shuffle(pairs)
    for each, body in pairs:
        window = apply(each, _BODIES[body], seconds=seconds)
        measured[body][each.service.name].append(window)


def _report(measured: Measured) -> dict[str, dict[str, dict[str, float]]]:
    return {
        body: {name: _row(windows, by_name[FLOOR]) for name, windows in by_name.items()}
        for body, by_name in measured.items()
    }


def _row(windows: list[Window], floor: list[Window]) -> dict[str, float]:
    cpu = [window.cpu_ms_per_request for window in windows]
    ratios = [
        own.cpu_ms_per_request / other.cpu_ms_per_request
        for own, other in zip(windows, floor, strict=True)
    ]
    return {
        "cpu_ms_per_request": round(median(cpu), 3),
        "cpu_ms_lowest": round(min(cpu), 3),
        "cpu_ms_highest": round(max(cpu), 3),
        "requests_per_second": round(median(each.requests_per_second for each in windows), 1),
        "cpu_ratio_to_flask_json": round(median(ratios), 3),
        "cpu_ratio_lowest": round(min(ratios), 3),
        "cpu_ratio_highest": round(max(ratios), 3),
        "requests": sum(each.requests for each in windows),
        "failures": sum(each.failures for each in windows),
    }


def _print(report: dict[str, dict[str, dict[str, float]]]) -> None:
    for body, rows in report.items():
        print(f"\n{body} ({len(_BODIES[body]):,} bytes)")
        print(f"  {'service':<18}{'CPU ms':>8}{'spread':>18}{'req/s':>8}{'x flask-json':>14}"
              f"{'spread':>16}{'failed':>8}")  # fmt: skip
        for name, row in rows.items():
            spread = f"{row['cpu_ms_lowest']}-{row['cpu_ms_highest']}"
            ratios = f"{row['cpu_ratio_lowest']}-{row['cpu_ratio_highest']}"
            print(f"  {name:<18}{row['cpu_ms_per_request']:>8}{spread:>18}"
                  f"{row['requests_per_second']:>8}{row['cpu_ratio_to_flask_json']:>14}"
                  f"{ratios:>16}{row['failures']:>8}")  # fmt: skip
        ours = rows[OURS]["cpu_ms_per_request"]
        heaviest = rows["healthchain-fhir"]["cpu_ms_per_request"]
        print(f"  HealthChain with its FHIR adapter costs {heaviest / ours:.1f}x this service")


if __name__ == "__main__":
    sys.exit(main())
