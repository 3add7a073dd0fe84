"""The situation of the patient, read off the document: what opens a card and stands on several."""

from hcc_pathway.recommendation import PatientClass, Recommendation

# What stops every drug of the pathway at once, by the criterion that every withheld drug names.
_COMMON_CRITERIA = {
    "sorafenib-failure": "end-unexplained",
    "sorafenib-alone": "not-alone",
    "sorafenib-exposure": "allergy-only",
    "prior-lines": "history-cut",
}
_STOPPING_CRITERIA = ("diagnosis", "child-pugh", "ecog")


def situation(recommendation: Recommendation) -> str:
    """Name the situation: a class, or within the undetermined what is not known."""
    if recommendation.patient_class is PatientClass.UNDETERMINED:
        criteria = {withheld.criterion for withheld in recommendation.withheld}
        if len(criteria) == 1:
            return _COMMON_CRITERIA.get(criteria.pop(), "tolerance-not-shown")
        return "tolerance-not-shown"
    return recommendation.patient_class.value


def stopped_by(recommendation: Recommendation) -> str | None:
    """Name what takes every drug away from a patient who would be offered some, if anything."""
    if recommendation.options:
        return None
    criteria = {withheld.criterion for withheld in recommendation.withheld}
    return next((criterion for criterion in _STOPPING_CRITERIA if criterion in criteria), None)


def others_records(recommendation: Recommendation) -> list[str]:
    """Say how many records of other patients were left out; empty where there were none."""
    return [one.because for one in recommendation.ignored if not one.source]


def therapies_beside(recommendation: Recommendation, basis: str) -> set[str]:
    """Name the therapies that stand beside the pathway on one basis."""
    return {one.therapy for one in recommendation.also_consider if one.basis == basis}
