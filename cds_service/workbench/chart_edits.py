"""The key values of a chart that a visitor may change, and the resources that then say so.

A change takes away every record that speaks to the same question and puts one new record in its
place, so that the request shows what an EHR would send.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from cds_service.workbench.edited_records import (
    LABORATORY,
    Resource,
    disease_status,
    ecog,
    laboratory,
    sign,
    sorafenib,
    stopped_for,
)
from fhir_mappings.chart.half_pairs import without_half_pairs
from fhir_mappings.values.codes import CodeBook

_NUMBER: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?\Z", re.ASCII)
_DAY: Final = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_STORED_CHILD_PUGH: Final = frozenset(
    {"child-pugh-score", "child-pugh-class-a", "child-pugh-class-b", "child-pugh-class-c"}
)
_NO_RESPONSE: Final = frozenset({"no-response-to-treatment", "disease-progression"})
NUMBERS: Final[Mapping[str, str]] = {
    "afp": "alpha-fetoprotein",
    "bilirubin": "bilirubin",
    "albumin": "albumin",
    "inr": "inr",
    "dose": "sorafenib-exposure",
}
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "ascites": ("absent", "mild", "moderate", "severe"),
    "encephalopathy": ("absent", "mild", "moderate", "severe"),
    "ecog": ("0", "1", "2", "3", "4"),
    "progression": ("progressed", "stable", "not recorded"),
    "stop": ("not tolerated", "progression", "not recorded"),
}
FIELDS: Final = (*NUMBERS, *CHOICES)
_CHILD_PUGH_FIELDS: Final = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode
_VALUE_SET: Final = {
    "afp": "alpha-fetoprotein", "ascites": "ascites", "encephalopathy": "hepatic-encephalopathy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChartEdits:
    """What was changed: the fields that were filled in, as they were typed."""

    as_typed: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything was changed."""
        return bool(self.as_typed)

    def number(self, name: str) -> Decimal | None:
        """Give a number, or None where the chart keeps its own."""
        text = self.as_typed.get(name)
        return None if text is None else Decimal(text)

    def has(self, *names: str) -> bool:
        """Whether one of the fields was filled in."""
        return any(name in self.as_typed for name in names)


def read_edits(typed: Mapping[str, str]) -> tuple[ChartEdits, tuple[str, ...]]:
    """Read the form; a field that cannot be read is left out and named."""
    kept, faults = {}, []
    for name, text in typed.items():
        text = text.strip()  # noqa: PLW2901 (as the visitor meant it)
        if not text:
            continue
        is_usable = _NUMBER.match(text) if name in NUMBERS else text in CHOICES[name]
        if is_usable:
            kept[name] = text
        else:
            faults.append(f"{name}: not a number" if name in NUMBERS else f"{name}: unknown")
    return ChartEdits(kept), tuple(faults)


def edited(chart_text: str, edits: ChartEdits, book: CodeBook, on: date) -> str:
    """Give the chart with the changes, as JSON text; unchanged where there are none.

    Args:
        chart_text: a Bundle of one sample patient.
        edits: what was changed.
        book: which codes speak to which question.
        on: the day of the answer; new results are of the day before.

    """
    if not edits:
        return chart_text
    chart = json.loads(without_half_pairs(chart_text.encode()), parse_float=Decimal)
    chart["entry"] = [entry for entry in chart["entry"] if "resource" in entry]
    resources = [entry["resource"] for entry in chart["entry"]]
    patient = next(one for one in resources if one.get("resourceType") == "Patient")
    subject = {"reference": f"Patient/{patient['id']}"}
    changes = _Changes(edits, book, subject, on)
    kept, added = changes.of(resources)
    chart["entry"] = [{"resource": one} for one in (*kept, *added)]
    return _encode(chart).decode()


