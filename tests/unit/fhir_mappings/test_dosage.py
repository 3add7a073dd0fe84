"""Dosage as milligrams per calendar day."""

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from fhir_mappings.drugs.dosage import read_phases
from fhir_mappings.drugs.sig import read_sig
from hcc_pathway.drug_record import CycleAnchor

TABLET = Decimal(200)
MG_400 = [{"doseQuantity": {"value": 400, "unit": "mg"}}]


def dose_of(
    dosage: object, strength: Decimal | None = TABLET
) -> tuple[list[str | None], list[str | None]] | None:
    (phase,) = read_phases(msgspec.Raw(json.dumps(dosage).encode()), strength)
    if phase.dose is None:
        return None
    low, high = (
        [None if mg is None else f"{mg:.0f}" for mg in reading]
        for reading in (phase.dose.low_mg, phase.dose.high_mg)
    )
    return low, high


def scheduled(**repeat: object) -> list[dict[str, Any]]:
    return [{"timing": {"repeat": repeat}, "doseAndRate": MG_400}]


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("repeat", "low", "high"),
    [
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, ["800"], ["800"]),
        ({"period": 1, "periodUnit": "d"}, ["400"], ["400"]),
        ({"frequency": 1, "frequencyMax": 2, "period": 1, "periodUnit": "d"}, ["400"], ["800"]),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, ["1200"], ["1200"]),
        ({"frequency": 1, "period": 10, "periodUnit": "h"}, ["800"], ["1200"]),
        ({"frequency": 1, "period": 36, "periodUnit": "h"}, ["0"], ["400"]),
        ({"frequency": 1, "period": 24, "periodUnit": "h"}, ["400"], ["400"]),
        ({"frequency": 1, "period": 3, "periodUnit": "d"}, ["400", "0", "0"], ["400", "0", "0"]),
        ({"frequency": 1, "period": 1, "periodMax": 2, "periodUnit": "d"}, ["0"], ["400"]),
        ({"frequency": 3, "period": 1, "periodUnit": "wk"}, ["0"], ["1200"]),
        ({"timeOfDay": ["08:00:00", "20:00:00"]}, ["800"], ["800"]),
        ({"when": ["MORN"]}, ["400"], ["400"]),
    ],
)
def test_a_schedule_gives_the_milligrams_of_each_day_of_its_cycle(
    repeat: dict[str, Any], low: list[str], high: list[str]
) -> None:
    assert dose_of(scheduled(**repeat)) == (low, high)


@pytest.mark.parametrize(
    "repeat",
    [
        {"frequency": 1, "period": 1, "periodUnit": "mo"},
        {"frequency": 1, "period": 0, "periodUnit": "d"},
        {"frequency": 1, "period": 1.5, "periodUnit": "d"},
        {"frequency": -1, "period": 1, "periodUnit": "d"},
        {"frequency": 2, "period": 1},
        {"dayOfWeek": ["someday"]},
        {"count": 3, "frequency": 1, "period": 1, "periodUnit": "d"},
    ],
)
def test_a_schedule_that_gives_no_daily_number_is_an_unknown_dose(repeat: dict[str, Any]) -> None:
    assert dose_of(scheduled(**repeat)) is None


def test_named_days_of_the_week_begin_on_monday() -> None:
    (phase,) = read_phases(
        msgspec.Raw(json.dumps(scheduled(dayOfWeek=["mon", "sun"])).encode()), None
    )
    assert phase.dose is not None
    assert phase.dose.anchor is CycleAnchor.MONDAY
    assert [int(mg or 0) for mg in phase.dose.low_mg] == [400, 0, 0, 0, 0, 0, 400]


