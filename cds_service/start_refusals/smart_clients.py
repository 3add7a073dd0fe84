"""The SMART client of one EHR block: its secret or key is there and usable, or nothing starts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cds_service.site_file import Ehr, EhrSmart, SiteFile, SiteFileError
from smart_app.launch.client_keys import ClientKey, KeyUnusable, read_client_key


def client_secrets(
    environment: Mapping[str, str], site: SiteFile, path: Path | None
) -> dict[str, str]:
    """Take the secrets that the site file names out of the environment, by EHR.

    Raises:
        SiteFileError: a variable is not set, or cannot be a secret.

    """
    found = {}
    for number, ehr, smart in _clients(site):
        if smart.client_secret_env is None:
            continue
        secret = environment.get(smart.client_secret_env, "")
        if not secret or not secret.isascii() or not secret.isprintable():
            why = f"the variable {smart.client_secret_env!a} holds no secret: set it, or remove it"
            raise SiteFileError(path or Path(), f"ehr[{number}].smart.client_secret_env", why)
        found[ehr.name] = secret
    return found


def client_keys(site: SiteFile, path: Path | None) -> dict[str, ClientKey]:
    """Read the private keys that the site file names, by EHR; paths count from the site file.

    Raises:
        SiteFileError: a file cannot be read, or holds no key that can be used.

    """
    found = {}
    for number, ehr, smart in _clients(site):
        if smart.private_key_file is None:
            continue
        key = f"ehr[{number}].smart.private_key_file"
        try:
            found[ehr.name] = read_client_key((path or Path()).parent / smart.private_key_file)
        except OSError as error:
            why = f"{error.strerror or 'cannot be read'}: put the app's private key there"
            raise SiteFileError(path or Path(), key, why) from None
        except KeyUnusable as error:
            why = f"{error}: make one with openssl ecparam -name secp384r1 -genkey -noout"
            raise SiteFileError(path or Path(), key, why) from None
    return found


def _clients(site: SiteFile) -> Iterator[tuple[int, Ehr, EhrSmart]]:
    for number, ehr in enumerate(site.ehr):
        if ehr.smart is not None:
            yield number, ehr, ehr.smart
