"""One guarded GET or POST: a listed address, one deadline, few bytes, JSON, no detours.

Nothing of the environment is trusted (no proxy variables, no ``.netrc``), no redirect is followed,
no cookie is kept, and nothing compressed is taken, so that a small answer cannot become a large
one. What is opened is always the configured base, never an address that a client sent.
"""

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import requests
import urllib3.exceptions

from fhir_access.addresses import checked_base, checked_rest
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import Fault, FetchFailed
from fhir_access.prompt_connections import PromptAdapter, until

FHIR_JSON: Final = "application/fhir+json"
# its messages hold addresses, and an address holds the patient's id
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)

_CONNECTIONS: Final = 16
_CHUNK_BYTES: Final = 1 << 16
_SECONDS: Final = re.compile(r"[0-9]{1,6}\Z")
_OK: Final = frozenset({200})
_BY_STATUS: Final = {
    401: Fault.REFUSED,
    403: Fault.REFUSED,
    404: Fault.NOT_THERE,
    410: Fault.NOT_THERE,
    429: Fault.BUSY,
    503: Fault.BUSY,
}
_BY_HUNDRED: Final = {3: Fault.REDIRECT, 4: Fault.REJECTED, 5: Fault.SERVER_ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How one server is reached; files are paths to PEM, ``timeout_seconds`` is for one GET."""

    proxy: str | None = None
    ca_file: str | None = None
    client_certificate_file: str | None = None
    client_key_file: str | None = None
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a POST: JSON, or nothing but a status."""

    status: int
    body: bytes = field(repr=False)
    location: str | None = field(repr=False, default=None)


class GuardedSession:
    """GETs and POSTs below one configured address; threads may share it, made before a fork."""

    def __init__(self, base: str, network: Network | None = None) -> None:
        """Take the configured address; nothing is opened yet.

        Raises:
            AddressRefused: the address is not a plain http or https one.

        """
        self.base = checked_base(base)
        self._network = network or Network()
        self._session = _session(self._network)

    def get(
        self,
        rest: str,
        *,
        deadline: Deadline,
        budget: ByteBudget,
        token: str | None = None,
        accept: str = FHIR_JSON,
    ) -> bytes:
        """Give the body of a JSON answer with status 200.

        Args:
            rest: what follows the base: nothing, a path or a query.
            deadline: the moment at which this ends, answered or not.
            budget: how many bytes may be read.
            token: a bearer token for this one GET; it is kept nowhere.
            accept: the media type that is asked for; any JSON type is taken.

        Raises:
            FetchFailed: there is no usable answer; says why, never what was in it.

        """
        headers = {"Accept": accept}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self._exchange("GET", rest, headers, None, _OK, deadline, budget).body

    def post(  # noqa: PLR0913 - what is sent, and the limits of the exchange
        self,
        rest: str,
        content: bytes,
        *,
        headers: Mapping[str, str],
        deadline: Deadline,
        budget: ByteBudget,
        taken: Collection[int] = _OK,
    ) -> Answer:
        """Send something once; it is never sent again.

        Args:
            rest: what follows the base.
            content: the body.
            headers: among them its ``Content-Type`` and what is accepted; kept nowhere.
            deadline: the moment at which this ends, answered or not.
            budget: how many bytes of the answer may be read.
            taken: the statuses that are an answer; any other is a fault.

        Raises:
            FetchFailed: there is no usable answer; whether it arrived is not known then.

        """
        return self._exchange("POST", rest, headers, content, taken, deadline, budget)

    def _exchange(  # noqa: PLR0913, PLR0917 - the parts of one request, and its limits
        self,
        method: str,
        rest: str,
        headers: Mapping[str, str],
        content: bytes | None,
        taken: Collection[int],
        deadline: Deadline,
        budget: ByteBudget,
    ) -> Answer:
        if self._network.timeout_seconds is not None:
            deadline = deadline.no_later_than(self._network.timeout_seconds)
        url = self.base + checked_rest(rest)
        try:
            with (
                until(deadline),
                self._session.request(
                    method,
                    url,
                    headers=dict(headers),
                    data=content,
                    timeout=deadline.require_time(),
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                return _read(answer, taken, budget, deadline, may_be_empty=content is not None)
        except requests.exceptions.SSLError:
            raise FetchFailed(Fault.TLS) from None
        except (requests.Timeout, TimeoutError, urllib3.exceptions.TimeoutError):
            raise FetchFailed(Fault.TIMED_OUT) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
            late = deadline.seconds_left <= 0
            raise FetchFailed(Fault.TIMED_OUT if late else Fault.UNREACHABLE) from None


def _session(network: Network) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"User-Agent": "hcc-cds", "Accept-Encoding": "identity"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = PromptAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    if network.proxy is not None:
        session.proxies = {"http": network.proxy, "https": network.proxy}
    if network.ca_file is not None:
        session.verify = network.ca_file
    if network.client_certificate_file is not None and network.client_key_file is not None:
        session.cert = (network.client_certificate_file, network.client_key_file)
    elif network.client_certificate_file is not None:
        session.cert = network.client_certificate_file
    return session


def _read(
    answer: requests.Response,
    taken: Collection[int],
    budget: ByteBudget,
    deadline: Deadline,
    *,
    may_be_empty: bool,
) -> Answer:
    status = answer.status_code
    if status not in taken:
        fault = _BY_STATUS.get(status) or _BY_HUNDRED.get(status // 100, Fault.UNEXPECTED_STATUS)
        raise FetchFailed(fault, status, _retry_after(answer))
    location = answer.headers.get("Location")
    nothing_said = may_be_empty and "Content-Type" not in answer.headers
    if not nothing_said:
        _require_json(answer)
    body = _body(answer, budget, deadline)
    if nothing_said and body:
        raise FetchFailed(Fault.NOT_JSON)
    return Answer(status, body, location)


def _require_json(answer: requests.Response) -> None:
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in {"application/json", "application/json+fhir"} and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        raise FetchFailed(Fault.NOT_JSON)
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchFailed(Fault.COMPRESSED)


def _body(answer: requests.Response, budget: ByteBudget, deadline: Deadline) -> bytes:
    announced = answer.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > budget.left:
        raise FetchFailed(Fault.TOO_LARGE)
    chunks: list[bytes] = []
    while chunk := answer.raw.read(_CHUNK_BYTES, decode_content=False):
        budget.take(len(chunk))
        chunks.append(chunk)
        deadline.require_time()
    body = b"".join(chunks)
    try:
        body.decode()  # what is passed over when FHIR is read is not looked at there
    except UnicodeDecodeError:
        raise FetchFailed(Fault.NOT_JSON) from None
    return body


def _retry_after(answer: requests.Response) -> float | None:
    said = answer.headers.get("Retry-After", "").strip()
    return float(said) if _SECONDS.match(said) else None
