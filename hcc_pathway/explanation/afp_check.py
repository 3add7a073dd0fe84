"""Whether an AFP is to be checked before relying on what is offered: one answer for all views."""

from typing import Literal

from hcc_pathway.recommendation import Recommendation

_AFP = "alpha-fetoprotein"


def afp_check(document: Recommendation) -> Literal["afp-unit", "missing-afp"] | None:
    """Name what is to be checked: an AFP in ng/mL beside the one used, or any AFP at all.

    None where nothing is offered, where AFP is not asked for, and where an option is flagged to
    rest on an old one, which says it already (A10).
    """
    asked = any(one.input == _AFP for one in document.missing)
    is_flagged = any("stale-afp" in option.flags for option in document.options)
    if not document.options or not asked or is_flagged:
        return None
    is_used = any(one.input == _AFP for one in document.inputs)
    return "afp-unit" if is_used else "missing-afp"
