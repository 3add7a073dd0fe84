"""The sample charts as hook calls to damage, and how a call becomes bytes."""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from cds_service.sample_charts import hook_request
from tests.samples.stored import SAMPLES

Json = dict[str, Any]
TODAY = date(2026, 11, 22)
NAMES = [sample.name for sample in SAMPLES]
# Charts in which no active liver cancer is recorded: nothing but conditions is looked at.
WITHOUT_LIVER_CANCER = {"no-liver-cancer"}
_TWICE = re.compile(r'"twice:(\d+:)?([^"]*)"')


@lru_cache(maxsize=64)
def _text(name: str) -> str:
    (sample,) = [one for one in SAMPLES if one.name == name]
    return json.dumps(hook_request(sample.moved_to(TODAY)))


def call_of(name: str) -> Json:
    """Give a fresh patient-view call of a sample."""
    call: Json = json.loads(_text(name))
    return call


def written(call: Json) -> bytes:
    """Write a call; a member named ``twice:1:code`` is written as a second ``code``."""
    return _TWICE.sub(r'"\2"', json.dumps(call)).encode()


def entries(call: Json) -> Iterator[tuple[str, list[Json], int]]:
    """Every entry of every prefetch Bundle: key, list, position."""
    for key, bundle in call["prefetch"].items():
        if key != "patient":
            for position in range(len(bundle["entry"])):
                yield key, bundle["entry"], position


def with_totals(call: Json) -> Json:
    """Make each Bundle say how many entries it has."""
    for key, bundle in call["prefetch"].items():
        if key != "patient":
            bundle["total"] = len(bundle["entry"])
    return call


def as_bundle(call: Json) -> Json:
    """Put the same resources into one Bundle for the recommendation API."""
    chart = [{"resource": call["prefetch"]["patient"]}]
    for bundle in list(call["prefetch"].values())[1:]:
        chart.extend(bundle["entry"])
    return {"resourceType": "Bundle", "type": "collection", "entry": chart}
