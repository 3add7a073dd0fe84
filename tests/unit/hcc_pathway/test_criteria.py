"""AFP, liver function and performance status: the records behind each answer, and its words."""

from datetime import date
from decimal import Decimal

import pytest

from hcc_pathway.answer import Phrase
from hcc_pathway.case import Availability, PatientCase, Reading, StoredChildPugh
from hcc_pathway.findings.afp_finding import AfpFinding, afp_finding, show
from hcc_pathway.findings.findings import AfpState, ChildPughState, EcogState
from hcc_pathway.findings.liver_finding import LiverFinding, liver_finding
from hcc_pathway.findings.performance_finding import PerformanceFinding, performance_finding

from .cases_for_tests import TODAY, absent, days_ago, ecog, knowledge, reading, tolerant

NINE_DAYS_AGO = str(days_ago(9))


def _afp(*readings: Reading, inclusive: bool = True, **more: object) -> AfpFinding:
    case = tolerant(afp=readings, **more)
    return afp_finding(case, knowledge(), TODAY, inclusive=inclusive)


def _liver(**changes: object) -> LiverFinding:
    return liver_finding(tolerant(**changes), knowledge(), TODAY)


def _ecog(*grades: object) -> PerformanceFinding:
    return performance_finding(tolerant(ecog=grades), knowledge(), TODAY)


@pytest.mark.rule("A9", "A10")
@pytest.mark.parametrize(
    ("one", "inclusive", "sentence", "value"),
    [
        (reading("400"), True, "afp-at-least", "400 ng/mL"),
        (reading("401"), False, "afp-above", "401 ng/mL"),
        (reading("399"), True, "afp-below", "399 ng/mL"),
        (reading("400"), False, "afp-not-above", "400 ng/mL"),
        (reading("> 300"), True, "afp-undecided-comparator", "> 300 ng/mL"),
        (reading("400", "IU/mL"), True, "afp-undecided-iu", "400 IU/mL"),
        (reading("400", "pmol/L"), True, "afp-undecided-unit", "400 pmol/L"),
        (reading("500", "IU/mL"), True, "afp-at-least-by-any-assay", "500 IU/mL"),
        (reading("500", "IU/mL"), False, "afp-above-by-any-assay", "500 IU/mL"),
        (reading("300", "IU/mL"), True, "afp-below-by-any-assay", "300 IU/mL"),
        (reading("300", "IU/mL"), False, "afp-not-above-by-any-assay", "300 IU/mL"),
    ],
)
def test_each_answer_on_afp_has_its_sentence_with_value_day_and_source(
    one: Reading, sentence: str, value: str, *, inclusive: bool
) -> None:
    because = _afp(one, inclusive=inclusive).because

    gaps = {"value": value, "day": NINE_DAYS_AGO, "threshold": "400", "source": "Observation/a"}
    assert because.id == sentence
    assert gaps.items() <= dict(because.values).items()


@pytest.mark.rule("A10")
@pytest.mark.parametrize(
    ("observations", "sentence"),
    [
        (Availability.COMPLETE, "afp-not-recorded"),
        (Availability.FAILED, "afp-not-read"),
        (Availability.TRUNCATED, "afp-not-read"),
    ],
)
def test_no_afp_is_told_from_afp_that_could_not_be_read(
    observations: Availability, sentence: str
) -> None:
    assert _afp(observations=observations) == AfpFinding(
        state=AfpState.UNKNOWN, because=Phrase(sentence)
    )


@pytest.mark.rule("A10")
def test_an_afp_too_old_to_be_used_is_named_with_its_day_and_the_limit() -> None:
    oldest, newer = reading("9000", age=200, source="old"), reading("812", age=91)

    assert _afp(oldest, newer) == AfpFinding(
        state=AfpState.UNKNOWN,
        because=Phrase.of("afp-too-old", value="812 ng/mL", day=days_ago(91), days="90"),
        too_old=(newer,),
    )


@pytest.mark.rule("A10")
@pytest.mark.parametrize(("age", "aged"), [(9, False), (31, True)])
def test_readings_that_disagree_are_all_kept_and_named(age: int, *, aged: bool) -> None:
    low, high = reading("399", age=age, source="a"), reading("400", age=age, source="b")
    phrase = Phrase.of(
        "afp-readings-disagree",
        first="399 ng/mL",
        second="400 ng/mL",
        day=days_ago(age),
        threshold="400",
    )

    assert _afp(high, low) == AfpFinding(
        state=AfpState.UNKNOWN, because=phrase, readings=(low, high), aged=aged, conflict=phrase
    )


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    ("one", "near"),
    [
        (reading("399"), AfpState.AT_LEAST),
        (reading("400"), AfpState.BELOW),
        (reading("> 400"), None),
        (reading("< 400"), None),
        (reading("400", "IU/mL"), None),
        (reading("400", "pmol/L"), None),
        (reading("490", "IU/mL"), None),
    ],
)
def test_only_a_plain_value_by_mass_lies_near_the_threshold(
    one: Reading, near: AfpState | None
) -> None:
    assert _afp(one).near is near


