"""The site file: what one hospital decides, as TOML. Unknown keys are refused by name."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from cds_service.start_refusals.addresses import report_faults
from cds_service.start_refusals.ehr_blocks import ehr_faults
from hcc_pathway.errors import HccCdsError

_NETWORK_FILES = ("ca_file", "client_certificate_file", "client_key_file")


class SiteFileError(HccCdsError):
    """A site file that cannot be used: file, key, what is wrong."""

    def __init__(self, path: Path, key: str, why: str) -> None:
        """Say where the fault is."""
        super().__init__(f"{path}: {key}: {why}")
        self.key = key


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the tables of the file."""


class AfpSettings(_Table, frozen=True, kw_only=True):
    """How the AFP threshold is read (A9), and the factor of the site's own assay (A10)."""

    inclusive: bool = True
    iu_to_ng: float | int | None = None


class EhrClient(_Table, frozen=True, kw_only=True):
    """Who calls the CDS endpoints."""

    issuer: str
    jwks_url: str | None = None
    jwks_file: str | None = None
    algorithms: tuple[Literal["ES256", "ES384", "RS256", "RS384"], ...] = ("ES384", "RS384")
    audience: tuple[str, ...] = ()
    tenant: str = ""


class EhrSmart(_Table, frozen=True, kw_only=True):
    """The registration of the SMART app."""

    client_id: str
    client_secret_env: str | None = None
    private_key_file: str | None = None
    scopes: str = ""
    auth_hosts: tuple[str, ...] = ()


class EhrNetwork(_Table, frozen=True, kw_only=True):
    """How this EHR is reached."""

    proxy: str | None = None
    ca_file: str | None = None
    client_certificate_file: str | None = None
    client_key_file: str | None = None
    timeout_ms: int | None = None


class Ehr(_Table, frozen=True, kw_only=True):
    """Everything of one EHR in one block."""

    name: str
    profile: Literal["standard", "epic", "oracle"] = "standard"
    fhir_base: str
    allowed_origins: tuple[str, ...] = ()
    client: EhrClient | None = None
    smart: EhrSmart | None = None
    network: EhrNetwork | None = None


class SiteFile(_Table, frozen=True, kw_only=True):
    """The whole file; the defaults are those of a service without one."""

    pathway: Literal["kim-2020"] = "kim-2020"
    jurisdiction: str | None = None
    timezone: str | None = None
    language: str = "en"  # what there is, is refused by name where the knowledge is loaded
    prefetch: Literal["full", "lean"] = "full"
    silent: bool = False
    report_url: str = ""  # where the clinician's page sends who finds the advice wrong
    afp: AfpSettings = AfpSettings()
    codes: dict[str, str] = {}
    ehr: tuple[Ehr, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone whose calendar days count."""
        return ZoneInfo(self.timezone or "UTC")

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The browser origins of every EHR."""
        return frozenset(origin for ehr in self.ehr for origin in ehr.allowed_origins)


def read_site_file(path: Path) -> SiteFile:
    """Read and check a site file.

    Raises:
        SiteFileError: one line naming file, key and fault.

    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SiteFileError(path, "file", error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SiteFileError(path, "file", f"is not TOML: {error}") from None
    except RecursionError:
        raise SiteFileError(path, "file", "is nested too deeply") from None
    _refuse_unknown_keys(path, tables, SiteFile, "")
    try:
        site = msgspec.convert(tables, SiteFile)
    except msgspec.ValidationError as error:
        why, _, place = str(error).partition(" - at `$")
        place = place.strip("`").lstrip(".")
        raise SiteFileError(path, place or "file", why + _choices(place)) from None
    site = _with_whole_paths(site, path.parent)
    _check_values(path, site)
    return site


def _with_whole_paths(site: SiteFile, folder: Path) -> SiteFile:
    """Let the files of the networks count from the folder of the site file."""
    replace = msgspec.structs.replace
    blocks = []
    for ehr in site.ehr:
        network = ehr.network
        if network is not None:
            files = {name: getattr(network, name) for name in _NETWORK_FILES}
            whole = {name: str(folder / file) for name, file in files.items() if file is not None}
            network = replace(network, **whole)
        blocks.append(replace(ehr, network=network))
    return replace(site, ehr=tuple(blocks))


def _choices(place: str) -> str:
    """Name the values that a key may have, where these are few."""
    key = place.rpartition(".")[2]
    for shape in (SiteFile, Ehr, EhrClient):
        hint = get_type_hints(shape).get(key.partition("[")[0])
        for choices in (hint, *get_args(hint)):
            if get_origin(choices) is Literal:
                return f"; known: {', '.join(get_args(choices))}"
    return ""


def _refuse_unknown_keys(
    path: Path, table: Mapping[str, object], shape: type[msgspec.Struct], where: str
) -> None:
    """Name an unknown key together with the keys that exist in its place."""
    inner: dict[str, type[msgspec.Struct]] = {
        "afp": AfpSettings,
        "client": EhrClient,
        "smart": EhrSmart,
        "network": EhrNetwork,
    }
    known = shape.__struct_fields__
    for key, found in table.items():
        if key not in known:
            raise SiteFileError(path, where + key, f"unknown key; known: {', '.join(known)}")
        if key in inner and isinstance(found, dict):
            _refuse_unknown_keys(path, found, inner[key], f"{where}{key}.")
        if key == "ehr" and isinstance(found, list):
            for number, block in enumerate(found):
                if isinstance(block, dict):
                    _refuse_unknown_keys(path, block, Ehr, f"ehr[{number}].")


def _check_values(path: Path, site: SiteFile) -> None:
    if site.timezone == "":
        raise SiteFileError(path, "timezone", "is empty; name one such as Europe/Berlin")
    try:
        _ = site.zone
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SiteFileError(path, "timezone", f"{site.timezone!r} is not a time zone") from None
    if site.afp.iu_to_ng is not None and not 0.1 < site.afp.iu_to_ng < 10:  # noqa: PLR2004 (far outside any assay)
        raise SiteFileError(path, "afp.iu_to_ng", "is not a plausible number of ng per IU")
    for local in site.codes:
        system, bar, code = local.rpartition("|")
        if not (bar and system and code and local.isprintable() and code == code.strip()):
            why = 'must have the form "system|code", without line breaks or blanks around the code'
            shown = local if local.isprintable() else ascii(local)
            raise SiteFileError(path, f"codes.{shown}", why)
    for key, why in (*report_faults("report_url", site.report_url), *ehr_faults(site.ehr)):
        raise SiteFileError(path, key, why)
