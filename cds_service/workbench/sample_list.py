"""The list of the sample patients: who they are, what each shows, in groups."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from cds_service.sample_charts import SampleChart


@dataclass(frozen=True, slots=True)
class ListedPatient:
    """One sample as the list shows it; ``shows`` is a sentence."""

    sample: str
    patient_id: str
    name: str
    age: int | None
    sex: str
    shows: str


@dataclass(frozen=True, slots=True)
class PatientGroup:
    """Some samples under one heading."""

    title: str
    patients: tuple[ListedPatient, ...]


def patient_groups(samples: Mapping[str, SampleChart]) -> tuple[PatientGroup, ...]:
    """Give the groups in the order of the page."""
    written = files("cds_service").joinpath("workbench", "groups.yaml").read_text("utf-8")
    return tuple(
        PatientGroup(group["title"], tuple(_listed(samples[name]) for name in group["samples"]))
        for group in yaml.safe_load(written)
    )


@cache
def _listed(sample: SampleChart) -> ListedPatient:
    resources = (entry.get("resource") or {} for entry in json.loads(sample.text)["entry"])
    patient = next(one for one in resources if one.get("resourceType") == "Patient")
    names = (patient.get("name") or [{}])[0]
    name = " ".join((*names.get("given", ()), names.get("family", "")))
    shows = sample.shows[:1].upper() + sample.shows[1:]
    return ListedPatient(
        sample=sample.name,
        patient_id=patient["id"],
        name=name,
        age=_age(patient.get("birthDate"), sample.as_of),
        sex=str(patient.get("gender", "")),
        shows=shows if shows.endswith(".") else f"{shows}.",
    )


def _age(born: object, on: date) -> int | None:
    try:
        day = date.fromisoformat(str(born))
    except ValueError:
        return None
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))
