"""OperationOutcome: how every error of the service is said.

Built as plain JSON objects so that an error answer needs no model classes; a test checks them
against the R4B model.
"""

from collections.abc import Sequence
from typing import Any, Literal

IssueCode = Literal[
    "invalid",
    "structure",
    "required",
    "value",
    "not-found",
    "not-supported",
    "incomplete",
    "login",
    "forbidden",
    "transient",
    "too-long",
    "exception",
]


def operation_outcome(
    code: IssueCode, diagnostics: str, expression: Sequence[str] = ()
) -> dict[str, Any]:
    """Say one error as an OperationOutcome.

    Args:
        code: the IssueType code of FHIR R4.
        diagnostics: one sentence for the person who reads it; no values of a chart.
        expression: the parts of the request that are meant, e.g. ``context.patientId``.

    """
    issue: dict[str, Any] = {"severity": "error", "code": code, "diagnostics": diagnostics}
    if expression:
        issue["expression"] = list(expression)
    return {"resourceType": "OperationOutcome", "issue": [issue]}
