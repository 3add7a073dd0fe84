"""The EHR blocks of a site file: each usable by itself, and no two for one caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cds_service.start_refusals.addresses import address_faults, one_spelling, origin_faults
from cds_service.start_refusals.networks import network_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cds_service.site_file import Ehr, EhrClient, EhrSmart

_NAME = re.compile(r"[A-Za-z0-9 ._\-]{1,64}\Z")

Fault = tuple[str, str]


def ehr_faults(ehrs: Sequence[Ehr]) -> Iterator[Fault]:
    """Find what is wrong: the key, and why with what to do."""
    for number, ehr in enumerate(ehrs):
        yield from _block_faults(ehr, f"ehr[{number}]")
    yield from _repeated(ehrs)


def _block_faults(ehr: Ehr, key: str) -> Iterator[Fault]:
    if not _NAME.match(ehr.name):
        why = f"{ehr.name[:80]!a}: use 1 to 64 letters, digits, blanks, '.', '_', '-'"
        yield f"{key}.name", why
    yield from address_faults(f"{key}.fhir_base", ehr.fhir_base)
    yield from origin_faults(f"{key}.allowed_origins", ehr.allowed_origins)
    if ehr.smart is not None:
        yield from _smart_faults(ehr.smart, f"{key}.smart")
    if ehr.client is not None:
        yield from _client_faults(ehr.client, f"{key}.client")
    if ehr.network is not None:
        yield from network_faults(ehr.network, f"{key}.network")


def _smart_faults(smart: EhrSmart, key: str) -> Iterator[Fault]:
    yield from address_faults(f"{key}.auth_hosts", *smart.auth_hosts)
    if not smart.client_id or not smart.client_id.isascii() or not smart.client_id.isprintable():
        yield f"{key}.client_id", "is no client id: write the one that the EHR gave"
    if smart.client_secret_env is not None and smart.private_key_file is not None:
        yield key, "has both client_secret_env and private_key_file: leave one of them out"


def _client_faults(client: EhrClient, key: str) -> Iterator[Fault]:
    yield from address_faults(f"{key}.issuer", client.issuer)
    yield from address_faults(f"{key}.jwks_url", client.jwks_url)
    if (client.jwks_url is None) == (client.jwks_file is None):
        yield key, "needs exactly one of jwks_url and jwks_file: say where the keys are"
    if not client.algorithms:
        yield f"{key}.algorithms", 'is empty: name what the EHR signs with, e.g. ["RS384"]'
    if "" in client.audience:
        yield f"{key}.audience", "holds an empty text: leave it out"


def _repeated(ehrs: Sequence[Ehr]) -> Iterator[Fault]:
    """Find blocks that one call could belong to both of."""
    names: set[str] = set()
    bases: set[str] = set()
    callers: dict[str, set[str]] = {}
    for number, ehr in enumerate(ehrs):
        if ehr.name in names:
            yield f"ehr[{number}].name", f"{ehr.name!a} names two blocks: give each its own"
        base = one_spelling(ehr.fhir_base)
        if base in bases:
            yield f"ehr[{number}].fhir_base", "stands in two blocks: join them, or remove one"
        names.add(ehr.name)
        bases.add(base)
        if ehr.client is None:
            continue
        tenants = callers.setdefault(ehr.client.issuer, set())
        if tenants and ("" in tenants or ehr.client.tenant in {"", *tenants}):
            why = "speaks for two blocks: give each of them a tenant of its own"
            yield f"ehr[{number}].client.issuer", why
        tenants.add(ehr.client.tenant)
