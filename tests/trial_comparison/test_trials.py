"""How a patient differs from those whom a trial enrolled; what is not known stays unknown."""

from decimal import Decimal

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, PatientCase
from hcc_pathway.findings.assessment import assess
from hcc_pathway.knowledge_base.enrolment import EnrolmentCriterion
from hcc_pathway.knowledge_base.schema import Figure
from hcc_pathway.site_policy import SitePolicy
from hcc_pathway.trial_comparison.enrolment import enrolment_answer
from hcc_pathway.trial_comparison.trials import hazard_ratio, trials_of
from tests.samples.stored import SAMPLES
from tests.timeline.samples_read import assessed, read

BY_NAME = {sample.name: sample for sample in SAMPLES}
MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("sample", "criterion", "answer"),
    [
        ("tolerant-afp-high", "tolerated-sorafenib", MET),
        ("intolerant-afp-low", "tolerated-sorafenib", NOT_MET),
        ("undetermined-exposure-unknown", "tolerated-sorafenib", UNKNOWN),
        ("tolerant-afp-high", "progressed-on-sorafenib", MET),
        ("everyday-chart", "progressed-on-sorafenib", UNKNOWN),
        ("never-sorafenib", "prior-sorafenib", NOT_MET),
        ("allergy-never-taken", "prior-sorafenib", UNKNOWN),
        ("third-line", "at-most-two-prior-lines", MET),
        ("beyond-third-line", "at-most-two-prior-lines", NOT_MET),
        ("tolerant-afp-high", "child-pugh-a", MET),
        ("child-pugh-b7", "child-pugh-a", NOT_MET),
        ("child-pugh-b7", "child-pugh-a-or-b7", MET),
        ("child-pugh-b9-intolerant", "child-pugh-a-or-b7", NOT_MET),
        ("child-pugh-unknown", "child-pugh-a", UNKNOWN),
        ("child-pugh-unknown", "child-pugh-a-or-b7", UNKNOWN),
        ("tolerant-afp-high", "ecog-0-1", MET),
        ("ecog-2-intolerant", "ecog-0-1", NOT_MET),
        ("ecog-unknown", "ecog-0-1", UNKNOWN),
        ("tolerant-afp-high", "afp-at-least-400", MET),
        ("tolerant-afp-low", "afp-at-least-400", NOT_MET),
        ("afp-undecidable-units", "afp-at-least-400", UNKNOWN),
        ("afp-missing", "afp-at-least-400", UNKNOWN),
        ("autoimmune-intolerant", "no-autoimmune-disease", NOT_MET),
        ("tolerant-afp-high", "no-autoimmune-disease", UNKNOWN),
    ],
)
def test_a_criterion_is_answered_by_the_chart_or_left_unknown(
    sample: str, criterion: EnrolmentCriterion, answer: Answer
) -> None:
    assert enrolment_answer(criterion, assessed(BY_NAME[sample])) is answer


@pytest.mark.parametrize("criterion", EnrolmentCriterion.__args__)  # type: ignore[attr-defined]
def test_an_empty_chart_whose_medications_were_not_read_answers_nothing(
    criterion: EnrolmentCriterion,
) -> None:
    sample = BY_NAME["tolerant-afp-high"]
    _, _, knowledge = read(sample)
    empty = PatientCase(medication_sources=(("medicationRequests", Availability.FAILED),))
    known = assess(empty, knowledge, sample.as_of, SitePolicy())
    assert enrolment_answer(criterion, known) is UNKNOWN


def test_a_drugs_negative_trial_stands_beside_the_one_that_its_option_rests_on() -> None:
    sample = BY_NAME["tolerant-afp-high"]
    _, _, knowledge = read(sample)
    trials = trials_of("ramucirumab", ("kim-2020", "reach-2"), assessed(sample), knowledge)
    assert [(one.id, one.supports_option) for one in trials] == [
        ("reach-2", True),
        ("reach", False),
    ]


def test_every_number_comes_from_the_evidence_file_and_none_is_background() -> None:
    sample = BY_NAME["tolerant-afp-high"]
    _, _, knowledge = read(sample)
    known = assessed(sample)
    for therapy in knowledge.drugs:
        for trial in trials_of(therapy, (), known, knowledge):
            item = knowledge.evidence[trial.id]
            assert (trial.n, trial.population, trial.limits) == (
                item.n,
                item.population,
                item.limits,
            )
            for ratio in trial.hazard_ratios:
                (figure,) = [
                    one
                    for one in item.figures
                    if one.hazard_ratio and one.outcome == ratio.outcome
                ]
                assert figure.verification != "background"
                assert ratio.value == Decimal(figure.hazard_ratio)
                assert ratio.low < ratio.value < ratio.high


FIGURE = Figure(
    outcome="overall survival",
    result="longer",
    hazard_ratio="0.78",
    confidence_interval="96.02% CI 0.65-0.92",
    verification="verified",
    source="a journal",
)


def test_an_interval_of_another_level_keeps_its_level_in_words() -> None:
    found = hazard_ratio(FIGURE)
    assert found is not None
    assert (found.low, found.high) == (Decimal("0.65"), Decimal("0.92"))
    assert found.interval == "96.02% CI 0.65-0.92"


@pytest.mark.parametrize(
    "changed", [{"hazard_ratio": ""}, {"confidence_interval": ""}, {"confidence_interval": "5-25"}]
)
def test_a_figure_without_ratio_or_interval_is_not_drawn(changed: dict[str, str]) -> None:
    assert hazard_ratio(msgspec.structs.replace(FIGURE, **changed)) is None
