"""What may go wrong with an outgoing call: a closed list, fit for logs, metrics and tables."""

from enum import StrEnum

from hcc_pathway.errors import HccCdsError


class Fault(StrEnum):
    """Why there is no usable answer."""

    TIMED_OUT = "timed-out"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    REDIRECT = "redirect"
    REFUSED = "refused"  # 401, 403
    NOT_THERE = "not-there"  # 404, 410
    REJECTED = "rejected"  # any other 4xx
    BUSY = "busy"  # 429, 503
    SERVER_ERROR = "server-error"
    UNEXPECTED_STATUS = "unexpected-status"
    NOT_JSON = "not-json"
    COMPRESSED = "compressed"
    TOO_LARGE = "too-large"
    UNSAFE_ADDRESS = "unsafe-address"
    NOT_TRIED = "not-tried"  # the circuit breaker is open


class FetchFailed(HccCdsError):  # noqa: N818 - the name says what happened
    """An outgoing call without a usable answer. Holds no address, token or content."""

    def __init__(
        self, fault: Fault, status: int | None = None, retry_after_seconds: float | None = None
    ) -> None:
        """``retry_after_seconds``: what a busy server asked for, if it did."""
        super().__init__(fault if status is None else f"{fault} (HTTP {status})")
        self.fault = fault
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class AddressRefused(HccCdsError):  # noqa: N818 - the name says what happened
    """A configured address that must not be opened: which, and why."""
