"""Which addresses of the site file can be used: https, or http on this machine alone."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from fhir_access.addresses import checked_base
from fhir_access.errors import AddressRefused

HTTPS_ONLY = "is not an https address (http is for loopback only)"


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_acceptable(address: str) -> bool:
    """Whether an address is https, or http on this machine; without user, query and fragment."""
    try:
        checked_base(address)
    except AddressRefused:
        return False
    return address.startswith("https://") or is_loopback(address)


def address_faults(key: str, *addresses: str | None) -> Iterator[tuple[str, str]]:
    """Find the addresses of one key that cannot be used."""
    for address in addresses:
        if address is not None and not is_acceptable(address):
            yield key, f"{address!a} {HTTPS_ONLY}: correct it"


def one_spelling(address: str) -> str:
    """Write an address as all its spellings mean it: lower case, no usual port or last slash."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return address
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    place = parts.hostname or ""
    if port not in {None, usual}:
        place = f"{place}:{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"


def origin_faults(key: str, origins: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Find origins that no browser would ever send in this spelling."""
    yield from address_faults(key, *origins)
    for origin in origins:
        if origin != origin.lower() or urlsplit(origin).path:
            yield key, f"{origin!a} is not an origin: write scheme and host alone, in lower case"


def report_faults(key: str, address: str) -> Iterator[tuple[str, str]]:
    """Find what a clinician could not open as the place where wrong advice is reported."""
    scheme, _, rest = address.partition(":")
    plain = address.isprintable() and " " not in address
    mail = scheme == "mailto" and "@" in rest
    try:
        parts = urlsplit(address)
        form = scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        form = False
    if address and not (plain and (mail or form)):
        yield key, f"{address!a} is neither an https address nor mailto:name@host: correct it"
