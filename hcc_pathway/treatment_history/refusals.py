"""Records which say that a drug is not taken: what they end, and what they go before."""

from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus


def says_why_not_taken(record: DrugRecord) -> bool:
    """Whether a statement says that the drug is not taken, and why."""
    not_taken = record.evidence is DrugEvidence.STATED and record.status is DrugStatus.NOT_TAKEN
    return not_taken and record.stop_reason is not None


def given_up_on(record: DrugRecord) -> DayBound | None:
    """Give the day from which a statement says, with a reason, that the drug is not taken.

    A stretch with an end of its own is a pause: nothing says that the drug was not resumed.
    """
    if not says_why_not_taken(record):
        return None
    if record.first_day is None:
        day = record.asserted_on
        return None if day is None or record.last_day is not None else DayBound(day, day)
    return record.first_day if record.last_day in {None, record.first_day} else None


def outweighs(refused: DrugRecord, record: DrugRecord) -> bool:
    """Whether "not taken" goes before a record: a statement, or adherence stated on an order."""
    if refused.evidence is DrugEvidence.PRESCRIBED:
        return record.evidence is DrugEvidence.DISPENSED
    stated = refused.evidence is DrugEvidence.STATED
    return stated and record.evidence is not DrugEvidence.ADMINISTERED