@dataclass(frozen=True, slots=True)
class _Changes:
    """The changes to one chart."""

    edits: ChartEdits
    book: CodeBook
    subject: Mapping[str, str]
    on: date

    def of(self, resources: list[Resource]) -> tuple[list[Resource], list[Resource]]:
        """Give what stays and what is new."""
        added: list[Resource] = []
        gone: list[Callable[[Resource], bool]] = []
        for name in LABORATORY:
            number = self.edits.number(name)
            if number is not None:
                gone.append(self._coded(_VALUE_SET.get(name, name)))
                added.append(laboratory(name, number, self.subject, self.on - timedelta(1)))
        for name in ("ascites", "encephalopathy"):
            if self.edits.has(name):
                gone.append(self._coded(_VALUE_SET[name]))
                grade = self.edits.as_typed[name]
                added.append(sign(name, grade, self.subject, self.on - timedelta(1)))
        if self.edits.has(*_CHILD_PUGH_FIELDS):
            gone.append(self._coded(*_STORED_CHILD_PUGH))
        if self.edits.has("ecog"):
            gone.append(self._coded("ecog", "karnofsky"))
            grade = self.edits.as_typed["ecog"]
            added.append(ecog(int(grade), self.subject, self.on - timedelta(1)))
        self._progression(resources, gone, added)
        self._sorafenib(resources, gone, added)
        return [one for one in resources if not any(has(one) for has in gone)], added

    def _progression(
        self, resources: list[Resource], gone: list[Callable[[Resource], bool]],
        added: list[Resource],
    ) -> None:  # fmt: skip
        chosen = self.edits.as_typed.get("progression")
        if chosen is None:
            return
        is_status = self._coded("disease-status")
        days = _days(one for one in resources if is_status(one))
        gone.append(is_status)
        if chosen != "not recorded":
            day = max((d for d in days if d <= self.on), default=self.on - timedelta(14))
            added.append(disease_status(chosen == "progressed", self.subject, day))
        if chosen != "progressed":
            for one in resources:
                if self.is_sorafenib(one) and self._codes(one.get("statusReason")) & _NO_RESPONSE:
                    del one["statusReason"]

    def _sorafenib(
        self, resources: list[Resource], gone: list[Callable[[Resource], bool]],
        added: list[Resource],
    ) -> None:  # fmt: skip
        if not self.edits.has("dose", "stop"):
            return
        had = [one for one in resources if self.is_sorafenib(one)]
        days = [day for day in _days(had) if day <= self.on]
        gone.append(self.is_sorafenib)
        first = min(days, default=self.on - timedelta(240))
        last = max(days, default=self.on - timedelta(20))
        record = sorafenib(self.edits.number("dose"), self.subject, (first, last))
        stop = self.edits.as_typed.get("stop")
        reasons = [one["statusReason"] for one in had if one.get("statusReason")]
        if stop is not None:
            record |= stopped_for(stop)
        elif reasons:  # the dose alone was changed
            record["statusReason"] = reasons[-1] if isinstance(reasons[-1], list) else reasons[-1:]
        added.append(record)

    def is_sorafenib(self, one: Resource) -> bool:
        """Whether a record is of sorafenib, by code or by name."""
        if not str(one.get("resourceType", "")).startswith("Medication"):
            return False
        if "drug-sorafenib" in self._codes(one.get("medicationCodeableConcept")):
            return True
        drug = [one.get("medicationCodeableConcept"), one.get("medicationReference")]
        named = json.dumps(drug, default=str).lower()
        return "sorafenib" in named or "nexavar" in named

    def _coded(self, *value_sets: str) -> Callable[[Resource], bool]:
        wanted = frozenset(value_sets)
        return lambda one: bool(self._codes(one.get("code")) & wanted)

    def _codes(self, concept: object) -> frozenset[str]:
        """Give the value sets of a concept, or of a list of them."""
        if isinstance(concept, list):
            return frozenset(name for one in concept for name in self._codes(one))
        codings = concept.get("coding") if isinstance(concept, dict) else None
        return frozenset(
            name
            for coding in (codings if isinstance(codings, list) else ())
            if isinstance(coding, dict)
            for name in self.book.look_up(str(coding.get("system")), str(coding.get("code")))
        )


def _days(resources: Iterable[Resource]) -> list[date]:
    """Give every calendar day that the records hold."""
    text = json.dumps(list(resources), default=str)
    return [date.fromisoformat(found) for found in _DAY.findall(text)]
