"""A regulatory notice is checked again when its source is more than 730 days old."""

from datetime import timedelta

import pytest

from hcc_pathway.knowledge_base.check import check
from hcc_pathway.knowledge_base.files import PACKAGE_ROOT, read_folder


@pytest.mark.parametrize(("age_days", "reported"), [(730, False), (731, True)])
def test_a_notice_is_reported_from_731_days_after_its_last_check(
    age_days: int,
    reported: bool,  # noqa: FBT001 - a column of the table
) -> None:
    checked_on = {notice.content.checked_on for notice in read_folder(PACKAGE_ROOT)[0].notices}
    oldest = min(checked_on)

    found = check(today=oldest + timedelta(days=age_days))

    assert ("checked_on" in {finding.key for finding in found}) == reported
