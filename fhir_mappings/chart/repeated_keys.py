"""Does a JSON object name a key twice? Readers differ on which counts, so neither may decide."""

import json

import msgspec

from fhir_mappings.errors import UNREADABLE

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def has_repeated_keys(raw: msgspec.Raw) -> bool:
    """Whether any object within ``raw`` (valid JSON) has the same key more than once.

    Decoding drops repeated keys: written again, such a text has fewer colons. A colon written as
    an escape would be missing from that count, so such a text is read pair by pair.
    """
    text = bytes(raw)
    if b"\\u003" in text:
        return _has_repeated_pairs(text)
    try:
        written = _encode(_decode(text))
    except UNREADABLE:
        return True  # not readable for every reader: as good as ambiguous
    return text.count(b":") != written.count(b":")


class _RepeatedKeyError(ValueError):
    pass


def _distinct(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _RepeatedKeyError


def _has_repeated_pairs(text: bytes) -> bool:
    try:
        json.loads(text, object_pairs_hook=_distinct, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):  # repeated, or not readable for every reader
        return True
    return False
