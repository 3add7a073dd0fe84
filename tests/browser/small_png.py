"""Screenshots of pages with few colours, as PNGs with a palette: a quarter of the size."""

import base64
import struct
import zlib
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page

_MOST_COLOURS = 256
_PIXELS = """async (png) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const drawn = canvas.getContext("2d");
  drawn.drawImage(picture, 0, 0);
  const {data} = drawn.getImageData(0, 0, picture.width, picture.height);
  let text = "";
  for (let i = 0; i < data.length; i += 4) {
    text += String.fromCharCode(data[i], data[i + 1], data[i + 2]);
  }
  return [picture.width, picture.height, btoa(text)];
}"""
Colour = tuple[int, int, int]


def write_small(page: Page, png: bytes, path: Path) -> None:
    """Write a screenshot with at most 256 colours; ``page`` is only asked to decode it."""
    width, height, pixels = page.evaluate(_PIXELS, base64.b64encode(png).decode())
    raw = base64.b64decode(pixels)
    colours = list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    palette = [colour for colour, _ in Counter(colours).most_common(_MOST_COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in set(colours) - places.keys():
        places[colour] = min(range(len(palette)), key=lambda at: _apart(palette[at], colour))
    indexed = bytes(places[colour] for colour in colours)
    rows = b"".join(b"\0" + indexed[at : at + width] for at in range(0, len(indexed), width))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(part for colour in palette for part in colour))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _apart(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
