"""The sample patients: synthetic charts that keep their own day and are shifted to any other.

Each sample is a folder with ``chart.json`` (a FHIR R4 Bundle of one patient), ``intent.yaml``
(its day and what it shows) and ``expected.json`` (the recommendation document on that day).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.errors import HccCdsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A JSON string that is a date or begins a dateTime; text that merely holds a date is not shifted.
_DATE_VALUE = re.compile(rb'(?<=")([0-9]{4}-[0-9]{2}-[0-9]{2})(?=["T])')


class SampleChartError(HccCdsError):
    """A sample folder that cannot be read: which file and what is wrong."""


class SampleChart(msgspec.Struct, frozen=True, kw_only=True):
    """One sample patient as stored."""

    name: str  # the folder's name
    as_of: date  # the day for which the chart was written
    shows: str  # one sentence
    dialect: str
    folder: Path

    def chart(self, *, on: date | None = None) -> bytes:
        """Return the Bundle, with every date moved by whole days so that ``as_of`` is ``on``."""
        stored = (self.folder / "chart.json").read_bytes()
        return stored if on is None else shifted(stored, (on - self.as_of).days)


class _Intent(msgspec.Struct, frozen=True, rename="camel"):
    as_of: date
    shows: str
    dialect: str


def read_samples(folder: Path) -> Iterator[SampleChart]:
    """Read what every sample folder says about itself, by name.

    Raises:
        SampleChartError: an ``intent.yaml`` that cannot be read.

    """
    for intent_file in sorted(folder.glob("*/intent.yaml")):
        try:
            intent = msgspec.yaml.decode(intent_file.read_bytes(), type=_Intent)
        except msgspec.MsgspecError as error:
            message = f"{intent_file}: {error}"
            raise SampleChartError(message) from error
        yield SampleChart(
            name=intent_file.parent.name,
            as_of=intent.as_of,
            shows=intent.shows,
            dialect=intent.dialect,
            folder=intent_file.parent,
        )


def shifted(chart: bytes, days: int) -> bytes:
    """Move every whole date and dateTime of a chart by whole days.

    Times of day and offsets stay. Birth dates move too, so ages stay. Partial dates ("2019-05")
    cannot move by days and stay: the sample charts hold none that decides anything.
    """
    if days == 0:
        return chart
    by = timedelta(days=days)

    def moved(match: re.Match[bytes]) -> bytes:
        return (date.fromisoformat(match[1].decode()) + by).isoformat().encode()

    return _DATE_VALUE.sub(moved, chart)
