"""Which addresses may be opened: a configured base and what lies below it, nothing else.

An address is never taken apart to be compared: parsers disagree about odd ones, so a base counts
letter by letter, and what follows it may hold nothing over which parsers could disagree.
"""

import re
from urllib.parse import unquote, urlsplit

from fhir_access.errors import AddressRefused, Fault, FetchFailed

_BASE = re.compile(
    r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~\-/%]*)?\Z"
)
_REST = re.compile(r"[\x21-\x7e]{0,8000}\Z")
_NEVER = re.compile(r"[\\#]|\.\.|%2e|%2f|%5c|%00|//", re.IGNORECASE)
_FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")


def is_fhir_id(text: str) -> bool:
    """Whether a text has the form of a resource's id, and so leads nowhere else in an address."""
    return _FHIR_ID.match(text) is not None and text not in {".", ".."}


def origin_of(address: str) -> str:
    """Give scheme, host and port of a checked address, letter by letter."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def checked_base(address: str) -> str:
    """Give a configured address without a final slash.

    Raises:
        AddressRefused: it is not http or https, or has a user, a query or odd characters.

    """
    if _BASE.match(address) is None or _NEVER.search(address.partition("://")[2]):
        message = f"{address!r} is not a plain http or https address"
        raise AddressRefused(message)
    try:
        _ = urlsplit(address).port
    except ValueError:
        message = f"{address!r} has no usable port"
        raise AddressRefused(message) from None
    return address.rstrip("/")


def checked_rest(rest: str) -> str:
    """Give what follows a base: nothing, a path or a query.

    Raises:
        FetchFailed: it could lead out of the base, or be read in two ways.

    """
    path, _, _ = rest.partition("?")
    if (
        (rest and rest[0] not in "/?")
        or _REST.match(rest) is None
        or "\\" in rest
        or "#" in rest
        or _NEVER.search(path)
        or _NEVER.search(unquote(path))
    ):
        raise FetchFailed(Fault.UNSAFE_ADDRESS)
    return rest


def below(base: str, link: str) -> str:
    """Give what follows the base in a link that a server sent.

    Raises:
        FetchFailed: the link does not lie below the base, letter by letter.

    """
    if not link.startswith(base):
        raise FetchFailed(Fault.UNSAFE_ADDRESS)
    rest = link[len(base) :]
    if not rest:
        raise FetchFailed(Fault.UNSAFE_ADDRESS)
    return checked_rest(rest)
