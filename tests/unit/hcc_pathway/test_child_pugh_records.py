"""Which records a Child-Pugh answer rests on, how old they are, and whose word decides."""

from datetime import date

import msgspec
import pytest

from hcc_pathway.case import Grade, PatientCase, SignRecord, StoredChildPugh
from hcc_pathway.liver_function.child_pugh import ChildPugh, child_pugh

from .test_child_pugh import KNOWLEDGE, NONE, TODAY, a_case, a_reading, a_sign, stored

MILD, SEVERE = Grade.MILD, Grade.SEVERE


def _judged(case: PatientCase) -> ChildPugh:
    return child_pugh(case, KNOWLEDGE, TODAY)


def test_each_component_keeps_its_name_and_names_its_records() -> None:
    found = _judged(a_case(encephalopathy=(a_sign(present=True, grade=MILD),)))

    assert [(part.input, part.sources) for part in found.components] == [
        ("bilirubin", ("Observation/bilirubin",)),
        ("albumin", ("Observation/albumin",)),
        ("inr", ("Observation/inr",)),
        ("ascites", ("Condition/False-None-3",)),
        ("encephalopathy", ("Condition/True-mild-3",)),
    ]


def test_without_any_record_each_component_is_named_and_rests_on_nothing() -> None:
    found = _judged(PatientCase())

    assert found.missing == ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")
    assert {part.sources for part in found.components} == {()}
    assert (found.lowest, found.highest, found.stored, found.aged) == (5, 15, (), False)


@pytest.mark.rule("A34")
@pytest.mark.parametrize(
    ("signs", "sources"),
    [
        # the later refutation decides alone
        (
            (
                a_sign(present=True, grade=MILD, days_ago=5),
                a_sign(present=False, days_ago=4),
                NONE,
            ),
            ("Condition/False-None-3",),
        ),
        # on the same day nobody can say: all of them
        (
            (a_sign(present=True, grade=MILD), NONE),
            ("Condition/False-None-3", "Condition/True-mild-3"),
        ),
        # what was present only until the refutation does not hold, nor does it on its day
        (
            (
                a_sign(present=True, grade=MILD, days_ago=1),
                a_sign(present=True, grade=SEVERE, days_ago=3),
                NONE,
            ),
            ("Condition/True-mild-1",),
        ),
        # every record that holds, in the order of their names
        (
            (
                a_sign(present=True, grade=SEVERE, days_ago=2),
                a_sign(present=True, grade=MILD, days_ago=1),
            ),
            ("Condition/True-mild-1", "Condition/True-severe-2"),
        ),
    ],
)
def test_a_sign_names_the_records_that_decide(
    signs: tuple[SignRecord, ...], sources: tuple[str, ...]
) -> None:
    found = _judged(a_case(ascites=signs)).components[3]

    assert (found.input, found.sources) == ("ascites", sources)


@pytest.mark.rule("A34")
def test_a_sign_refuted_on_the_day_of_an_older_record_scores_by_the_later_one_alone() -> None:
    signs = (
        a_sign(present=True, grade=MILD, days_ago=1),
        a_sign(present=True, grade=SEVERE, days_ago=3),
        NONE,
    )

    found = _judged(a_case(ascites=signs)).components[3]

    assert (found.low, found.high) == (2, 2)


@pytest.mark.rule("A31", "A34")
@pytest.mark.parametrize(("days_ago", "aged"), [(30, False), (31, True), (90, True)])
def test_a_documented_absence_is_used_and_marked_when_aged(days_ago: int, *, aged: bool) -> None:
    absent = a_sign(present=False, days_ago=days_ago)

    found = _judged(a_case(ascites=(absent,)))

    assert (found.components[3].low, found.components[3].high) == (1, 1)
    assert (found.aged, found.aged_components) == (aged, ("ascites",) if aged else ())


@pytest.mark.rule("A17", "A31")
@pytest.mark.parametrize(
    ("computed", "recorded", "decides", "aged"),
    [
        # the stored class narrows or overrules what was computed: its age counts
        ({"ascites": ()}, stored(None, "A", days_ago=31), True, True),
        ({"ascites": ()}, stored(None, "A", days_ago=30), True, False),
        ({}, stored(12, "C", days_ago=31), True, True),
        # it says nothing new: the age of the components counts
        ({}, stored(5, "A", days_ago=31), False, False),
        ({"inr": (a_reading("inr", "1.0", days_ago=31),)}, stored(5, "A"), False, True),
        # it decides, and is recent, whatever the age of a component
        ({"inr": (a_reading("inr", "1.0", days_ago=31),)}, stored(6, "A"), True, False),
    ],
)
def test_the_age_of_what_decides_is_the_age_of_the_answer(
    computed: dict[str, object],
    recorded: StoredChildPugh,
    *,
    decides: bool,
    aged: bool,
) -> None:
    found = _judged(a_case(**computed, stored_child_pugh=(recorded,)))

    assert (found.stored, found.stored_decides, found.aged) == ((recorded,), decides, aged)


def test_what_was_computed_stands_beside_what_decides() -> None:
    found = _judged(a_case(ascites=(), stored_child_pugh=(stored(9, "B"),)))

    assert (found.computed_lowest, found.computed_highest) == (5, 7)
    assert (found.lowest, found.highest) == (9, 9)


@pytest.mark.rule("A17")
def test_stored_classes_that_span_the_computed_one_do_not_differ_from_it() -> None:
    both = (stored(None, "A"), stored(None, "C"))

    found = _judged(a_case(stored_child_pugh=both))

    assert (found.lowest, found.highest, found.differ) == (5, 5, False)


@pytest.mark.rule("A17")
@pytest.mark.parametrize("letter", [None, "D"])
def test_a_stored_record_without_score_or_known_class_narrows_nothing(letter: str | None) -> None:
    found = _judged(a_case(ascites=(), stored_child_pugh=(stored(None, letter),)))

    assert (found.lowest, found.highest, found.stored_decides, found.differ) == (
        5,
        7,
        False,
        False,
    )


@pytest.mark.rule("A34")
def test_two_signs_without_a_day_and_no_refutation_score_the_worst() -> None:
    signs = (
        a_sign(present=True, grade=MILD, days_ago=None),
        msgspec.structs.replace(a_sign(present=True, grade=SEVERE), recorded_on=date(2020, 1, 1)),
    )

    found = _judged(a_case(ascites=signs)).components[3]

    assert (found.low, found.high) == (3, 3)
