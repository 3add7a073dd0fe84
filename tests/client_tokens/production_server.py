"""The service in production mode, started as its own command with real workers."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cds_service.storage.migrating import migrate
from tests.client_tokens.hospital import FILE_BASE, FILE_ISSUER
from tests.client_tokens.tokens import PUBLIC_URL, Signer, key_set
from tests.real_server.processes import free_port, running

ROOT = Path(__file__).parents[2]
SITE = f"""
timezone = "UTC"
[[ehr]]
name = "a"
fhir_base = "{FILE_BASE}"
[ehr.client]
issuer = "{FILE_ISSUER}"
"""


@dataclass(frozen=True)
class Production:
    """A running production."""

    port: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def environment(folder: Path, database_url: str, keys: str, site: str = "") -> dict[str, str]:
    """Write the site file of one EHR and give the variables that a production needs.

    Args:
        folder: where the site file goes.
        database_url: the database.
        keys: the line that says where the keys are.
        site: further lines of the block's client.

    """
    path = folder / "site.toml"
    path.write_text(f"{SITE}{keys}\n{site}")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("HCC_CDS_")}
    return inherited | {
        "HCC_CDS_SECRET_KEY": "s" * 32,
        "HCC_CDS_SITE_FILE": str(path),
        "HCC_CDS_PUBLIC_URL": PUBLIC_URL,
        "HCC_CDS_DATABASE_URL": database_url,
        "HCC_CDS_METRICS_BIND": f"127.0.0.1:{free_port()}",
        "HCC_CDS_LOG_LEVEL": "WARNING",
    }


@contextmanager
def production(
    folder: Path,
    database_url: str,
    *signers: Signer,
    keys: str = 'jwks_file = "keys.json"',
    workers: int = 2,
    **variables: str,
) -> Iterator[Production]:
    """Migrate a database and serve production on it until the block ends."""
    (folder / "keys.json").write_bytes(key_set(*signers))
    migrate(database_url)
    port = free_port()
    with running(
        [sys.executable, "-m", "cds_service.cli", "serve"],
        answers_at=f"http://127.0.0.1:{port}/health/live",
        log=folder / "service.log",
        environment=environment(folder, database_url, keys)
        | {"HCC_CDS_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(workers)}
        | variables,
        cwd=ROOT,
    ):
        yield Production(port, folder / "service.log")
