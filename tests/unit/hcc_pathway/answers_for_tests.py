"""The recommendation for a case on the day of the tests, and parts of it."""

import msgspec

from hcc_pathway.case import PatientCase
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy

from .cases_for_tests import TODAY, knowledge


def answer(case: PatientCase, **site: object) -> Recommendation:
    return select(case, knowledge(), on=TODAY, site=SitePolicy(**site))  # type: ignore[arg-type]  # by name


def names(given: Recommendation) -> list[str]:
    return [option.therapy for option in given.options]


def input_value(given: Recommendation, name: str) -> object:
    (found,) = [one.value for one in given.inputs if one.input == name]
    return msgspec.to_builtins(found)
