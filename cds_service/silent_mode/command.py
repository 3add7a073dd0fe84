"""``hcc-cds silent report``."""

from datetime import date

from cds_service.silent_mode.report import silent_report
from cds_service.silent_mode.report_page import report_page
from cds_service.storage.report_command import print_report


def report(database_url: str, since: date | None, *, as_json: bool) -> int:
    """Print the figures and return the exit code; ``since`` counts from its month on.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be read.

    """
    month = None if since is None else since.strftime("%Y-%m")
    return print_report(
        database_url, lambda storage: silent_report(storage, month), report_page, as_json=as_json
    )