@pytest.mark.parametrize(
    "dosage",
    [
        [{"asNeededBoolean": True, **scheduled(period=1, periodUnit="d")[0]}],
        [{"asNeededCodeableConcept": {"text": "pain"}, **scheduled(period=1, periodUnit="d")[0]}],
        [{"timing": {"event": ["2026-01-01"]}, "doseAndRate": MG_400}],
        [{"doseAndRate": MG_400}],
        [{"timing": {"repeat": {"period": 1, "periodUnit": "d"}}, "doseAndRate": "much"}],
        [{"timing": "BID", "doseAndRate": MG_400}],
        "twice",
        [42],
        [
            {
                "timing": {"repeat": {"period": 1, "periodUnit": "d"}},
                "doseAndRate": [*MG_400, {"doseQuantity": {"value": 200, "unit": "mg"}}],
            }
        ],
        [
            {
                "timing": {"repeat": {"period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 400, "comparator": "<", "unit": "mg"}}],
            }
        ],
        [
            {
                "timing": {"repeat": {"period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "mL"}}],
            }
        ],
    ],
)
def test_an_instruction_that_cannot_be_read_is_an_unknown_dose(dosage: object) -> None:
    assert dose_of(dosage) is None


def test_a_single_dosage_object_is_read_like_a_list() -> None:
    assert dose_of(scheduled(period=1, periodUnit="d")[0]) == (["400"], ["400"])


def test_a_range_without_an_upper_end_has_none() -> None:
    dosage = [
        {
            "timing": {"repeat": {"period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseRange": {"low": {"value": 200, "unit": "mg"}}}],
        }
    ]
    assert dose_of(dosage) == (["200"], [None])


def test_words_give_the_frequency_that_the_structure_leaves_out() -> None:
    assert dose_of([{"text": "400 mg twice daily", "doseAndRate": MG_400}]) == (["800"], ["800"])


def test_no_dosage_is_no_phase() -> None:
    assert read_phases(msgspec.Raw(b"null"), None) == ()


@pytest.mark.parametrize(
    ("words", "mg", "times"),
    [
        ("400 mg twice daily", 400, 2),
        ("400 mg PO BID", 400, 2),
        ("Take 2 tablets (400 mg total) by mouth 2 (two) times a day.", 400, 2),
        ("400mg b.i.d.", 400, 2),
        ("Sorafenib 400 mg p.o. q12h", 400, 2),
        ("800 mg/day", 800, 1),
        ("800 mg daily", 800, 1),
        ("0.4 g once daily", 400, 1),
        ("400 mg (2 tablets) orally twice a day without food", 400, 2),
    ],
)
def test_the_closed_grammar_reads_milligrams(words: str, mg: int, times: int) -> None:
    sig = read_sig(words)
    assert sig is not None
    assert not sig.in_tablets
    assert (sig.low, sig.high) == (Decimal(mg), Decimal(mg))
    assert sig.counts.low == (Decimal(times),)


@pytest.mark.parametrize(
    ("words", "tablets", "strength"),
    [
        ("2 tabs BID", 2, None),
        ("two tablets twice daily", 2, None),
        ("2 tablets of 200 mg twice daily", 2, 200),
        ("2 x 200 mg bid", 2, 200),
        ("half tablet daily", Decimal("0.5"), None),
    ],
)
def test_the_closed_grammar_reads_tablets(
    words: str, tablets: Decimal, strength: int | None
) -> None:
    sig = read_sig(words)
    assert sig is not None
    assert sig.in_tablets
    assert (sig.low, sig.strength_mg) == (tablets, strength)


@pytest.mark.parametrize(
    "words",
    [
        "as directed",
        "400 mg twice daily as needed",
        "400 mg twice daily prn",
        "400 mg",
        "twice daily",
        "400 mg twice daily, 5 days on 2 days off",
        "do not take 400 mg twice daily",
        "400 mg twice daily until review",
        "2 tablets (as needed) bid",
        "800-400 mg daily",
        "400 mg weekly",
        "400 mg twice daily for 0 days",
        "4" * 300,
    ],
)
def test_words_outside_the_grammar_are_not_read(words: str) -> None:
    assert read_sig(words) is None


@pytest.mark.rule("A8")
def test_every_other_day_in_words_is_a_cycle_of_two_days() -> None:
    assert dose_of([{"text": "400 mg every other day"}]) == (["400", "0"], ["400", "0"])


def test_a_length_in_words_bounds_the_phase() -> None:
    (phase,) = read_phases(msgspec.Raw(b'[{"text": "400 mg daily for 2 weeks"}]'), None)
    assert phase.days == 14
