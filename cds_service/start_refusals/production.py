"""What production needs before it serves anyone."""

from pathlib import Path

from cds_service.client_tokens.key_sources import NO_KEY_OF_USE, keys_of_file
from cds_service.client_tokens.refusal import KeysUnavailable
from cds_service.settings import SettingError, Settings
from cds_service.site_file import Ehr, SiteFileError
from cds_service.start_refusals.addresses import is_acceptable


def refuse_unready_production(settings: Settings) -> None:
    """Stop a production that would let in whom it cannot prove, or nobody at all.

    The secret key, the time zone and the fixed day were checked when the settings were read.

    Raises:
        SettingError: a variable, and what to set.
        SiteFileError: the site file, its key, and what to write.

    """
    if not is_acceptable(settings.public_url):
        message = (
            f"HCC_CDS_PUBLIC_URL: {settings.public_url!a} is http beyond loopback: set the https "
            "address that the EHR calls"
        )
        raise SettingError(message)
    path = settings.site_path or Path()
    if not settings.site.ehr:
        why = "production needs the EHR that calls: add an [[ehr]] block with [ehr.client]"
        raise SiteFileError(path, "ehr", why)
    for number, ehr in enumerate(settings.site.ehr):
        _refuse_unready_block(path, f"ehr[{number}]", ehr)


def _refuse_unready_block(path: Path, key: str, ehr: Ehr) -> None:
    if ehr.client is None:
        why = "production serves proven clients only: add issuer and jwks_url or jwks_file"
        raise SiteFileError(path, f"{key}.client", why)
    if ehr.client.jwks_file is None:
        return
    try:
        why = "" if keys_of_file(path.parent / ehr.client.jwks_file) else NO_KEY_OF_USE
    except OSError as error:
        why = error.strerror or "cannot be read"
    except KeysUnavailable as error:
        why = str(error)
    if why:
        why = f"{why}: put the EHR's public key set there"
        raise SiteFileError(path, f"{key}.client.jwks_file", why)
