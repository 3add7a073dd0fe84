"""JSON that went to or fro, as the page shows it."""

from typing import Final

import msgspec

from hcc_pathway.visible_text import spelled_out

_INDENTED_BYTES: Final = 1_000_000  # blanks before deep brackets make more than they are
_SHOWN: Final = 2_000_000


def shown_json(body: bytes) -> str:
    """Indent JSON and spell out invisible characters; of megabytes the beginning is shown."""
    is_large = len(body) > _INDENTED_BYTES
    text = (body[:_INDENTED_BYTES] if is_large else msgspec.json.format(body, indent=1)).decode(
        "utf-8", "ignore"
    )
    if is_large or len(text) > _SHOWN:
        text = f"{text[:_SHOWN]}\n... only the beginning of {len(body)} bytes is shown"
    return spelled_out(text)
