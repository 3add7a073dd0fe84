"""The audit record: one JSON line for every call that asks about a patient or reports on a card.

Who called, which service and pathway version answered, what came out and how long it took. Ids
and words of closed lists only: no name, no token, no id or value of a patient.
"""

import logging

from flask import Flask, Response, g, request

from cds_service import request_log
from cds_service.client_tokens.caller import caller_name
from hcc_pathway.recommendation import Recommendation

_log = logging.getLogger("cds_service.audit")
_AUDITED = ("/cds-services/", "/api/")


def note(**fields: str | float | list[str] | dict[str, str]) -> None:
    """Add fields to the audit record of the present request."""
    g.setdefault("audit_fields", {}).update(fields)


def note_document(document: Recommendation) -> None:
    """Add what the pathway decided: class, line, and the answer for each drug."""
    criteria = {option.therapy: "offered" for option in document.options}
    for one in document.withheld:
        criteria.setdefault(one.therapy, f"{one.answer}: {one.criterion}")
    note(
        pathway=document.pathway.id,
        pathwayVersion=document.pathway.version,
        asOf=document.as_of.isoformat(),
        patientClass=document.patient_class.value,
        line=document.line.value,
        criteria=criteria,
        missing=[one.input for one in document.missing],
    )


def register_audit(app: Flask, pathway: str, version: str) -> None:
    """Write the record when a request is answered, errors and refusals too.

    Args:
        app: the application.
        pathway: the id of the pathway that answers.
        version: its version, named also where it had nothing to say.

    """
    _log.setLevel(logging.INFO)  # whatever the level of the rest

    def finish(response: Response) -> Response:
        if request.method == "POST" and request.path.startswith(_AUDITED):
            fields = {
                "requestId": g.get("request_id", ""),
                "route": request.url_rule.rule if request.url_rule else "-",
                "ehr": caller_name(),
                "status": response.status_code,
                "ms": round(request_log.seconds_so_far() * 1000, 3),
                "pathway": pathway,
                "pathwayVersion": version,
                **g.get("log_fields", {}),
                **g.get("audit_fields", {}),
            }
            _log.info("audit", extra={"fields": fields})
        return response

    app.after_request(finish)
