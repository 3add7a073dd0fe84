"""Answers beside records of the chart: what is contradicted, superseded, or stays open."""

import pytest

from hcc_pathway.answer import Phrase
from hcc_pathway.case import IgnoredRecord

from .answers_for_tests import answer
from .cases_for_tests import ecog, reading, tolerant
from .test_clinician_answers import answered


@pytest.mark.rule("A10", "A18")
def test_a_value_of_the_day_of_the_answer_is_not_outweighed_and_both_are_named() -> None:
    found = answered(tolerant(ecog=(ecog(1, age=0),)), ecog=3)
    texts = {one.id: one.text for one in found.conflicts}
    assert texts.keys() == {"ecog-readings-disagree", "ecog-answered-differently"}
    assert texts["ecog-answered-differently"].endswith("both count, so it is open")


@pytest.mark.rule("A31")
@pytest.mark.parametrize(("age", "named"), [(30, True), (31, False)])
def test_an_answer_that_repeats_an_old_value_is_no_contradiction(age: int, *, named: bool) -> None:
    found = answered(tolerant(ecog=(ecog(1, age=age),)), ecog=2)
    assert [one.id for one in found.conflicts] == ["ecog-answered-differently"] * named
    assert "superseded by the clinician's answer" in {one.because for one in found.ignored}


@pytest.mark.rule("A10", "A31")
def test_what_is_superseded_is_named_beside_what_was_not_used_before() -> None:
    unreadable = IgnoredRecord("Observation/unreadable", Phrase.of("ignored-unreadable"))
    case = tolerant(
        ecog=(ecog(1, age=30),),
        afp=(reading("900", age=91),),
        ignored=(unreadable,),
    )
    without, found = answer(case), answered(case, ecog=2)
    (recorded,) = case.ecog
    added = set(found.ignored) - set(without.ignored)

    assert {one.source for one in without.ignored} == {unreadable.source, case.afp[0].source}
    assert set(without.ignored) <= set(found.ignored)
    assert [(one.source, one.because) for one in added] == [
        (recorded.source, "superseded by the clinician's answer")
    ]
