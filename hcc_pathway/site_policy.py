"""What a site may set about the pathway itself."""

import msgspec


class SitePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A site's choices: how "400" is read for AFP (A9), and whose notices decide.

    Without a jurisdiction the notices of every jurisdiction are shown and none withdraws an
    order suggestion.
    """

    afp_inclusive: bool = True  # True: "at least 400"; False: "greater than 400"
    jurisdiction: str | None = None  # "US"
