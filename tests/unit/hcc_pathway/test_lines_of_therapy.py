"""Lines of systemic therapy, and sorafenib among them."""

import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import (
    DrugStatus,
    StopReason,
)
from hcc_pathway.treatment_history.lines_of_therapy import FailureKind
from hcc_pathway.treatment_history.sorafenib_course import SorafenibStatus

from .drug_histories_for_tests import (
    ADMINISTERED,
    PRESCRIBED,
    drug,
    history,
    on,
    progression,
    reaction,
    regimens,
)


@pytest.mark.rule("A22")
def test_without_records_no_line_was_started() -> None:
    found = history()
    assert found.regimens == ()
    assert found.given == frozenset()
    assert found.sorafenib.status is SorafenibStatus.NONE


@pytest.mark.rule("A19", "A20")
def test_each_new_drug_after_the_last_is_a_line_in_order_of_start() -> None:
    found = history(
        drug("cabozantinib", "2026-06-01", status=DrugStatus.ACTIVE, asserted="2026-11-01"),
        drug("regorafenib", "2026-01-15", "2026-05-20"),
        drug("sorafenib", "2025-06-01", "2026-01-10"),
    )
    assert regimens(found) == ["sorafenib", "regorafenib", "cabozantinib"]
    assert [regimen.running for regimen in found.regimens] == [False, False, True]
    assert found.current == ("cabozantinib",)


@pytest.mark.rule("A20")
def test_the_same_drug_again_is_no_new_line() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2025-10-01"),
        drug("lenvatinib", "2025-10-10", "2026-01-10"),
        drug("sorafenib", "2026-02-01", "2026-05-01"),
    )
    assert regimens(found) == ["sorafenib", "lenvatinib"]


@pytest.mark.rule("A20")
def test_a_break_without_another_drug_is_no_new_line() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2025-10-01"),
        drug("sorafenib", "2026-02-01", "2026-05-01"),
    )
    assert regimens(found) == ["sorafenib"]
    assert found.sorafenib.last_day == on("2026-05-01")


@pytest.mark.rule("A20")
def test_a_brief_switch_for_toxicity_counts_as_a_line() -> None:
    found = history(
        drug("sorafenib", "2026-01-01", "2026-01-15", reason=StopReason.INTOLERANCE),
        drug("lenvatinib", "2026-01-16", "2026-06-01"),
    )
    assert regimens(found) == ["sorafenib", "lenvatinib"]
    assert found.regimens[0].failure_kinds == (FailureKind.INTOLERANCE,)


@pytest.mark.rule("A20", "A23")
@pytest.mark.parametrize("second_start", ["2025-06-01", "2025-06-04"])
def test_a_known_combination_is_one_line_even_when_orders_are_days_apart(
    second_start: str,
) -> None:
    found = history(
        drug("atezolizumab", "2025-06-01", "2025-06-01", evidence=ADMINISTERED),
        drug("bevacizumab", second_start, second_start, evidence=ADMINISTERED),
        drug("sorafenib", "2025-12-01", "2026-05-01"),
    )
    assert regimens(found) == ["atezolizumab+bevacizumab", "sorafenib"]
    assert found.sorafenib.position == 1


@pytest.mark.rule("A24")
@pytest.mark.parametrize(
    ("end_of_sorafenib", "expected"),
    [
        ("2026-03-14", ["sorafenib", "regorafenib"]),  # 14 days together
        ("2026-03-15", ["regorafenib+sorafenib"]),  # 15 days together
    ],
)
def test_an_overlap_of_up_to_fourteen_days_is_an_unclosed_record(
    end_of_sorafenib: str, expected: list[str]
) -> None:
    found = history(
        drug("sorafenib", "2025-06-01", end_of_sorafenib),
        drug("regorafenib", "2026-03-01", "2026-06-01"),
    )
    assert regimens(found) == expected


@pytest.mark.rule("A24")
def test_sorafenib_begun_together_with_another_agent_is_a_combination() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2026-01-01"),
        drug("nivolumab", "2025-06-01", "2026-01-01"),
    )
    assert found.sorafenib.status is SorafenibStatus.COMBINED
    assert found.sorafenib.partners == ("nivolumab",)


@pytest.mark.rule("A24")
def test_adjuvant_use_or_a_trial_is_said() -> None:
    found = history(drug("sorafenib", "2025-06-01", "2026-01-01", adjuvant=True))
    assert found.sorafenib.status is SorafenibStatus.ADJUVANT


@pytest.mark.rule("A24")
def test_an_open_order_ends_where_the_next_drug_begins() -> None:
    found = history(
        drug("sorafenib", "2025-06-01", status=DrugStatus.ACTIVE, evidence=PRESCRIBED),
        drug("regorafenib", "2026-03-01", status=DrugStatus.ACTIVE, evidence=PRESCRIBED),
    )
    assert regimens(found) == ["sorafenib", "regorafenib"]
    assert found.sorafenib.status is SorafenibStatus.ENDED
    assert found.sorafenib.last_day == on("2026-02-28")
    assert found.current == ("regorafenib",)


@pytest.mark.rule("A1")
def test_sorafenib_that_runs_without_progression_is_running() -> None:
    found = history(drug("sorafenib", "2026-06-01", status=DrugStatus.ACTIVE, evidence=PRESCRIBED))
    assert found.sorafenib.status is SorafenibStatus.RUNNING
    assert found.sorafenib.progression is Answer.UNKNOWN
    assert found.regimens[0].failure is Answer.UNKNOWN


