"""What a site may set about the pathway itself, and about how its charts are read."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec


class SitePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A site's choices: how "400" is read for AFP (A9), and whose notices decide.

    Without a jurisdiction the notices of every jurisdiction are shown and none withdraws an
    order suggestion.
    """

    afp_inclusive: bool = True  # True: "at least 400"; False: "greater than 400"
    jurisdiction: str | None = None  # "US"


class SiteReading(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a site file that may change an answer to the same chart on the same day."""

    policy: SitePolicy
    iu_to_ng: Decimal | None = None  # ng/mL of one IU/mL of AFP, where the site knows its assay
    local_codes: Mapping[str, str] = {}  # the site's own codes, mapped to ours
