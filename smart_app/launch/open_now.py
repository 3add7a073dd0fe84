"""Whose chart this browser has open: said where a window of another chart is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenNow:
    """The patient of the session; name and birth date are empty where they cannot be had."""

    ehr_name: str
    patient_id: str
    name: str
    born: str
