"""The recommendation document for patient cases: values, sources, sentences."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from hcc_pathway.case import CautionRecord, Grade, PatientCase, SignRecord, StoredChildPugh
from hcc_pathway.drug_record import IntoleranceRecord, StopReason

from .answers_for_tests import answer as _answer
from .answers_for_tests import input_value as _input
from .answers_for_tests import names as _names
from .cases_for_tests import (
    days_ago,
    drug,
    ecog,
    exactly,
    intolerant,
    progression,
    reading,
    running,
    tolerant,
)


@pytest.mark.rule("S3", "S4", "S6", "S7", "S9", "A11")
def test_each_option_says_why_with_value_day_and_source() -> None:
    answer = _answer(tolerant())
    assert {option.therapy: option.reasons for option in answer.options} == {
        "ramucirumab": (
            "Progression on 2026-10-23 on or after sorafenib (Observation/pd)",
            "AFP 812 ng/mL on 2026-11-13 is at or above 400 ng/mL (Observation/a)",
        ),
        "regorafenib": (
            "Progression on 2026-10-23 on or after sorafenib (Observation/pd)",
            (
                "At least 400 mg of sorafenib on 28 of 28 days (20 needed), 2026-09-22 to"
                " 2026-10-19, before the end of sorafenib (MedicationStatement/sorafenib)"
            ),
        ),
    }
    assert {option.therapy: option.evidence for option in answer.options} == {
        "ramucirumab": ("kim-2020", "reach-2"),
        "regorafenib": ("kim-2020", "resorce"),
    }


@pytest.mark.rule("A9", "A13")
def test_afp_399_withholds_ramucirumab_and_says_so() -> None:
    answer = _answer(tolerant(afp=(reading("399", age=21),)))
    assert _names(answer) == ["regorafenib"]
    (withheld,) = [one for one in answer.withheld if one.therapy == "ramucirumab"]
    assert (withheld.criterion, withheld.answer) == ("afp-at-least-400", "not-met")
    assert withheld.because == "AFP 399 ng/mL on 2026-11-01 is below 400 ng/mL"
    (change,) = answer.what_would_change
    assert (change.condition, change.then) == ("AFP is at or above 400 ng/mL", ("ramucirumab",))


@pytest.mark.rule("A14", "S6")
@pytest.mark.parametrize("case", [tolerant, intolerant])
def test_ramucirumab_below_the_threshold_is_withheld_quoting_value_and_threshold(
    case: Callable[..., PatientCase],
) -> None:
    answer = _answer(case(afp=(reading("12", age=21),)))
    assert "ramucirumab" not in _names(answer)
    because = {one.therapy: one.because for one in answer.withheld}
    assert because["ramucirumab"] == "AFP 12 ng/mL on 2026-11-01 is below 400 ng/mL"


@pytest.mark.rule("S15", "A11")
@pytest.mark.parametrize(("afp", "said"), [("399", False), ("400", True)])
def test_cabozantinibs_result_at_high_afp_is_text_beside_the_options(
    afp: str, *, said: bool
) -> None:
    answer = _answer(tolerant(afp=(reading(afp),)))
    assert "cabozantinib" not in _names(answer)
    (beside,) = [one for one in answer.also_consider if one.therapy == "cabozantinib"]
    assert beside.basis == "label"
    assert ("8.5 against 5.2 months (HR 0.71" in beside.text) is said
    assert "celestial" in beside.evidence


@pytest.mark.rule("A9")
def test_a_site_that_reads_greater_than_400_does_not_offer_ramucirumab_at_400() -> None:
    at_400 = tolerant(afp=(reading("400"),))
    assert "ramucirumab" in _names(_answer(at_400))
    answer = _answer(at_400, afp_inclusive=False)
    assert "ramucirumab" not in _names(answer)
    assert answer.what_would_change[0].condition == "AFP is above 400 ng/mL"


@pytest.mark.rule("S5", "S12", "S13", "A12")
def test_intolerance_is_named_with_its_source() -> None:
    answer = _answer(intolerant())
    assert _names(answer) == ["cabozantinib", "nivolumab", "ramucirumab"]
    assert answer.options[0].reasons == (
        "Sorafenib was stopped as not tolerated (MedicationStatement/sorafenib)",
    )
    assert "checkmate-040" in answer.options[1].evidence
    assert "phase 1/2 only" in answer.options[1].cautions[0].text


@pytest.mark.rule("A5")
def test_conflict_is_named_and_regorafenib_warns_of_shared_toxicity() -> None:
    stopped = drug(reason=StopReason.INTOLERANCE)
    answer = _answer(tolerant(drugs=(stopped,)))
    assert answer.patient_class.value == "conflicting"
    assert [one.id for one in answer.conflicts] == ["tolerant-and-intolerant"]
    assert "shared-toxicity" in [one.id for one in answer.options[-1].cautions]


@pytest.mark.rule("A15", "S17")
def test_child_pugh_b_is_outside_the_trials_and_changes_the_dose_of_cabozantinib() -> None:
    b = {"bilirubin": (reading("2.5", "mg/dL", source="b"),), "albumin": (reading("3", "g/dL"),)}
    answer = _answer(intolerant(**b))
    assert _input(answer, "child-pugh") == {
        "score": 7,
        "class": "B",
        "lowest": 7,
        "highest": 7,
        "components": {
            "bilirubin": 2,
            "albumin": 2,
            "inr": 1,
            "ascites": 1,
            "encephalopathy": 1,
        },
    }
    assert all("outside-trial-population" in option.flags for option in answer.options)
    assert answer.options[0].dosing.startswith("Start with 40 mg")
    assert "2.8%" in " ".join(one.text for one in answer.options[1].cautions)
    beside = {one.therapy: one for one in _answer(tolerant(**b)).also_consider}
    assert "nivolumab" in beside
    assert beside["nivolumab"].basis == "evidence"
    assert "2.8%" in beside["nivolumab"].text


@pytest.mark.rule("A16")
def test_child_pugh_c_withholds_every_drug_and_points_to_supportive_care() -> None:
    severe = SignRecord(
        present=True, grade=Grade.SEVERE, recorded_on=days_ago(5), as_received="", source="C/s"
    )
    answer = _answer(
        tolerant(ascites=(severe,), encephalopathy=(severe,), albumin=(reading("2", "g/dL"),))
    )
    assert (answer.options, answer.also_consider) == ((), ())
    assert answer.withheld[-1].because.startswith("Child-Pugh C (score 11)")


@pytest.mark.rule("A17")
def test_child_pugh_that_cannot_be_computed_asks_for_each_open_component_and_gives_albi() -> None:
    answer = _answer(tolerant(inr=(), ascites=()))
    asked = {one.input: one.ask for one in answer.missing}
    assert set(asked) == {"child-pugh", "inr", "ascites"}
    assert asked["child-pugh"] == "Complete Child-Pugh: INR and ascites not known"
    (found,) = [one for one in answer.inputs if one.input == "child-pugh"]
    assert "ALBI -2.616, grade 1" in found.note
    assert all(option.flags == ("liver-function-unconfirmed",) for option in answer.options)


@pytest.mark.rule("A17")
def test_a_stored_class_that_differs_is_a_conflict_and_the_worse_decides() -> None:
    template = ecog(0)
    stored = StoredChildPugh(
        score=8,
        child_pugh_class="B",
        earliest=template.earliest,
        latest=template.latest,
        recorded_on=days_ago(9),
        as_received="8",
        source="Observation/cp",
    )
    answer = _answer(tolerant(stored_child_pugh=(stored,)))
    assert [one.id for one in answer.conflicts] == ["child-pugh-stored-and-computed-differ"]
    assert "outside-trial-population" in answer.options[0].flags


@pytest.mark.rule("A18")
@pytest.mark.parametrize(
    ("grade", "options", "flags"),
    [(1, 2, ()), (2, 2, ("outside-trial-population",)), (3, 0, ()), (4, 0, ())],
)
def test_ecog_groups_decide_as_read(grade: int, options: int, flags: tuple[str, ...]) -> None:
    answer = _answer(tolerant(ecog=(ecog(grade),)))
    assert len(answer.options) == options
    assert all(option.flags == flags for option in answer.options)


@pytest.mark.rule("A18")
def test_grades_of_one_time_in_different_groups_decide_nothing() -> None:
    answer = _answer(tolerant(ecog=(ecog(1), ecog(3, source="other"))))
    assert [one.id for one in answer.conflicts] == ["ecog-readings-disagree"]
    assert "ecog" in [one.input for one in answer.missing]


@pytest.mark.rule("S8", "A19", "A21")
def test_the_third_line_names_both_lines_and_the_failure_of_the_last() -> None:
    second = drug("regorafenib", 33, 5, reason=StopReason.NO_RESPONSE)
    answer = _answer(tolerant(drugs=(drug(), second), progressions=(progression(34),)))
    assert (answer.line.value, _names(answer)) == ("third", ["cabozantinib"])
    assert answer.options[0].reasons == (
        "Two systemic lines were given: sorafenib and regorafenib",
        (
            'The last line, regorafenib, was stopped for "no response to treatment", 2026-11-17'
            " (stop reason, not imaging: confirm) (MedicationStatement/regorafenib)"
        ),
    )
    because = {one.therapy: one.because for one in answer.withheld}
    assert "although AFP 812 ng/mL" in because["ramucirumab"]


@pytest.mark.rule("A19")
def test_a_running_later_drug_is_named_among_the_lines() -> None:
    answer = _answer(tolerant(drugs=(drug(), running("regorafenib", 20))))
    assert answer.patient_class.value == "not-applicable"
    lines = {one.value: one.note for one in answer.inputs if one.input == "prior-lines"}
    assert lines["regorafenib"].endswith("running")


@pytest.mark.rule("A26", "A30")
def test_transplant_and_withdrawn_indication_flag_nivolumab_alone() -> None:
    graft = CautionRecord(
        concern="liver-transplant",
        detail="liver-transplant",
        as_received="Liver transplant",
        recorded_on=days_ago(900),
        source="Procedure/t",
    )
    answer = _answer(intolerant(cautions=(graft,)), jurisdiction="US")
    flags = {option.therapy: option.flags for option in answer.options}
    assert flags["nivolumab"] == ("indication-withdrawn", "transplant-rejection-risk")
    assert flags["cabozantinib"] == ()
    assert "transplant-rejection" in [one.id for one in answer.options[1].cautions]
    assert "nivolumab" in [one.therapy for one in answer.notices]


@pytest.mark.rule("A26")
def test_an_autoimmune_disease_is_a_caution_on_nivolumab_and_takes_nothing_away() -> None:
    lupus = CautionRecord(
        concern="autoimmune-disease",
        detail="autoimmune-disease",
        as_received="Lupus",
        recorded_on=days_ago(900),
        source="Condition/l",
    )
    answer = _answer(intolerant(cautions=(lupus,)))
    warned = {
        option.therapy
        for option in answer.options
        if "autoimmune-disease" in [one.id for one in option.cautions]
    }
    assert warned == {"nivolumab"}
    assert _names(answer) == ["cabozantinib", "nivolumab", "ramucirumab"]


@pytest.mark.rule("A30")
def test_a_withdrawal_elsewhere_is_a_notice_and_no_flag() -> None:
    answer = _answer(intolerant(), jurisdiction="KR")
    assert answer.options[1].flags == ()


@pytest.mark.rule("A33")
def test_an_allergy_to_sorafenib_warns_on_regorafenib() -> None:
    allergy = IntoleranceRecord(
        is_allergy=True,
        day=exactly(days_ago(34)),
        as_received="rash",
        source="AllergyIntolerance/a",
    )
    answer = _answer(tolerant(intolerances=(allergy,)))
    assert "sorafenib-hypersensitivity" in [one.id for one in answer.options[-1].cautions]
    assert _input(answer, "sorafenib-allergy") is True


@pytest.mark.rule("S19", "A28", "A29")
@pytest.mark.parametrize("born", ["1961-05-17", "1986-05-17"])
@pytest.mark.parametrize("sex", ["male", "female"])
def test_age_sex_and_cost_are_shown_and_filter_nothing(sex: str, born: str) -> None:
    answer = _answer(intolerant(sex=sex, birth=exactly(date.fromisoformat(born))))
    assert _names(answer) == ["cabozantinib", "nivolumab", "ramucirumab"]
    assert _input(answer, "sex") == sex
    cautions = " ".join(one.text for one in answer.options[0].cautions)
    assert "cost" in cautions.casefold()


@pytest.mark.rule("S2", "S16", "A11", "A12")
def test_options_are_alphabetical_and_none_is_called_better() -> None:
    both = tolerant(drugs=(drug(reason=StopReason.INTOLERANCE),))
    for case in (tolerant(), intolerant(), both):
        names = _names(_answer(case))
        assert names == sorted(names)


@pytest.mark.rule("A25")
def test_a_rising_afp_is_no_progression() -> None:
    rising = (reading("812", age=60, source="a1"), reading("8120", age=9, source="a2"))
    answer = _answer(tolerant(progressions=(), afp=rising))
    assert answer.patient_class.value == "undetermined"
    assert answer.options == ()
    assert "progression" in [one.input for one in answer.missing]


@pytest.mark.rule("A27")
@pytest.mark.parametrize(("age", "old"), [(90, False), (91, True)])
def test_progression_more_than_90_days_ago_is_flagged_and_asked_again(
    age: int, *, old: bool
) -> None:
    answer = _answer(tolerant(drugs=(drug(end=age + 1),), progressions=(progression(age),)))
    assert all(("progression-old" in option.flags) is old for option in answer.options)
    assert ("progression" in [one.input for one in answer.missing]) is old


@pytest.mark.rule("A4", "A8")
@pytest.mark.parametrize(
    ("days", "patient_class"), [(20, "tolerant"), (19, "undetermined"), (17, "undetermined")]
)
def test_exposure_counts_days_and_names_the_other_side_when_near(
    days: int, patient_class: str
) -> None:
    taken = drug(start=30 + days, end=31)
    off = drug(start=300, end=31 + days, mg=200)
    answer = _answer(tolerant(drugs=(off, taken), progressions=(progression(30),)))
    assert answer.patient_class.value == patient_class
    assert any("28 days" in one.condition for one in answer.what_would_change)


@pytest.mark.rule("A6")
def test_a_long_pause_before_progression_is_flagged_on_every_option() -> None:
    answer = _answer(tolerant(drugs=(drug(end=110),), progressions=(progression(30),)))
    assert answer.options
    assert all("last-dose-long-before-progression" in one.flags for one in answer.options)


@pytest.mark.rule("A32")
def test_a_reaction_after_which_sorafenib_went_on_is_noted_and_does_not_count() -> None:
    reaction = IntoleranceRecord(
        is_allergy=False, day=exactly(days_ago(200)), as_received="rash", source="AdverseEvent/a"
    )
    answer = _answer(tolerant(intolerances=(reaction,)))
    assert answer.patient_class.value == "tolerant"
    (noted,) = [one for one in answer.inputs if one.input == "sorafenib-intolerance"]
    assert (noted.value, noted.note) == (False, "noted; it did not end sorafenib")


def test_equal_cases_give_equal_documents() -> None:
    encoded = {msgspec.json.encode(_answer(tolerant())) for _ in range(3)}
    assert len(encoded) == 1
