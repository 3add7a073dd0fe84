"""What cannot be read at all, as opposed to what is read with gaps."""

from typing import Final

import msgspec

from hcc_pathway.errors import HccCdsError

# what decoding raises for text that is not JSON, not UTF-8, too deep or of another shape
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class ChartRejected(HccCdsError):  # noqa: N818 - the name says what happened
    """The chart as sent must not be used: not FHIR, or a Patient resource of somebody else.

    The text names the part and the reason, never an identifier of a person.
    """


class NeededDataAbsent(HccCdsError):  # noqa: N818 - the name says what happened
    """Conditions, or every source of medications, could not be had (HTTP: 412)."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """``keys``: the prefetch keys of which at least one would have to be supplied."""
        self.keys = keys
        super().__init__("needed data could not be had: " + ", ".join(keys))
