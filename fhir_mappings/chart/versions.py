"""The same resource received more than once: one fact, in its newest version."""

from collections.abc import Sequence

import msgspec

from fhir_mappings.chart.bundles_received import Received
from fhir_mappings.chart.projections import Resource
from fhir_mappings.chart.subjects import source_of


class Found(msgspec.Struct, frozen=True, gc=False):
    """One readable resource of this patient, and how it was received."""

    resource_type: str
    resource: Resource
    received: Received

    @property
    def source(self) -> str:
        """``Observation/afp-1``."""
        return source_of(self.resource_type, self.resource.id)


def newest_of_each(found: Sequence[Found]) -> tuple[list[Found], list[str]]:
    """Keep one of each type and id; name the sources whose versions differ undecidably.

    Versions compare by ``meta.versionId`` where both are numbers, else by ``meta.lastUpdated``.
    Resources without an id cannot be told apart and are all kept.
    """
    if len({(one.resource_type, one.resource.id) for one in found}) == len(found):
        return list(found), []  # the everyday case: nothing came twice
    kept: list[Found] = []
    by_identity: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        if one.resource.id is None:
            kept.append(one)
        else:
            by_identity.setdefault((one.resource_type, one.resource.id), []).append(one)
    undecided: list[str] = []
    for versions in by_identity.values():
        newest = versions[0] if len(versions) == 1 else _newest(versions)
        if newest is None:
            undecided.append(versions[0].source)
        else:
            kept.append(newest)
    return kept, undecided


def _newest(versions: list[Found]) -> Found | None:
    """Pick the newest version, or None where versions differ and nothing says which is newer."""
    if all(one.resource == versions[0].resource for one in versions[1:]):
        return versions[0]
    for rank in (_version_number, _last_updated):
        ranks = [rank(one) for one in versions]
        known = [value for value in ranks if value is not None]
        if len(known) < len(versions):
            continue
        best = max(known)
        newest = [one for one, value in zip(versions, ranks, strict=True) if value == best]
        if all(one.resource == newest[0].resource for one in newest[1:]):
            return newest[0]
    return None


def _version_number(one: Found) -> str | None:
    """Write the version as zero-padded text, so that it orders like a number."""
    version = one.resource.meta.version_id if one.resource.meta else None
    return version.zfill(64) if version and version.isascii() and version.isdigit() else None


def _last_updated(one: Found) -> str | None:
    return one.resource.meta.last_updated if one.resource.meta else None