@pytest.mark.rule("A37")
def test_sorafenib_that_ended_without_a_reason_has_no_documented_failure() -> None:
    found = history(drug("sorafenib", "2025-06-01", "2026-01-01"))
    assert found.sorafenib.status is SorafenibStatus.ENDED
    assert found.sorafenib.progression is Answer.UNKNOWN
    assert found.sorafenib.intolerance is Answer.UNKNOWN
    assert found.regimens[0].failure is Answer.UNKNOWN


@pytest.mark.rule("A27")
def test_the_first_progression_with_sorafenib_as_current_or_last_drug_anchors() -> None:
    found = history(
        drug("lenvatinib", "2025-01-01", "2025-05-20"),
        drug("sorafenib", "2025-06-01", "2026-01-10"),
        drug("regorafenib", "2026-02-01", "2026-06-01"),
        progressions=tuple(
            map(progression, ("2025-05-15", "2026-01-20", "2026-01-28", "2026-06-05"))
        ),
    )
    assert found.sorafenib.progression_day == on("2026-01-20")
    assert found.sorafenib.progression_source == "Observation/2026-01-20"
    assert [regimen.failure for regimen in found.regimens] == [Answer.MET] * 3


@pytest.mark.rule("A27")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-06-01", Answer.UNKNOWN),  # the scan that led to sorafenib
        ("2025-06-02", Answer.MET),
        ("2026-02-01", Answer.MET),  # the scan of the day on which treatment changed
        ("2026-02-02", Answer.UNKNOWN),  # on the next drug
    ],
)
def test_progression_belongs_to_the_drug_that_was_being_taken(day: str, expected: Answer) -> None:
    found = history(
        drug("sorafenib", "2025-06-01", "2026-01-20"),
        drug("regorafenib", "2026-02-01", "2026-06-01"),
        progressions=(progression(day),),
    )
    assert found.sorafenib.progression is expected


@pytest.mark.rule("A25", "A27")
def test_progression_as_stop_reason_has_the_date_of_the_end() -> None:
    found = history(drug("sorafenib", "2025-06-01", "2026-01-10", reason=StopReason.NO_RESPONSE))
    assert found.sorafenib.progression is Answer.MET
    assert found.sorafenib.progression_day == on("2026-01-10")
    assert found.regimens[0].failure_kinds == (FailureKind.PROGRESSION,)


@pytest.mark.rule("A27")
def test_progression_as_stop_reason_without_an_end_has_no_date() -> None:
    found = history(
        drug(
            "sorafenib",
            "2025-06-01",
            status=DrugStatus.STOPPED,
            evidence=PRESCRIBED,
            reason=StopReason.NO_RESPONSE,
        )
    )
    assert found.sorafenib.progression is Answer.MET
    assert found.sorafenib.progression_day is None


@pytest.mark.rule("A3", "A32")
def test_intolerance_that_ended_sorafenib_counts() -> None:
    found = history(
        drug(
            "sorafenib",
            "2025-06-01",
            "2026-01-10",
            status=DrugStatus.STOPPED,
            reason=StopReason.INTOLERANCE,
        )
    )
    assert found.sorafenib.intolerance is Answer.MET
    assert found.regimens[0].failure is Answer.MET


@pytest.mark.rule("A3")
def test_no_other_reason_to_stop_is_intolerance() -> None:
    found = history(drug("sorafenib", "2025-06-01", "2026-01-10", reason=StopReason.OTHER))
    assert found.sorafenib.intolerance is Answer.UNKNOWN
    assert found.regimens[0].failure is Answer.UNKNOWN


@pytest.mark.rule("A32")
def test_intolerance_after_which_sorafenib_went_on_is_only_noted() -> None:
    reduced = drug(
        "sorafenib",
        "2025-06-01",
        "2025-09-01",
        status=DrugStatus.STOPPED,
        evidence=PRESCRIBED,
        reason=StopReason.INTOLERANCE,
    )
    found = history(reduced, drug("sorafenib", "2025-09-02", "2026-01-10", evidence=PRESCRIBED))
    assert found.sorafenib.intolerance is Answer.UNKNOWN
    assert found.sorafenib.intolerance_noted == (reduced.source,)
    assert found.regimens[0].failure is Answer.UNKNOWN


@pytest.mark.rule("A32")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-09", Answer.UNKNOWN),
        ("2026-01-10", Answer.MET),
        ("2026-01-11", Answer.MET),
        (None, Answer.MET),
    ],
)
def test_an_adverse_event_counts_when_no_sorafenib_day_follows(
    day: str | None, expected: Answer
) -> None:
    found = history(drug("sorafenib", "2025-06-01", "2026-01-10"), intolerances=(reaction(day),))
    assert found.sorafenib.intolerance is expected


@pytest.mark.rule("A32")
def test_an_adverse_event_while_sorafenib_runs_is_only_noted() -> None:
    found = history(
        drug("sorafenib", "2026-06-01", status=DrugStatus.ACTIVE, evidence=PRESCRIBED),
        intolerances=(reaction("2026-11-01"),),
    )
    assert found.sorafenib.intolerance is Answer.UNKNOWN
    assert found.sorafenib.intolerance_noted == ("AdverseEvent/1",)


@pytest.mark.rule("A33")
def test_an_allergy_without_any_record_of_sorafenib_is_no_line() -> None:
    found = history(intolerances=(reaction("2026-01-01", allergy=True),))
    assert found.sorafenib.status is SorafenibStatus.NONE
    assert found.sorafenib.allergy_sources == ("AdverseEvent/1",)
    assert found.regimens == ()
