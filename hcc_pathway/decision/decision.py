"""Decision: what the pathway says to a set of findings, still without words."""

from enum import StrEnum
from typing import Literal

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.recommendation import LineOfTherapy, PatientClass


class Standing(StrEnum):
    """Why a patient is in a class: the class, told apart where the reasons differ."""

    TOLERANT = "tolerant"
    INTOLERANT = "intolerant"
    CONFLICTING = "conflicting"
    TOLERANCE_NOT_SHOWN = "tolerance-not-shown"  # progressed, exposure not met or unknown (A4)
    END_UNEXPLAINED = "end-unexplained"  # sorafenib ended, nobody says why (A37)
    NOT_ALONE = "not-alone"  # combination, adjuvant or trial (A24)
    ALLERGY_ONLY = "allergy-only"  # allergy without any record of sorafenib (A33)
    HISTORY_CUT = "history-cut"  # no sorafenib seen, but the medication list is cut
    SORAFENIB_RUNNING = "sorafenib-running"  # A1
    LATER_DRUG_RUNNING = "later-drug-running"  # A19
    LATER_END_UNEXPLAINED = "later-end-unexplained"  # A19
    NEVER_SORAFENIB = "never-sorafenib"  # A22, or no systemic line yet
    NOT_FOR_THIS_PATHWAY = "not-for-this-pathway"  # A35, A36

    @property
    def patient_class(self) -> PatientClass:
        """The class of the document (A2)."""
        return _CLASS_OF[self]


_CLASS_OF = {
    Standing.TOLERANT: PatientClass.TOLERANT,
    Standing.INTOLERANT: PatientClass.INTOLERANT,
    Standing.CONFLICTING: PatientClass.CONFLICTING,
    Standing.TOLERANCE_NOT_SHOWN: PatientClass.UNDETERMINED,
    Standing.END_UNEXPLAINED: PatientClass.UNDETERMINED,
    Standing.NOT_ALONE: PatientClass.UNDETERMINED,
    Standing.ALLERGY_ONLY: PatientClass.UNDETERMINED,
    Standing.HISTORY_CUT: PatientClass.UNDETERMINED,
    Standing.SORAFENIB_RUNNING: PatientClass.NOT_APPLICABLE,
    Standing.LATER_DRUG_RUNNING: PatientClass.NOT_APPLICABLE,
    Standing.LATER_END_UNEXPLAINED: PatientClass.NOT_APPLICABLE,
    Standing.NEVER_SORAFENIB: PatientClass.NOT_APPLICABLE,
    Standing.NOT_FOR_THIS_PATHWAY: PatientClass.NOT_APPLICABLE,
}


class Ground(StrEnum):
    """A fact that an option stands on; each becomes a reason with value, date and source."""

    PROGRESSION = "progression"
    EXPOSURE = "exposure"
    INTOLERANCE = "intolerance"
    AFP = "afp"
    LAST_LINE_FAILED = "last-line-failed"


class Offer(msgspec.Struct, frozen=True):
    """A drug that the pathway offers, what it stands on, and what qualifies it."""

    therapy: str
    grounds: tuple[Ground, ...]
    flags: tuple[str, ...]


class Beside(msgspec.Struct, frozen=True):
    """A drug beside the pathway; ``text`` is a sentence of ours, else the drug file's remark."""

    therapy: str
    basis: Literal["label", "guideline", "evidence"]
    text: str = ""


class Withholding(msgspec.Struct, frozen=True):
    """A drug of the pathway that is not offered, and the criterion that stops it."""

    therapy: str
    criterion: str
    answer: Answer


class Question(msgspec.Struct, frozen=True):
    """An input to ask for, and the therapies that hang on it."""

    input: str
    would_decide: tuple[str, ...]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the pathway to one set of findings; every list is in alphabetical order."""

    standing: Standing
    line: LineOfTherapy
    offers: tuple[Offer, ...]
    beside: tuple[Beside, ...]
    withheld: tuple[Withholding, ...]
    questions: tuple[Question, ...]

    @property
    def patient_class(self) -> PatientClass:
        """The class of the document (A2)."""
        return self.standing.patient_class

    @property
    def therapies(self) -> frozenset[str]:
        """The drugs offered."""
        return frozenset(offer.therapy for offer in self.offers)
