"""The printed sheet of a sample, answered as a clinician might, in every language."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from cds_service.sample_charts import SampleChart
from fhir_mappings.chart.record import sources_from_bundle
from hcc_pathway.clinician_answers.answers import ClinicianAnswers, SignGrade, answers_as_json
from tests.smart_page.opened import BY_NAME, OpenedPage

LANGUAGES: Final = ("en", "ko")
WAYS: Final = ("unanswered", "two-questions", "all-yes", "all-no")


def answers_of(way: str, sample: SampleChart) -> ClinicianAnswers:
    """Answer as a clinician might: not at all, what the page asks first, or every question."""
    day = sample.as_of - timedelta(days=12)
    if way == "unanswered":
        return ClinicianAnswers()
    if way == "two-questions":
        return ClinicianAnswers(
            progressed=True, progressed_on=day, not_tolerated=True, child_pugh="B", ecog=2
        )
    yes = way == "all-yes"
    return ClinicianAnswers(
        progressed=yes,
        progressed_on=day if yes else None,
        not_tolerated=yes,
        took_minimum_dose=yes,
        no_other_lines=yes,
        is_hcc=yes,
        afp_ng_per_ml=Decimal(812 if yes else 12),
        afp_on=day,
        bilirubin_mg_per_dl=Decimal("2.4"),
        albumin_g_per_dl=Decimal("3.1"),
        inr=Decimal("1.9"),
        laboratory_on=day,
        ascites=SignGrade.MILD,
        encephalopathy=SignGrade.MILD if yes else SignGrade.NONE,
        child_pugh="B",
        ecog=2 if yes else 3,
    )


def answered_page(language: str, name: str, way: str) -> OpenedPage:
    """Give the page of a sample with these answers."""
    sample = BY_NAME[name]
    answers = answers_of(way, sample)
    kept = answers_as_json(answers) if answers else b""
    sources = sources_from_bundle(sample.text.encode())
    return OpenedPage(sample, sources, kept=kept, language=language)


def sheet_of(language: str, name: str, way: str) -> str:
    """Give the print view as HTML."""
    return answered_page(language, name, way).html("/smart/print")