@pytest.mark.parametrize(
    ("received", "low", "high", "unit", "shown"),
    [
        ("399 ng/mL", "399", "399", "ng/mL", "399 ng/mL"),
        ("399 NG/ML", "399", "399", "ng/mL", "399 NG/ML"),
        ("39.9 ug/dL", "399", "399", "ng/mL", "39.9 ug/dL (399 ng/mL)"),
        ("1 mg/L", "1E+3", "1E+3", "ng/mL", "1 mg/L (1000 ng/mL)"),
    ],
)
def test_a_converted_value_stands_beside_the_one_received(
    received: str, low: str, high: str | None, unit: str, shown: str
) -> None:
    plain = reading("1")
    one = Reading(
        low=Decimal(low),
        high=None if high is None else Decimal(high),
        low_included=high is not None,
        unit=unit,
        as_received=received,
        earliest=plain.earliest,
        latest=plain.latest,
        recorded_on=plain.recorded_on,
        source="Observation/a",
    )

    assert show(one) == shown


def _stored(score: int | None, letter: str | None) -> StoredChildPugh:
    plain = reading("1")
    return StoredChildPugh(
        score=score,
        child_pugh_class=letter,
        earliest=plain.earliest,
        latest=plain.latest,
        recorded_on=plain.recorded_on,
        as_received=f"Child-Pugh {letter}",
        source="Observation/stored",
    )


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("changes", "state", "near"),
    [
        ({}, ChildPughState.A, ()),  # 5 points
        ({"stored_child_pugh": (_stored(6, "A"),)}, ChildPughState.A, (ChildPughState.B,)),
        ({"stored_child_pugh": (_stored(7, "B"),)}, ChildPughState.B, (ChildPughState.A,)),
        ({"stored_child_pugh": (_stored(8, "B"),)}, ChildPughState.B, ()),
        ({"stored_child_pugh": (_stored(9, "B"),)}, ChildPughState.B, (ChildPughState.C,)),
        ({"stored_child_pugh": (_stored(10, "C"),)}, ChildPughState.C, (ChildPughState.B,)),
        ({"stored_child_pugh": (_stored(15, "C"),)}, ChildPughState.C, ()),
        ({"ascites": ()}, ChildPughState.UNKNOWN, ()),
        (
            {
                "bilirubin": (reading("4", "mg/dL"),),
                "albumin": (reading("2.5", "g/dL"),),
                "ascites": (),
            },
            ChildPughState.AT_LEAST_B,
            (),
        ),
        # a certain class of an uncertain score: both ends reach out
        (
            {"stored_child_pugh": (_stored(None, "B"),)},
            ChildPughState.B,
            (ChildPughState.A, ChildPughState.C),
        ),
    ],
)
def test_a_certain_class_names_the_classes_one_point_away(
    changes: dict[str, object], state: ChildPughState, near: tuple[ChildPughState, ...]
) -> None:
    found = _liver(**changes)

    assert (found.state, found.near) == (state, near)


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, 1),
        ({"albumin": (reading("3.5", "g/dL"),)}, 2),
        ({"albumin": ()}, None),
        ({"bilirubin": ()}, None),
        ({"albumin": (reading("> 3.5", "g/dL"),)}, None),
        ({"bilirubin": (reading("< 2.0", "mg/dL"),)}, None),
        ({"albumin": (reading("3.5", "g/dL"), reading("3.0", "g/dL", source="b"))}, None),
        ({"albumin": (reading("3.5", "g/dL"), reading("3.5", "g/dL", source="b"))}, 2),
        ({"albumin": (reading("3.5", "g/dL", age=91),)}, None),
    ],
)
def test_albi_needs_one_plain_recent_value_of_each(
    changes: dict[str, object], grade: int | None
) -> None:
    found = _liver(**changes).albi

    assert (found and found.grade) == grade


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("changes", "stored", "computed", "decides"),
    [
        ({}, _stored(8, "B"), "A 5", "B"),
        ({"ascites": ()}, _stored(None, "C"), "A-B 5-7", "C"),
        ({"ascites": (), "inr": (reading("< 1.0", "1"),)}, _stored(None, "C"), "A-B 5-7", "C"),
        ({"albumin": (reading("< 3.0", "g/dL"),)}, _stored(None, "C"), "A-B 6-7", "C"),
        (
            {"albumin": (reading("< 3.5", "g/dL"),)},
            _stored(5, "A"),
            "A-B 6-7",
            "A-B",
        ),
    ],
)
def test_a_stored_class_that_differs_is_named_beside_the_computed_one(
    changes: dict[str, object], stored: StoredChildPugh, computed: str, decides: str
) -> None:
    found = _liver(**changes, stored_child_pugh=(stored,))

    conflict = Phrase.of(
        "child-pugh-differs",
        stored=stored.as_received,
        day=NINE_DAYS_AGO,
        source="Observation/stored",
        computed=computed,
        decides=decides,
    )
    if decides == "A-B":  # within one class in common nothing differs
        assert found.conflicts == ()
    else:
        assert found.conflicts == (("child-pugh-stored-and-computed-differ", conflict),)


