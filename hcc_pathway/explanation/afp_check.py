"""Whether an AFP is to be checked before relying on what is offered: one answer for all views."""

from typing import Literal

from hcc_pathway.recommendation import Recommendation

_AFP = "alpha-fetoprotein"
_CRITERION = "afp-at-least-400"


def afp_check(
    document: Recommendation,
) -> Literal["afp-unit", "missing-afp", "stale-afp"] | None:
    """Name what is to be checked: any AFP at all, one in ng/mL that decides, or a newer one.

    None where nothing is offered, where AFP is not asked for, and where an option is flagged to
    rest on an old one, which says it already (A10).
    """
    asked = any(one.input == _AFP for one in document.missing)
    is_flagged = any("stale-afp" in option.flags for option in document.options)
    if not document.options or not asked or is_flagged:
        return None
    is_used = any(one.input == _AFP for one in document.inputs)
    if not is_used:
        return "missing-afp"
    is_undecided = any(
        one.criterion == _CRITERION and one.answer == "unknown" for one in document.withheld
    )
    return "afp-unit" if is_undecided else "stale-afp"
