"""One strict reading of request bodies, before anything looks inside.

The envelope (everything but the resources of ``prefetch``) is read completely; resources stay raw
bytes, so that a body of megabytes is scanned once and never turned into Python objects here.
"""

import json
import re
from collections import Counter
from typing import Any, NoReturn, TypeVar

import msgspec

from fhir_mappings.chart.half_pairs import HALF_PAIR, without_half_pairs
from hooks.messages import RequestRejected

MAX_DEPTH = 64
MAX_MEMBERS = 10_000  # of one part of the envelope; each is read by itself, which costs
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class _Name:
    """A member name that equals nothing else, so that duplicate names survive decoding."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


_Scalar = str | int | float | bool | None
_Split = dict[_Name, msgspec.Raw] | list[msgspec.Raw] | _Scalar
# two levels in one pass: whoever splits the body and then its prefetch scans megabytes twice
_BODY = msgspec.json.Decoder(dict[_Name, _Split], dec_hook=lambda _type, text: _Name(text))

_TEXT = msgspec.json.Decoder(str)
_T = TypeVar("_T")
_HALF = "is not valid JSON (half of a surrogate pair)"
_HALF_PAIR = HALF_PAIR.encode("ascii", "backslashreplace")
Member = dict[str, msgspec.Raw] | list[msgspec.Raw] | _Scalar


def object_members(body: bytes) -> dict[str, Member]:
    """Split a request body into the members of its object, or refuse it.

    A member that is an object or a list is split as well; what it holds stays raw. Refused: an
    empty body, another encoding than UTF-8 or a byte order mark, anything that is not JSON (NaN
    and Infinity are not), anything but an object, a member twice, too many of them, too deep a
    nesting. Half of a surrogate pair is left to ``value``: in a resource it makes that resource
    unreadable.
    """
    _check_encoding(body)
    named = _split(body)
    if _deeper_than(body, MAX_DEPTH):
        raise RequestRejected(part="body", why=f"is nested deeper than {MAX_DEPTH} levels")
    found = _distinct(named, "body")
    return {
        name: _distinct(member, name[:64]) if isinstance(member, dict) else member
        for name, member in found.items()
    }


def _check_encoding(body: bytes) -> None:
    if not body:
        raise RequestRejected(part="body", why="is empty")
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in body[:4]:
        raise RequestRejected(part="body", why="must be UTF-8 without a byte order mark")
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise RequestRejected(part="body", why=f"byte {error.start} is not UTF-8") from None


def _split(body: bytes) -> dict[_Name, _Split]:
    try:
        return _BODY.decode(body)
    except msgspec.ValidationError as error:
        # a reader of JSON may limit the range of numbers; it should say that this is why
        is_number = "out of range" in str(error)
        why = "holds a number out of range" if is_number else "must be a JSON object"
        raise RequestRejected(part="body", why=why) from None
    except RecursionError:
        why = f"is nested deeper than {MAX_DEPTH} levels"
        raise RequestRejected(part="body", why=why) from None
    except msgspec.DecodeError as error:
        # half of a surrogate pair in a resource costs that resource, and not the whole body
        mended = without_half_pairs(body)
        if mended != body:
            return _split(mended)
        raise RequestRejected(part="body", why=f"is not valid JSON ({error})") from None


def _distinct(named: dict[_Name, _T], part: str) -> dict[str, _T]:
    """Give members by their names as text; a name that is there twice is refused."""
    if len(named) > MAX_MEMBERS:
        raise RequestRejected(part=part, why=f"has more than {MAX_MEMBERS} members")
    found = {name.text: member for name, member in named.items()}
    if len(found) != len(named):
        _refuse_twice([name.text for name in named], part)
    if HALF_PAIR in found:
        raise RequestRejected(part=part, why=_HALF)
    return found


def _refuse_twice(names: list[str], part: str) -> NoReturn:
    twice = next(name for name, times in Counter(names).items() if times > 1)
    raise RequestRejected(part=part, why=f"the member {twice[:64]!a} is there twice")


def value(member: Member, part: str) -> object:
    """Read a small part of the envelope completely, refusing duplicates, NaN and Infinity."""
    if isinstance(member, dict):
        return {name: _value(raw, part) for name, raw in member.items()}
    if isinstance(member, list):
        if len(member) > MAX_MEMBERS:
            raise RequestRejected(part=part, why=f"has more than {MAX_MEMBERS} members")
        return [_value(raw, part) for raw in member]
    return member


def _value(raw: msgspec.Raw, part: str) -> object:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = dict(pairs)
        if len(names) != len(pairs):
            _refuse_twice([name for name, _ in pairs], part)
        return names

    def refuse_constant(name: str) -> NoReturn:
        raise RequestRejected(part=part, why=f"{name} is not JSON")

    text = bytes(raw)
    if _HALF_PAIR in text:
        raise RequestRejected(part=part, why=_HALF)
    try:
        if text.startswith(b'"'):
            return _TEXT.decode(text)
        found: object = json.loads(text, object_pairs_hook=unique, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RequestRejected(part=part, why=f"is not valid JSON ({str(error)[:120]})") from None
    return found


def _deeper_than(body: bytes, limit: int) -> bool:
    """Say whether arrays and objects are nested beyond the limit, in a few passes of C speed.

    Brackets alone are kept and innermost pairs removed, one level per pass. Brackets inside
    strings can only leave a remainder; then strings are taken out first and the answer is exact.
    """
    if not _remainder(body.translate(_ONE_KIND, _NOT_BRACKETS), limit):
        return False
    without_strings = _JSON_STRING.sub(b"", body)
    return bool(_remainder(without_strings.translate(_ONE_KIND, _NOT_BRACKETS), limit))


def _remainder(brackets: bytes, levels: int) -> bytes:
    for _ in range(levels):
        if not brackets:
            break
        fewer = brackets.replace(b"[]", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    return brackets
