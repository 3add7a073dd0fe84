"""What is to be checked about AFP: the same on a card's title and on the page."""

import msgspec
import pytest

from hcc_pathway.case import Reading
from hcc_pathway.explanation.afp_check import afp_check

from .answers_for_tests import answer
from .cases_for_tests import reading, tolerant


@pytest.mark.parametrize(
    ("afp", "check"),
    [
        ((), "missing-afp"),
        ((reading("812", age=91),), "missing-afp"),  # too old to be used
        ((reading("812", age=90),), None),  # flagged as old
        ((reading("812"),), None),
        ((reading("100", age=31),), "stale-afp"),  # it decides, and is asked for anew
        ((reading("100", age=30),), None),
        ((reading("380", "IU/mL"),), "afp-unit"),
        ((reading("< 2000"),), "afp-unit"),
    ],
    ids=[
        "none",
        "unusable",
        "old",
        "decides",
        "old-and-low",
        "low",
        "undecidable-unit",
        "open-bound",
    ],
)
def test_an_afp_is_to_be_checked_where_options_wait_for_it(
    afp: tuple[Reading, ...], check: str | None
) -> None:
    assert afp_check(answer(tolerant(afp=afp))) == check


def test_without_an_option_no_afp_is_to_be_checked() -> None:
    offered = answer(tolerant(afp=()))
    assert afp_check(msgspec.structs.replace(offered, options=())) is None
