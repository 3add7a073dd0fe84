"""``hcc-cds feedback report``."""

import sys
from datetime import date

import msgspec
from rich.console import Console

from cds_service.feedback.report import feedback_report
from cds_service.feedback.report_page import report_page
from cds_service.storage.engines import open_storage
from cds_service.storage.revisions import make_sure_of_tables


def report(database_url: str, since: date | None, *, as_json: bool) -> int:
    """Print the figures and return the exit code.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be read.

    """
    make_sure_of_tables(database_url, may_migrate=False)
    storage = open_storage(database_url)
    try:
        figures = feedback_report(storage, since)
    finally:
        storage.close()
    if as_json:
        sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
    else:
        Console().print(report_page(figures))
    return 0
