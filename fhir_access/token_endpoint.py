"""The token endpoint of an authorization server, as the session that an OAuth library expects.

Libraries bring sessions of their own, which follow redirects, trust the environment and have no
deadline; this one goes the guarded way of every other call.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import Fault, FetchFailed
from fhir_access.guarded_session import GuardedSession, Network

_MOST_BYTES: Final = 200_000
_OK: Final = 200
_TAKEN: Final = frozenset({_OK, 400, 401})  # the last two say in JSON what was wrong


class ClientAuthentication(Protocol):
    """What adds the proof of the client to a request."""

    def prepare(
        self, method: str, uri: str, headers: dict[str, str], body: str
    ) -> tuple[str, dict[str, str], str]:
        """Give the request with the proof."""


class TokenAnswer:
    """An answer, of the kind that OAuth libraries read."""

    def __init__(self, status: int, body: bytes) -> None:
        """``body``: JSON by its media type; what it holds is not looked at here."""
        self.status_code = status
        self._body = body

    def json(self) -> Any:  # noqa: ANN401 (whatever the server sent)
        """Decode the body; raises ValueError."""
        try:
            return json.loads(self._body)
        except RecursionError:
            message = "nested too deeply"
            raise ValueError(message) from None

    def raise_for_status(self) -> None:
        """Refuse an answer that is an error and does not say which."""
        if self.status_code != _OK:
            raise FetchFailed(Fault.REJECTED, self.status_code)


class TokenEndpoint:
    """POSTs to one token endpoint, until one deadline."""

    def __init__(self, address: str, network: Network | None, deadline: Deadline) -> None:
        """``address``: checked against the hosts of its EHR before.

        Raises:
            AddressRefused: it is not a plain http or https address.

        """
        self._address = address
        self._session = GuardedSession(address, network)
        self._deadline = deadline

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str],
        headers: Mapping[str, str],
        auth: ClientAuthentication,
    ) -> TokenAnswer:
        """Send a form with the client's proof; raises FetchFailed."""
        if url != self._address:
            raise FetchFailed(Fault.UNSAFE_ADDRESS)
        _, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        sent["Accept"] = "application/json"
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._session.post(
            self._address.removeprefix(self._session.base),  # a final slash, where there is one
            body.encode(),
            headers=sent,
            deadline=self._deadline,
            budget=ByteBudget(_MOST_BYTES),
            taken=_TAKEN,
        )
        return TokenAnswer(answer.status, answer.body)