@pytest.mark.rule("A34")
def test_a_sign_present_and_refuted_on_one_day_is_a_conflict_with_both_records() -> None:
    refuted = absent("ascites")
    present = type(refuted)(
        present=True,
        grade=None,
        recorded_on=refuted.recorded_on,
        as_received="ascites",
        source="Condition/ascites-present",
    )

    assert _liver(ascites=(present, refuted)).conflicts == (
        (
            "sign-present-and-refuted-same-day",
            Phrase.of(
                "sign-present-and-refuted",
                sign="ascites",
                sources="Condition/ascites, Condition/ascites-present",
            ),
        ),
    )


@pytest.mark.rule("A18")
@pytest.mark.parametrize(
    ("grade", "state", "near"),
    [
        (0, EcogState.GOOD, ()),
        (1, EcogState.GOOD, (EcogState.TWO,)),
        (2, EcogState.TWO, (EcogState.GOOD, EcogState.POOR)),
        (3, EcogState.POOR, (EcogState.TWO,)),
        (4, EcogState.POOR, ()),
    ],
)
def test_a_grade_belongs_to_a_group_and_names_the_groups_one_grade_away(
    grade: int, state: EcogState, near: tuple[EcogState, ...]
) -> None:
    one = ecog(grade)

    assert _ecog(one) == PerformanceFinding(state=state, readings=(one,), near=near)


@pytest.mark.rule("A31")
@pytest.mark.parametrize(("age", "aged"), [(30, False), (31, True), (90, True)])
def test_a_performance_status_of_31_to_90_days_is_used_and_marked(age: int, *, aged: bool) -> None:
    found = _ecog(ecog(0, age=age))

    assert (found.state, found.aged, found.too_old) == (EcogState.GOOD, aged, ())


@pytest.mark.rule("A31")
def test_a_performance_status_too_old_to_be_used_is_kept_beside() -> None:
    one = ecog(0, age=91)

    assert _ecog(one, ecog(2, age=200)) == PerformanceFinding(
        state=EcogState.UNKNOWN, too_old=(one,)
    )
    assert _ecog() == PerformanceFinding(state=EcogState.UNKNOWN)


@pytest.mark.rule("A18")
@pytest.mark.parametrize(("age", "aged"), [(9, False), (31, True)])
def test_grades_of_one_time_in_two_groups_are_both_kept_and_named(age: int, *, aged: bool) -> None:
    one, two = ecog(1, age=age, source="a"), ecog(2, age=age, source="b")

    assert _ecog(two, one) == PerformanceFinding(
        state=EcogState.UNKNOWN,
        readings=(one, two),
        aged=aged,
        conflict=Phrase.of("ecog-readings-disagree", first=1, second=2, day=days_ago(age)),
    )


def test_grades_of_one_time_in_one_group_agree_and_reach_as_far_as_either() -> None:
    found = _ecog(ecog(0, source="a"), ecog(1, source="b"))

    assert (found.state, found.near, found.conflict) == (EcogState.GOOD, (EcogState.TWO,), None)


def test_an_empty_case_is_unknown_in_every_criterion() -> None:
    case, day = PatientCase(), date(2026, 11, 22)

    assert afp_finding(case, knowledge(), day, inclusive=True).state is AfpState.UNKNOWN
    assert liver_finding(case, knowledge(), day).state is ChildPughState.UNKNOWN
    assert performance_finding(case, knowledge(), day).state is EcogState.UNKNOWN
