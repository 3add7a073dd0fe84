"""The ways in which a server answers wrongly, as scripts; shared by every kind of fetch."""

import gzip

from fhir_access.errors import Fault
from tests.fetching.fault_server import Answers, Asked, Script, head, reply

BOMB = gzip.compress(b" " * 20_000_000, 1)


def hang(_: Asked) -> Script:
    yield 30.0


def drip_headers(_: Asked) -> Script:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while True:
        yield b"a"
        yield 0.05


def drip_body(_: Asked) -> Script:
    yield head(length=10_000)
    while True:
        yield b" "
        yield 0.05


def drip_chunks(_: Asked) -> Script:
    yield head(Transfer_Encoding="chunked")
    while True:
        yield b"1\r\n \r\n"
        yield 0.05


def continue_without_end(_: Asked) -> Script:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"
        yield 0.01


def announced_200_megabytes(_: Asked) -> Script:
    yield head(length=200_000_000)
    while True:
        yield b" " * 65536


def unannounced_200_megabytes(_: Asked) -> Script:
    yield head(Connection="close")
    for _block in range(3200):
        yield b" " * 65536


def gzip_bomb(_: Asked) -> Script:
    return reply(BOMB, Content_Encoding="gzip")


def cut_off(_: Asked) -> Script:
    yield head(length=1000, Connection="close")
    yield b'{"resourceType":'
    raise ConnectionResetError


def no_http(_: Asked) -> Script:
    yield b"220 mail.example ESMTP\r\n"
    raise ConnectionResetError


SLOW: dict[str, Answers] = {
    "hang": hang,
    "drip in the headers": drip_headers,
    "drip in the body": drip_body,
    "drip in chunks": drip_chunks,
    "100 without end": continue_without_end,
}
# what a GET makes of each; an unlucky fault is named, never guessed at
QUICK: dict[str, tuple[Answers, Fault]] = {
    "200 MB, announced": (announced_200_megabytes, Fault.TOO_LARGE),
    "200 MB, not announced": (unannounced_200_megabytes, Fault.TOO_LARGE),
    "gzip bomb": (gzip_bomb, Fault.COMPRESSED),
    "cut off": (cut_off, Fault.UNREACHABLE),
    "not HTTP": (no_http, Fault.UNREACHABLE),
    "HTML login page": (
        lambda _: reply(b"<html>Log in</html>", content_type="text/html"),
        Fault.NOT_JSON,
    ),
    "FHIR as XML": (
        lambda _: reply(b"<Bundle/>", content_type="application/fhir+xml"),
        Fault.NOT_JSON,
    ),
    "no content type": (
        lambda _: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"]),
        Fault.NOT_JSON,
    ),
    "redirect": (lambda _: reply({}, 302, Location="/fhir/Patient/other"), Fault.REDIRECT),
    "401": (lambda _: reply({}, 401), Fault.REFUSED),
    "403": (lambda _: reply({}, 403), Fault.REFUSED),
    "404": (lambda _: reply({}, 404), Fault.NOT_THERE),
    "410": (lambda _: reply({}, 410), Fault.NOT_THERE),
    "418": (lambda _: reply({}, 418), Fault.REJECTED),
    "429": (lambda _: reply({}, 429, Retry_After="1"), Fault.BUSY),
    "503": (lambda _: reply({}, 503), Fault.BUSY),
    "500": (lambda _: reply({}, 500), Fault.SERVER_ERROR),
    "202": (lambda _: reply({}, 202), Fault.UNEXPECTED_STATUS),
}
FAULTS: dict[str, tuple[Answers, Fault]] = {
    **{name: (script, Fault.TIMED_OUT) for name, script in SLOW.items()},
    **QUICK,
}
# answers of status 200 and JSON type that are not what was asked for
_ERROR = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "x"}]}
WRONG_CONTENT: dict[str, Answers] = {
    "not JSON": lambda _: reply(b'{"resourceType": "Bundle", "entry": [{"res'),
    "empty body": lambda _: reply(b""),
    "not UTF-8": lambda _: reply(b'{"resourceType": "Bundle", "id": "\xff\xfe"}'),
    "a list": lambda _: reply([]),
    "a number": lambda _: reply(7),
    "null": lambda _: reply(None),
    "deep nesting": lambda _: reply(b'{"resourceType":"Bundle","entry":' + b"[" * 100_000),
    "outcome in place of a Bundle": lambda _: reply(_ERROR),
    "outcome inside the Bundle": lambda _: reply(
        {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": _ERROR}]}
    ),
    "a resource of another kind": lambda _: reply({"resourceType": "Parameters"}),
    "a binary": lambda _: reply({"resourceType": "Binary", "contentType": "text/plain"}),
    "no FHIR": lambda _: reply({"error": "no"}),
}
