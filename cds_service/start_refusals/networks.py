"""How an EHR is reached: proxy, certificates and limit, as its block of the site file says."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cds_service.site_file import EhrNetwork

_PEM = "holds nothing in PEM that can be used here"


def network_faults(network: EhrNetwork, key: str) -> Iterator[tuple[str, str]]:
    """Find what is wrong; the paths of the files are whole by now."""
    if network.proxy is not None and not _is_proxy(network.proxy):
        yield f"{key}.proxy", "is no address of a proxy: write e.g. http://proxy.example:3128"
    if network.timeout_ms is not None and network.timeout_ms <= 0:
        yield f"{key}.timeout_ms", "is not above 0: write milliseconds, or leave it out"
    if network.ca_file is not None:
        why = _why_no_authority(network.ca_file)
        if why:
            yield f"{key}.ca_file", f"{why}: put the certificates of the EHR's authority there"
    certificate, private_key = network.client_certificate_file, network.client_key_file
    if certificate is not None:
        name, why = _why_no_pair(certificate, private_key)
        if why:
            yield f"{key}.{name}", f"{why}: put certificate and unlocked key of the client there"
    elif private_key is not None:
        yield f"{key}.client_key_file", "has no certificate: add client_certificate_file"


def _is_proxy(address: str) -> bool:
    try:
        url = urlsplit(address)
        _ = url.port
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    place = url.scheme in {"http", "https"} and bool(url.hostname)
    return plain and place and url.path in {"", "/"} and not url.query and not url.fragment


def _why_no_authority(file: str) -> str:
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        return _in_words(error)
    return ""


def _why_no_pair(certificate: str, private_key: str | None) -> tuple[str, str]:
    """Give the key at fault and why; an empty text: both fit."""
    for name, file in (
        ("client_certificate_file", certificate),
        ("client_key_file", private_key or certificate),
    ):
        try:
            Path(file).open("rb").close()
        except OSError as error:
            return name, _in_words(error)
    try:
        # an empty password: one that is asked for at the terminal would stop the start
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, private_key, "")
    except OSError as error:
        return "client_certificate_file", _in_words(error)
    return "", ""


def _in_words(error: OSError) -> str:
    return _PEM if isinstance(error, ssl.SSLError) else error.strerror or "cannot be read"
