"""Does the envelope of a Bundle name a key twice? Readers differ on which of the two counts."""

from collections.abc import Collection
from typing import Final

import msgspec

from fhir_mappings.errors import UNREADABLE


class _Name:
    """A member name that equals no other, so that names that are there twice survive."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


_Members = dict[_Name, msgspec.Raw]
# entries and links one level further than the rest, in the same pass
_Envelope = dict[_Name, list[_Members] | _Members | str | int | float | bool | None]
_envelope: Final = msgspec.json.Decoder(_Envelope, dec_hook=lambda _type, text: _Name(text))


def repeats_envelope_keys(raw: msgspec.Raw) -> bool:
    """Whether a Bundle, or one of its entries or links, names a key more than once."""
    try:
        members = _envelope.decode(raw)
    except UNREADABLE:  # of another shape: the loose reading of envelopes says what is wrong
        return False
    return _repeats(members) or any(
        _repeats(one) for part in members.values() if isinstance(part, list) for one in part
    )


def _repeats(members: Collection[_Name]) -> bool:
    return len({name.text for name in members}) != len(members)
