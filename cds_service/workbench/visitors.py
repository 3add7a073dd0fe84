"""What a visitor of the workbench asks for: the patient, what happens, the draft, the changes.

All of it stands in the page's address, so that a page can be sent to somebody else; it is about
invented patients only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from cds_service.workbench.chart_edits import FIELDS, ChartEdits, read_edits
from hooks import SERVICES
from hooks.service import HookService

PATIENT_VIEW: Final = "patient-view"
EVENTS: Final[Mapping[str, str]] = {
    PATIENT_VIEW: "The chart is opened",
    "order-select": "An order is chosen",
    "order-sign": "An order is signed",
}
# what the pathway offers by AFP alone: changing that one value shows both answers
DEFAULT_DRUG: Final = "Ramucirumab"
SERVICE_OF: Final[Mapping[str, HookService]] = {service.hook: service for service in SERVICES}


@dataclass(frozen=True, slots=True)
class Asked:
    """One state of the workbench; ``faults`` say what of the form could not be read."""

    sample: str
    hook: str = PATIENT_VIEW
    drug: str = ""
    edits: ChartEdits = field(default_factory=ChartEdits)
    faults: tuple[str, ...] = ()

    @property
    def service(self) -> HookService:
        """The service that this event asks."""
        return SERVICE_OF[self.hook]

    def address(self, **more: str) -> str:
        """Give the address of this state; what is not set is left out."""
        said = {"sample": self.sample, "hook": self.hook, "drug": self.drug}
        if self.hook == PATIENT_VIEW:
            del said["hook"], said["drug"]
        shown = {name: text for name, text in (said | self.edits.as_typed | more).items() if text}
        return f"/?{urlencode(shown)}"


def read_asked(
    given: Mapping[str, str], samples: Collection[str], drugs: Collection[str]
) -> Asked:
    """Read the parameters of the page; what is not known falls back to the first choice."""
    sample = given.get("sample", "")
    hook = given.get("hook", PATIENT_VIEW)
    edits, faults = read_edits({name: given.get(name, "") for name in FIELDS})
    return Asked(
        sample=sample if sample in samples else next(iter(samples)),
        hook=hook if hook in EVENTS else PATIENT_VIEW,
        drug=given["drug"] if given.get("drug") in drugs else DEFAULT_DRUG,
        edits=edits,
        faults=faults,
    )
