"""``hcc-cds silent report``."""

import sys
from datetime import date

import msgspec
from rich.console import Console

from cds_service.silent_mode.report import silent_report
from cds_service.silent_mode.report_page import report_page
from cds_service.storage.engines import open_storage
from cds_service.storage.revisions import make_sure_of_tables


def report(database_url: str, since: date | None, *, as_json: bool) -> int:
    """Print the figures and return the exit code; ``since`` counts from its month on.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be read.

    """
    make_sure_of_tables(database_url, may_migrate=False)
    storage = open_storage(database_url)
    try:
        figures = silent_report(storage, None if since is None else since.strftime("%Y-%m"))
    finally:
        storage.close()
    if as_json:
        sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
    else:
        Console().print(report_page(figures))
    return 0
