"""What one family of EHRs accepts of a card; everything else is the same for all.

The facts behind each profile stand in ``docs/integrate``: what a vendor documents, not what it
might do.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Replacing(StrEnum):
    """How a suggestion puts a better draft in the place of the one on the screen."""

    CREATE_AND_DELETE = "create-and-delete"  # two actions of one suggestion
    SEPARATE = "separate"  # one suggestion for each of the two actions
    UPDATE = "update"  # the whole resource anew, under the id of the draft


@dataclass(frozen=True, slots=True)
class EhrProfile:
    """One family of EHRs.

    ``exclusive`` is the selection behaviour of suggestions of which only one can be taken.
    ``systems_as_oid`` writes the code systems of drafts as ``urn:oid:...``. ``app_context`` says
    whether a link may carry one.
    """

    name: Literal["standard", "epic", "oracle"]
    exclusive: Literal["any", "at-most-one"]
    replacing: Replacing
    systems_as_oid: bool
    app_context: bool


STANDARD = EhrProfile(
    "standard",
    "at-most-one",
    Replacing.CREATE_AND_DELETE,
    systems_as_oid=False,
    app_context=True,
)
# only "any", one action per suggestion, MedicationRequest created or deleted but never updated
EPIC = EhrProfile("epic", "any", Replacing.SEPARATE, systems_as_oid=True, app_context=True)
# documents no actions at all: the plainest form, one action; says that it drops appContext
ORACLE = EhrProfile("oracle", "any", Replacing.UPDATE, systems_as_oid=False, app_context=False)
PROFILES = {profile.name: profile for profile in (STANDARD, EPIC, ORACLE)}
