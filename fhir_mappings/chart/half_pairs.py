r"""Escapes for half of a surrogate pair (``"\ud800"``): legal JSON, but no text in any encoding.

A decoder that meets one gives up on all that stands around it, a chart of megabytes included.
"""

import re
from typing import Final

HALF_PAIR: Final = "\N{REPLACEMENT CHARACTER} half of a surrogate pair"
_NAME: Final = HALF_PAIR.encode("ascii", "backslashreplace")  # "\ufffd ...": ASCII in any body
_MAYBE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
# possessive, and never without a match: linear in texts that are no JSON, too
_STRING: Final = re.compile(rb'"((?:[^"\\]++|\\.)*+)"?(\s*+:)?', re.DOTALL)
_ESCAPE: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)


def without_half_pairs(body: bytes) -> bytes:
    """Make strings of a JSON text that hold half of a pair unreadable where they stand.

    A value becomes ``[["..."]]``, which no element of FHIR is: a resource that is read there is an
    unreadable one, and one that is not is read as before. The text is ``HALF_PAIR``; so is a name
    of a member that was one. Any other text comes back as it is.
    """
    return body if _MAYBE.search(body) is None else _STRING.sub(_readable, body)


def _readable(found: re.Match[bytes]) -> bytes:
    if not any(escape["half"] for escape in _ESCAPE.finditer(found[1])):
        return found[0]
    colon = found[2]
    return b'[["' + _NAME + b'"]]' if colon is None else b'"' + _NAME + b'"' + colon
