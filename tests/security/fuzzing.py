"""``python -m tests.security.fuzzing TARGET SECONDS``: atheris on one of the guards.

A target takes any bytes and may end only in the errors that it announces; anything else, a promise
that does not hold included, ends the process with a trace.
"""

import json
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import atheris  # type: ignore[import-untyped]  # no types there

with atheris.instrument_imports(include=["cds_service", "fhir_access", "fhir_mappings", "hooks"]):
    from cds_service.client_tokens.public_keys import verifying_keys
    from cds_service.client_tokens.refusal import KeysUnavailable, TokenRefused
    from cds_service.client_tokens.unverified import unverified
    from cds_service.services import read_hook_call
    from cds_service.strict_json import object_members
    from fhir_access.addresses import below, checked_base, checked_rest
    from fhir_access.errors import AddressRefused, FetchFailed
    from fhir_mappings.chart.record import sources_from_bundle
    from fhir_mappings.errors import ChartRejected, NeededDataAbsent
    from hooks.messages import RequestRejected

import requests

from tests.client_tokens.tokens import encoded
from tests.fuzz.charts import NAMES, as_bundle, call_of
from tests.unit.fhir_mappings.charts_for_tests import case_from

_SAMPLE = json.dumps(as_bundle(call_of(NAMES[0]))).encode()
BASE = "https://allowed.example/fhir"


def url_guard(data: bytes) -> None:
    """What is accepted leads to the host of the base, as the library that opens it reads it."""
    text = data.decode("utf-8", "surrogateescape")
    for rest in (text, "/" + text, "?" + text):
        with suppress(FetchFailed):
            opened = requests.Request("GET", BASE + checked_rest(rest)).prepare().url or ""
            assert opened == BASE or opened.startswith((f"{BASE}/", f"{BASE}?")), opened
            assert "/.." not in opened.partition("?")[0], opened
        with suppress(FetchFailed):
            assert BASE + below(BASE, BASE + rest) == BASE + rest
    with suppress(AddressRefused):
        base = checked_base("https://" + text)
        assert "@" not in base
        assert "\\" not in base
        assert base.isascii()


def strict_json(data: bytes) -> None:
    """A body is read or refused; what is read is one object without repeated names."""
    with suppress(RequestRejected):
        object_members(data)
    with suppress(RequestRejected):
        read_hook_call(data)


def tokens(data: bytes) -> None:
    """A token is read or refused; a key set is read or not available."""
    with suppress(TokenRefused):
        unverified(data.decode("latin-1"))
    half = len(data) // 2
    with suppress(TokenRefused):
        unverified(f"{encoded(data[:half])}.{encoded(data[half:])}.c2ln")
    with suppress(KeysUnavailable):
        verifying_keys(data)


def mapping(data: bytes) -> None:
    """A chart is read, or refused as a whole: pieces of a sample put in the place of others."""
    for body in (data, _grafted(data)):
        with suppress(ChartRejected, NeededDataAbsent):
            case_from(sources_from_bundle(body))


def _grafted(data: bytes) -> bytes:
    """Put the bytes into a sample, at a place that they choose themselves."""
    if len(data) < 4:
        return _SAMPLE
    at = int.from_bytes(data[:3], "big") % len(_SAMPLE)
    return _SAMPLE[:at] + data[4:] + _SAMPLE[at + data[3] :]


TARGETS: dict[str, Callable[[bytes], None]] = {
    "url-guard": url_guard,
    "strict-json": strict_json,
    "tokens": tokens,
    "mapping": mapping,
}


def _no_connection(*_: object) -> None:
    message = "a guard opened a connection"
    raise AssertionError(message)


def main() -> None:
    """Run one target for so many seconds."""
    name, seconds = sys.argv[1], sys.argv[2]
    socket.socket.connect = _no_connection  # type: ignore[method-assign]  # nothing may call out
    options = [sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-seed=20261122"]
    atheris.Setup([*options, "-timeout=12", "-rss_limit_mb=2048"], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
