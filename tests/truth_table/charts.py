"""Charts for a combination of discrete inputs: PatientCases built from dated facts.

Each value of a dimension has one or more charts; the edges are among them (399 and 400 ng/mL, 30,
31, 90 and 91 days, 19 and 20 days of sorafenib, Child-Pugh 6, 7, 9 and 10). ``variant`` says which
chart of each value is taken: every dimension counts through its own charts.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.case import (
    Availability,
    CautionRecord,
    Diagnosis,
    DiagnosisKind,
    EcogReading,
    Grade,
    PatientCase,
    Reading,
    SignRecord,
)
from hcc_pathway.drug_record import DayBound

from .histories import history

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = date(2026, 11, 22)
Facts = dict[str, object]


def days_ago(days: int) -> date:
    """Count days back from the day of the answer."""
    return TODAY - timedelta(days=days)


def moments(day: date) -> tuple[datetime, datetime]:
    """Give the first and the last moment of a day."""
    return (
        datetime.combine(day, time.min, tzinfo=UTC),
        datetime.combine(day, time.max, tzinfo=UTC),
    )


def reading(  # noqa: PLR0913 - one measurement has this many parts
    low: str,
    days: int,
    unit: str,
    source: str,
    high: str | None = "",
    *,
    low_included: bool = True,
    high_included: bool = True,
) -> Reading:
    """One laboratory result; ``high`` differs from ``low`` for results with a comparator."""
    day = days_ago(days)
    earliest, latest = moments(day)
    top = low if high == "" else high
    return Reading(
        low=Decimal(low),
        high=None if top is None else Decimal(top),
        low_included=low_included,
        high_included=high_included,
        unit=unit,
        as_received=f"{low} {unit}",
        earliest=earliest,
        latest=latest,
        recorded_on=day,
        source=f"Observation/{source}",
    )


def reading_of(text: str, days: str, unit: str, source: str) -> Reading:
    """Read one result that may have a comparator and an hour: ``<400`` on ``3``, or ``3T10``."""
    comparator = text.rstrip("0123456789.")
    number = text.removeprefix(comparator)
    day, _, hour = days.partition("T")
    found = reading(
        "0" if "<" in comparator else number,
        int(day),
        unit,
        source,
        None if ">" in comparator else number,
        low_included=comparator != ">",
        high_included=comparator != "<",
    )
    if not hour:
        return found
    instant = found.earliest.replace(hour=int(hour))
    return msgspec.structs.replace(found, earliest=instant, latest=instant)


# ---- patient and diagnosis ------------------------------------------------------------------

_ADULT = date(2008, 11, 22)  # 18 today
_CHILD = date(2008, 11, 23)  # 18 tomorrow
_ELDER = date(1958, 3, 2)

PATIENTS: dict[str, tuple[Facts, ...]] = {
    "adult": tuple({"birth": DayBound(day, day)} for day in (_ELDER, _ADULT)),
    "under-18": ({"birth": DayBound(_CHILD, _CHILD)},),
    "deceased": ({"birth": DayBound(_ELDER, _ELDER), "deceased": True},),
}

_CODES = {
    DiagnosisKind.HCC: ("C22.0", "Liver cell carcinoma"),
    DiagnosisKind.UNSPECIFIED: ("C22.9", "Malignant neoplasm of liver, unspecified"),
    DiagnosisKind.OTHER_SUBTYPE: ("253018005", "Fibrolamellar hepatocellular carcinoma"),
}


def diagnosis(kind: DiagnosisKind) -> Diagnosis:
    """Build an active liver cancer condition."""
    code, display = _CODES[kind]
    onset = days_ago(900)
    return Diagnosis(
        kind=kind,
        as_received=display,
        code=code,
        onset=DayBound(onset, onset),
        recorded_on=onset,
        source=f"Condition/{kind.value}",
    )


_H, _U, _O = DiagnosisKind.HCC, DiagnosisKind.UNSPECIFIED, DiagnosisKind.OTHER_SUBTYPE
DIAGNOSES: dict[str, tuple[Facts, ...]] = {
    name: ({"diagnoses": tuple(diagnosis(kind) for kind in kinds)},)
    for name, kinds in {
        "hcc": (_H,),
        "hcc-and-unspecified": (_H, _U),
        "unspecified": (_U,),
        "other-subtype": (_O,),
        "hcc-and-other-subtype": (_H, _O),
        "none": (),
    }.items()
}

# ---- AFP ------------------------------------------------------------------------------------


def _afp(low: str, days: int, unit: str = "ng/mL", **more: object) -> Facts:
    return {"afp": (reading(low, days, unit, "afp", **more),)}  # type: ignore[arg-type]  # bounds


AFPS: dict[str, tuple[Facts, ...]] = {
    "high": (
        _afp("400", 30),
        _afp("20000", 0, high=None, low_included=False),
        _afp("482.1", 3, "IU/mL"),
        _afp("400", 0, high=None),
        {"afp": (reading("12", 40, "ng/mL", "a"), reading("400", 30, "ng/mL", "b"))},
    ),
    "high-stale": (_afp("400", 31), _afp("5100", 90)),
    "low": (
        _afp("399.9", 30),
        _afp("0", 2, high="400", high_included=False),
        _afp("311.9", 5, "IU/mL"),
        {"afp": (reading("3000", 40, "ng/mL", "a"), reading("399", 30, "ng/mL", "b"))},
    ),
    "low-stale": (_afp("399.9", 31), _afp("8", 90)),
    "none": ({},),
    "old": (_afp("5100", 91), _afp("8", 91)),
    "undecidable": (
        _afp("312", 3, "IU/mL"),
        _afp("482", 3, "IU/mL"),
        _afp("300", 3, high=None, low_included=False),
        _afp("0", 3, high="400"),
        _afp("5000", 3, "pmol/L"),
    ),
    "tie": ({"afp": (reading("399", 4, "ng/mL", "a"), reading("400", 4, "ng/mL", "b"))},),
}

# ---- Child-Pugh -----------------------------------------------------------------------------


def _sign(name: str, grade: Grade | None, days: int = 3, *, present: bool = True) -> SignRecord:
    return SignRecord(
        present=present,
        grade=grade,
        recorded_on=days_ago(days),
        as_received=f"{name} {grade.value if grade else 'present' if present else 'refuted'}",
        source=f"Condition/{name}",
    )


_SIGNS = {
    "absent": (None, False),
    "mild": (Grade.MILD, True),
    "moderate": (Grade.MODERATE, True),
    "severe": (Grade.SEVERE, True),
    "ungraded": (None, True),
}


def _liver(
    labs: str,
    ascites: str | None = "absent",
    encephalopathy: str | None = "absent",
    days: int = 30,
) -> Facts:
    """Bilirubin in mg/dL, albumin in g/dL and INR as one text, and the two signs by grade."""
    bilirubin, albumin, inr = labs.split()
    facts: Facts = {
        "bilirubin": (reading(bilirubin, days, "mg/dL", "bilirubin"),),
        "albumin": (reading(albumin, days, "g/dL", "albumin"),),
        "inr": (reading(inr, days, "1", "inr"),),
    }
    for name, grade in (("ascites", ascites), ("encephalopathy", encephalopathy)):
        if grade is not None:
            severity, present = _SIGNS[grade]
            facts[name] = (_sign(name, severity, 30, present=present),)
    return facts


LIVERS: dict[str, tuple[Facts, ...]] = {
    "A": (
        _liver("0.9 4.1 1.0"),
        _liver("1.99 3.51 1.7"),  # 6 points: only INR 1.7 scores 2
        _liver("2.0 3.51 1.69"),
        _liver("1.99 3.5 1.69"),
        _liver("1.0 4.0 1.1", ascites="mild"),
        _liver("1.0 4.0 1.1", encephalopathy="moderate"),
    ),
    "A-stale": (_liver("0.9 4.1 1.0", days=31), _liver("1.9 3.6 1.6", days=90)),
    "B7": (
        _liver("2.0 3.5 1.0"),
        _liver("1.0 3.5 1.7"),
        _liver("3.0 3.6 1.7"),
        _liver("2.0 2.8 1.0"),
        _liver("1.0 3.5 2.3"),
        _liver("3.1 4.0 1.0"),
        _liver("1.0 2.7 1.0"),
        _liver("1.0 4.0 2.4"),
        _liver("1.0 4.0 1.0", ascites="moderate"),
        _liver("1.0 4.0 1.0", encephalopathy="severe"),
        _liver("1.0 4.0 1.0", ascites="mild", encephalopathy="mild"),
    ),
    "B8-9": (
        _liver("3.0 2.8 2.3", ascites="mild"),
        _liver("2.5 3.0 2.0"),
        _liver("3.0 2.8 2.3", encephalopathy="moderate"),
        _liver("3.1 2.7 1.0"),
    ),
    "B-or-C": (
        _liver("2.5 3.0 1.7", ascites="mild", encephalopathy=None),
        _liver("2.5 3.0 1.0", ascites="mild", encephalopathy="ungraded"),
    ),
    "A-or-B": (
        _liver("0.9 4.1 1.0", encephalopathy=None),
        _liver("1.0 4.0 1.0", encephalopathy="ungraded"),
    ),
    "C": (
        _liver("3.1 2.8 2.3", ascites="mild"),
        _liver("3.0 2.7 2.3", ascites="mild"),
        _liver("3.0 2.8 2.4", ascites="mild"),
        _liver("3.0 2.8 2.3", ascites="moderate"),
        _liver("3.0 2.8 2.3", encephalopathy="severe"),
        _liver("4.2 2.4 2.5", ascites="severe", encephalopathy="ungraded"),
        _liver("3.0 2.8 2.3", ascites="mild", encephalopathy="mild"),
    ),
    "unknown": ({}, _liver("0.9 4.1 1.0", None, None, days=91)),
}

# ---- performance status, transplant ---------------------------------------------------------


def _ecog(grade: int, days: int) -> Facts:
    day = days_ago(days)
    earliest, latest = moments(day)
    read = EcogReading(
        grade=grade,
        earliest=earliest,
        latest=latest,
        recorded_on=day,
        as_received=str(grade),
        source="Observation/ecog",
    )
    return {"ecog": (read,)}


ECOGS: dict[str, tuple[Facts, ...]] = {
    "0-1": (_ecog(1, 30), _ecog(0, 0)),
    "0-1-stale": (_ecog(1, 31), _ecog(0, 90)),
    "2": (_ecog(2, 30),),
    "3-4": (_ecog(3, 30), _ecog(4, 1)),
    "unknown": ({}, _ecog(3, 91)),
}

_TRANSPLANT = CautionRecord(
    concern="liver-transplant",
    detail="liver-transplant",
    as_received="Transplantation of liver",
    recorded_on=days_ago(1500),
    source="Procedure/transplant",
)
TRANSPLANTS: dict[str, tuple[Facts, ...]] = {"no": ({},), "yes": ({"cautions": (_TRANSPLANT,)},)}

_CHARTS: dict[str, dict[str, tuple[Facts, ...]]] = {
    "patient": PATIENTS,
    "diagnosis": DIAGNOSES,
    "afp": AFPS,
    "child_pugh": LIVERS,
    "ecog": ECOGS,
    "transplant": TRANSPLANTS,
}


def variants(inputs: Mapping[str, str]) -> int:
    """Count the charts that are needed to see every chart of every value once."""
    counts = [len(charts[inputs[name]]) for name, charts in _CHARTS.items()]
    return max(*counts, len(history(inputs["sorafenib"], inputs["prior"], TODAY)))


def chart(inputs: Mapping[str, str], variant: int = 0) -> PatientCase:
    """Build one chart that stands for a combination."""
    facts: Facts = {"procedures": Availability.COMPLETE, "allergies": Availability.COMPLETE}
    for name, charts in _CHARTS.items():
        choices = charts[inputs[name]]
        facts |= choices[variant % len(choices)]
    histories = history(inputs["sorafenib"], inputs["prior"], TODAY)
    facts |= histories[variant % len(histories)]
    return PatientCase(patient_source="Patient/p1", **facts)  # type: ignore[arg-type]  # by name
