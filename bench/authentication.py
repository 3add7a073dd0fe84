"""What proving the caller costs: CPU per request with RS384 and ES384 against without.

``python -m bench.authentication`` starts the service once for each configuration, with SQLite and,
where PostgreSQL is installed, with that as well, and writes ``bench/authentication.json``. Tokens
are signed by the load, whose time is not counted. No time is judged here.
"""

from __future__ import annotations

import argparse
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
from bench.services import Running, Service, started
from cds_service.storage.migrating import migrate
from tests.client_tokens.hospital import FILE_ISSUER
from tests.client_tokens.production_server import environment
from tests.client_tokens.tokens import Signer, claims, es384, key_set, rs384
from tests.storage.postgresql import BINARIES, PostgresqlServer

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "authentication.json"
WITHOUT = "without"
_COMMAND = (sys.executable, "-m", "cds_service.cli", "serve")
_PATH = "/cds-services/hcc-after-sorafenib"
_BODIES = {"small": hook_request(60), "no-liver-cancer": hook_request(60, liver_cancer=False)}


class Configuration(msgspec.Struct, frozen=True):
    """One way to run the service, and what signs the tokens of its calls."""

    service: Service
    signer: Signer | None

    def token(self) -> str:
        """Sign a token for one call, or give none."""
        return "" if self.signer is None else self.signer.sign(claims(FILE_ISSUER, _PATH))


def main() -> int:
    """Run the rounds and print the table; 1 when any request failed."""
    parser = argparse.ArgumentParser(prog="bench.authentication", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="length of one window")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = {
            each.service.name: (each, stack.enter_context(started(each.service)))
            for each in _configurations(folder, stack)
        }
        measured = _measure(running, arguments.rounds, arguments.seconds)
    report = {body: _rows(windows) for body, windows in measured.items()}
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    for body, rows in report.items():
        print(f"\n{body}")
        for name, row in rows.items():
            print(f"  {name:<20}" + "".join(f"{key} {said:<10}" for key, said in row.items()))
    return 1 if any(row["failures"] for rows in report.values() for row in rows.values()) else 0


def _configurations(folder: Path, stack: ExitStack) -> list[Configuration]:
    databases: dict[str, Callable[[Path], str]] = {
        "sqlite": lambda place: f"sqlite:///{place}/hcc-cds.db"
    }
    if BINARIES is not None:
        server = PostgresqlServer()
        server.start()
        stack.callback(server.stop)
        databases["postgresql"] = lambda _: server.new_database()
    demo = (("HCC_CDS_MODE", "demo"), ("HCC_CDS_BIND", "127.0.0.1:{port}"))
    url = ("HCC_CDS_DATABASE_URL", f"sqlite:///{folder}/demo.db")
    found = [Configuration(Service(WITHOUT, _COMMAND, _PATH, (*demo, url)), None)]
    for database, make in databases.items():
        for signer in (rs384(), es384()):
            place = folder / f"{signer.algorithm}-{database}"
            place.mkdir()
            found.append(_production(f"{signer.algorithm}-{database}", place, make(place), signer))
    return found


def _production(name: str, place: Path, url: str, signer: Signer) -> Configuration:
    (place / "keys.json").write_bytes(key_set(signer))
    migrate(url)
    variables = environment(place, url, 'jwks_file = "keys.json"')
    ours = [(k, v) for k, v in variables.items() if k.startswith("HCC_CDS_")]
    ours += [("HCC_CDS_BIND", "127.0.0.1:{port}"), ("HCC_CDS_LOG_LEVEL", "INFO")]
    return Configuration(Service(name, _COMMAND, _PATH, tuple(ours)), signer)


def _measure(
    running: dict[str, tuple[Configuration, Running]], rounds: int, seconds: float
) -> dict[str, dict[str, list[Window]]]:
    order = random.Random(20261122)  # noqa: S311 - the order of rounds, no secret
    measured: dict[str, dict[str, list[Window]]] = {
        body: {name: [] for name in running} for body in _BODIES
    }
    for number in range(rounds + 1):  # the first round only warms up
        pairs = [(name, body) for name in running for body in _BODIES]
        order.shuffle(pairs)
        for name, body in pairs:
            configuration, process = running[name]
            window = apply(process, _BODIES[body], seconds=seconds, token=configuration.token)
            if number:
                measured[body][name].append(window)
    return measured


def _rows(by_name: dict[str, list[Window]]) -> dict[str, dict[str, float]]:
    return {name: _row(windows, by_name[WITHOUT]) for name, windows in by_name.items()}


def _row(windows: list[Window], without: list[Window]) -> dict[str, float]:
    ratios = [
        own.cpu_ms_per_request / other.cpu_ms_per_request
        for own, other in zip(windows, without, strict=True)
    ]
    return {
        "cpu_ms": round(median(each.cpu_ms_per_request for each in windows), 3),
        "ratio": round(median(ratios), 3),
        "lowest": round(min(ratios), 3),
        "highest": round(max(ratios), 3),
        "failures": sum(each.failures for each in windows),
    }


if __name__ == "__main__":
    sys.exit(main())
