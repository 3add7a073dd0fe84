"""Child-Pugh at its borders: points, grades, intervals, and what somebody recorded."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hcc_pathway.case import Grade, PatientCase, Reading, SignRecord, StoredChildPugh
from hcc_pathway.knowledge_base.knowledge import load_knowledge
from hcc_pathway.liver_function.child_pugh import child_pugh, class_of
from hcc_pathway.liver_function.child_pugh_points import points

TODAY = date(2026, 11, 22)
ZONE = ZoneInfo("UTC")
KNOWLEDGE = load_knowledge().as_of(TODAY)
UNITS = {"bilirubin": "mg/dL", "albumin": "g/dL", "inr": "1"}


def a_reading(component: str, text: str, *, days_ago: int = 3, source: str = "") -> Reading:
    comparator, _, number = text.rpartition(" ")
    value = Decimal(number)
    day = TODAY - timedelta(days=days_ago)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    return Reading(
        low=Decimal(0) if comparator.startswith("<") else value,
        high=None if comparator.startswith(">") else value,
        low_included=comparator != ">",
        high_included=comparator != "<",
        unit=UNITS[component],
        as_received=text,
        earliest=noon,
        latest=noon,
        recorded_on=day,
        source=source or f"Observation/{component}",
    )


def a_sign(*, present: bool, grade: Grade | None = None, days_ago: int | None = 3) -> SignRecord:
    return SignRecord(
        present=present,
        grade=grade,
        recorded_on=None if days_ago is None else TODAY - timedelta(days=days_ago),
        as_received="",
        source=f"Condition/{present}-{grade}-{days_ago}",
    )


def stored(score: int | None, letter: str | None, *, days_ago: int = 3) -> StoredChildPugh:
    day = TODAY - timedelta(days=days_ago)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    return StoredChildPugh(
        score=score,
        child_pugh_class=letter,
        earliest=noon,
        latest=noon,
        recorded_on=day,
        as_received="",
        source=f"Observation/{score}{letter}",
    )


NONE = a_sign(present=False)


def a_case(**more: object) -> PatientCase:
    """Child-Pugh A5 unless told otherwise."""
    normal = PatientCase(
        bilirubin=(a_reading("bilirubin", "1.0"),),
        albumin=(a_reading("albumin", "4.0"),),
        inr=(a_reading("inr", "1.0"),),
        ascites=(NONE,),
        encephalopathy=(NONE,),
    )
    return msgspec.structs.replace(normal, **more)


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("component", "text", "expected"),
    [
        # bilirubin: <2, 2-3, >3 mg/dL
        ("bilirubin", "1.99", (1, 1)),
        ("bilirubin", "1.988304093567251461988304094", (1, 1)),  # 34.0 umol/L
        ("bilirubin", "2.0", (2, 2)),  # 34.2 umol/L
        ("bilirubin", "3.0", (2, 2)),  # 51.3 umol/L
        ("bilirubin", "3.01", (3, 3)),
        # albumin: >3.5, 2.8-3.5, <2.8 g/dL
        ("albumin", "3.51", (1, 1)),
        ("albumin", "3.5", (2, 2)),
        ("albumin", "2.8", (2, 2)),
        ("albumin", "2.79", (3, 3)),
        # INR: <1.7, 1.7-2.3, >2.3
        ("inr", "1.69", (1, 1)),
        ("inr", "1.7", (2, 2)),
        ("inr", "2.3", (2, 2)),
        ("inr", "2.31", (3, 3)),
        # what a comparator leaves open stays open
        ("bilirubin", "< 2", (1, 1)),
        ("bilirubin", "<= 2", (1, 2)),
        ("bilirubin", "< 3", (1, 2)),
        ("bilirubin", "> 3", (3, 3)),
        ("bilirubin", ">= 3", (2, 3)),
        ("bilirubin", "> 2.5", (2, 3)),
        ("bilirubin", "> 0.5", (1, 3)),
        ("bilirubin", "< 9", (1, 3)),
        ("albumin", "> 3.5", (1, 1)),
        ("albumin", ">= 3.5", (1, 2)),
        ("albumin", "> 2.8", (1, 2)),
        ("albumin", "< 2.8", (3, 3)),
        ("albumin", "<= 2.8", (2, 3)),
        ("inr", "< 1.7", (1, 1)),
        ("inr", "> 2.3", (3, 3)),
    ],
)
def test_points_of_a_reading(component: str, text: str, expected: tuple[int, int]) -> None:
    assert points(component, a_reading(component, text), KNOWLEDGE) == expected


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("score", "letter"), [(5, "A"), (6, "A"), (7, "B"), (9, "B"), (10, "C"), (15, "C")]
)
def test_class_of_a_score(score: int, letter: str) -> None:
    assert class_of(score, KNOWLEDGE) == letter


@pytest.mark.rule("A34")
@pytest.mark.parametrize(
    ("grade", "ascites", "encephalopathy"),
    [
        (Grade.MILD, (2, 2), (2, 2)),
        (Grade.MODERATE, (3, 3), (2, 2)),
        (Grade.SEVERE, (3, 3), (3, 3)),
        (None, (2, 3), (2, 3)),
    ],
)
def test_grades_score_differently_for_ascites_and_encephalopathy(
    grade: Grade | None, ascites: tuple[int, int], encephalopathy: tuple[int, int]
) -> None:
    sign = a_sign(present=True, grade=grade)

    found = child_pugh(a_case(ascites=(sign,), encephalopathy=(sign,)), KNOWLEDGE, TODAY)

    assert [(part.low, part.high) for part in found.components[3:]] == [ascites, encephalopathy]


@pytest.mark.rule("A31", "A34")
@pytest.mark.parametrize(
    ("signs", "low", "high", "tie"),
    [
        # no record is unknown, never "none"
        ((), 1, 3, False),
        # documented absence, by its age
        ((a_sign(present=False, days_ago=90),), 1, 1, False),
        ((a_sign(present=False, days_ago=91),), 1, 3, False),
        ((a_sign(present=False, days_ago=None),), 1, 3, False),
        # an active condition holds until it is resolved
        ((a_sign(present=True, grade=Grade.MILD, days_ago=900),), 2, 2, False),
        ((a_sign(present=True, grade=Grade.MILD, days_ago=None),), 2, 2, False),
        # present and refuted: the later decides, the same day is open
        ((a_sign(present=True, grade=Grade.MILD, days_ago=5), NONE), 1, 1, False),
        ((a_sign(present=True, grade=Grade.MILD, days_ago=1), NONE), 2, 2, False),
        ((a_sign(present=True, grade=Grade.MILD, days_ago=3), NONE), 1, 3, True),
        ((a_sign(present=True, grade=Grade.MILD, days_ago=None), NONE), 1, 3, True),
        # of several the worst
        (
            (
                a_sign(present=True, grade=Grade.MILD, days_ago=2),
                a_sign(present=True, grade=Grade.SEVERE, days_ago=9),
            ),
            3,
            3,
            False,
        ),
    ],
)
def test_ascites_is_present_absent_or_open(
    signs: tuple[SignRecord, ...],
    low: int,
    high: int,
    tie: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = child_pugh(a_case(ascites=signs), KNOWLEDGE, TODAY).components[3]

    assert (found.low, found.high, found.present_and_refuted) == (low, high, tie)


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("more", "scores", "letter", "missing"),
    [
        ({}, (5, 5), "A", ()),
        ({"ascites": ()}, (5, 7), None, ("ascites",)),
        ({"ascites": (), "encephalopathy": ()}, (5, 9), None, ("ascites", "encephalopathy")),
        # the highest still A
        ({"inr": (a_reading("inr", "< 2"),)}, (5, 6), "A", ("inr",)),
        # the lowest already B, the highest C
        (
            {
                "bilirubin": (a_reading("bilirubin", "4"),),
                "albumin": (a_reading("albumin", "2.5"),),
                "ascites": (),
            },
            (9, 11),
            None,
            ("ascites",),
        ),
        # the lowest already C
        (
            {
                "bilirubin": (a_reading("bilirubin", "4"),),
                "albumin": (a_reading("albumin", "2.5"),),
                "inr": (a_reading("inr", "2.0"),),
                "ascites": (),
            },
            (10, 12),
            "C",
            ("ascites",),
        ),
    ],
)
def test_an_unknown_component_makes_the_score_an_interval(
    more: dict[str, object],
    scores: tuple[int, int],
    letter: str | None,
    missing: tuple[str, ...],
) -> None:
    found = child_pugh(a_case(**more), KNOWLEDGE, TODAY)

    assert (found.lowest, found.highest) == scores
    assert (found.child_pugh_class, found.missing) == (letter, missing)
    assert (found.score is None) == (scores[0] != scores[1])


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("computed", "recorded", "scores", "letter", "differ"),
    [
        # the same class: no difference
        ({}, stored(5, "A"), (5, 5), "A", False),
        ({}, stored(None, "A"), (5, 5), "A", False),
        ({}, stored(6, "A"), (6, 6), "A", False),
        # another class: the worse decides
        ({}, stored(7, "B"), (7, 7), "B", True),
        ({}, stored(None, "B"), (7, 9), "B", True),
        (
            {"ascites": (a_sign(present=True, grade=Grade.SEVERE),)},
            stored(5, "A"),
            (7, 7),
            "B",
            True,
        ),
        # not computable: the stored one decides as far as both allow
        ({"ascites": ()}, stored(None, "A"), (5, 6), "A", False),
        ({"ascites": ()}, stored(6, "A"), (6, 6), "A", False),
        ({"ascites": ()}, stored(None, "B"), (7, 7), "B", False),
        ({"ascites": ()}, stored(None, "C"), (10, 15), "C", True),
        # too old a stored one is ignored
        ({}, stored(12, "C", days_ago=91), (5, 5), "A", False),
        ({}, stored(12, "C", days_ago=90), (12, 12), "C", True),
    ],
)
def test_stored_and_computed_are_compared_by_class(
    computed: dict[str, object],
    recorded: StoredChildPugh,
    scores: tuple[int, int],
    letter: str,
    differ: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = child_pugh(a_case(**computed, stored_child_pugh=(recorded,)), KNOWLEDGE, TODAY)

    assert (found.lowest, found.highest) == scores
    assert (found.child_pugh_class, found.differ) == (letter, differ)


@pytest.mark.rule("A31")
@pytest.mark.parametrize(
    ("days_ago", "aged", "missing"),
    [(30, False, ()), (31, True, ()), (90, True, ()), (91, False, ("inr",))],
)
def test_an_aged_component_is_used_and_marked(
    days_ago: int,
    aged: bool,  # noqa: FBT001 - a column of the table
    missing: tuple[str, ...],
) -> None:
    case = a_case(inr=(a_reading("inr", "1.0", days_ago=days_ago),))

    found = child_pugh(case, KNOWLEDGE, TODAY)

    assert (found.aged, found.missing) == (aged, missing)
    assert found.aged_components == (("inr",) if aged else ())


def test_two_readings_of_one_instant_span_both_points() -> None:
    readings = (
        a_reading("inr", "1.0", source="Observation/a"),
        a_reading("inr", "2.0", source="Observation/b"),
    )

    found = child_pugh(a_case(inr=readings), KNOWLEDGE, TODAY).components[2]

    assert (found.low, found.high, found.sources) == (1, 2, ("Observation/a", "Observation/b"))
