"""What the examination found, as tables that a person can act on."""

from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cds_service.doctor.examination import Examination
from fhir_access.searches import resource_type_of

_R4: Final = "4.0"
_MOST_CODES: Final = 30
# what each part of the chart is needed for, in the names of the document
_INPUTS: Final = {
    "patient": "age, sex",
    "conditions": "diagnosis (needed), ascites, encephalopathy, bleeding-risk, liver-transplant",
    "observations": "alpha-fetoprotein, bilirubin, albumin, inr, ecog, child-pugh, progression",
    "medicationRequests": "sorafenib-exposure, prior-lines (one source of drugs is needed)",
    "medicationStatements": "sorafenib-exposure, sorafenib-intolerance, prior-lines",
    "medicationAdministrations": "sorafenib-exposure, prior-lines",
    "procedures": "liver-transplant",
    "allergies": "sorafenib-allergy, sorafenib-intolerance",
}


def page(found: Examination, templates: dict[str, str], patient_id: str | None) -> RenderableType:
    """Lay out everything; what came from the server is shown as text only."""
    parts: list[RenderableType] = [_verdict(found, templates), _steps(found)]
    if found.capabilities is not None:
        parts.append(_inputs(found, templates))
    if found.unmapped:
        parts += [_codes(found), *_proposals(found)]
    if found.document is not None:
        parts.append(_unknown(found))
    elif patient_id is None:
        parts.append(Text("Give --patient ID to see what the searches of one patient return."))
    return Group(*parts)


def _verdict(found: Examination, templates: dict[str, str]) -> RenderableType:
    if not found.can_work(templates):
        why = found.refusal or _missing(found, templates)
        return Text(f"The pathway CANNOT work with this server: {why}", style="bold red")
    said = "The pathway can work with this server"
    if found.has_finding(templates):
        return Text(f"{said}; see what is to be done below.", style="bold yellow")
    return Text(f"{said}.", style="bold green")


def _missing(found: Examination, templates: dict[str, str]) -> str:
    if found.capabilities is None:
        return f"its CapabilityStatement could not be read ({found.steps[0].outcome})"
    failed = [step.key for step in found.steps if step.outcome not in {"complete", "absent"}]
    lacking = [key for key in templates if not found.offered(templates[key])]
    return "not to be had: " + ", ".join(dict.fromkeys([*lacking, *failed]))


def _steps(found: Examination) -> RenderableType:
    table = Table(
        "Step", "Asked for", "Result", "Resources", "Pages", "ms", title="What was asked"
    )
    for step in found.steps:
        style = "" if step.is_well else "yellow"
        counts = (str(step.resources), str(step.pages)) if step.pages else ("", "")
        cells = (step.key, step.asked, step.outcome, *counts, f"{step.milliseconds:.0f}")
        table.add_row(*(Text(cell) for cell in cells), style=style)
    return table


def _inputs(found: Examination, templates: dict[str, str]) -> RenderableType:
    table = Table(
        "Prefetch key", "Resource type", "Offered", "Inputs", title="What it can deliver"
    )
    for key, template in templates.items():
        offered = found.offered(template)
        table.add_row(
            key,
            resource_type_of(template),
            "yes" if offered else "NO",
            _INPUTS[key],
            style="" if offered else "yellow",
        )
    known = found.capabilities
    if known is not None:
        version = known.fhir_version or "not stated"
        warn = "" if version.startswith(_R4) else " (this service reads R4)"
        types = len(known.types) or "no"
        name = known.software or "software not named"
        table.caption = f"{name}; FHIR {version}{warn}; {types} resource types listed"
    return table


def _codes(found: Examination) -> RenderableType:
    table = Table(
        "Code", "Display", "Units", "Range", "Count", "May be", title="Codes not recognised"
    )
    for one in found.unmapped[:_MOST_CODES]:
        measured = "" if one.lowest is None else f"{one.lowest} to {one.highest}"
        cells = (
            f"{one.system}|{one.code}",
            one.display,
            ", ".join(one.units),
            measured,
            str(one.count),
            one.proposal or "",
        )
        table.add_row(*(Text(cell) for cell in cells))
    more = len(found.unmapped) - _MOST_CODES
    if more > 0:
        table.caption = f"and {more} more"
    return table


def _proposals(found: Examination) -> list[RenderableType]:
    lines = [one.line for one in found.unmapped if one.line is not None]
    if not lines:
        return []
    head = "Proposed for the site file, each to be approved by a person who knows the code:"
    return [Text(head, style="bold"), Text("[codes]"), *(Text(line) for line in lines)]


def _unknown(found: Examination) -> RenderableType:
    table = Table("Input or record", "What stays unknown, and why", title="For this patient")
    if found.document is None:
        return table
    for missing in found.document.missing:
        table.add_row(Text(missing.input), Text(missing.ask))
    for ignored in found.document.ignored:
        table.add_row(Text(ignored.source or "other patients"), Text(ignored.because))
    table.caption = (
        f"class {found.document.patient_class.value}, {len(found.document.options)} options"
    )
    return table
