"""``hcc-cds feedback report``."""

from datetime import date

from cds_service.feedback.report import feedback_report
from cds_service.feedback.report_page import report_page
from cds_service.storage.report_command import print_report


def report(database_url: str, since: date | None, *, as_json: bool) -> int:
    """Print the figures and return the exit code.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be read.

    """
    return print_report(
        database_url, lambda storage: feedback_report(storage, since), report_page, as_json=as_json
    )
