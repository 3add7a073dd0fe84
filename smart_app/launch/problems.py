"""What can go wrong between an EHR's link and the page: a closed list, each with its own page."""

from enum import StrEnum
from typing import Final

from hcc_pathway.errors import HccCdsError


class Problem(StrEnum):
    """Why the page is not shown; the texts say what to do."""

    LINK_INCOMPLETE = "link-incomplete"
    UNKNOWN_EHR = "unknown-ehr"
    EHR_NOT_REACHED = "ehr-not-reached"
    EHR_NOT_USABLE = "ehr-not-usable"
    NOT_BEGUN_HERE = "not-begun-here"
    ACCESS_DENIED = "access-denied"
    NOT_AUTHORIZED = "not-authorized"
    CODE_REFUSED = "code-refused"
    IDENTITY_NOT_PROVEN = "identity-not-proven"
    NO_PATIENT = "no-patient"
    SESSION_OVER = "session-over"
    SIGNED_OUT = "signed-out"
    TOKEN_REFUSED = "token-refused"  # noqa: S105 (a name)
    CHART_NOT_READ = "chart-not-read"
    FORM_NOT_OURS = "form-not-ours"
    ANOTHER_CHART = "another-chart"
    NO_SUCH_PAGE = "no-such-page"
    NOT_UNDERSTOOD = "not-understood"
    SERVICE_FAILED = "service-failed"
    NOT_CONFIRMED = "not-confirmed"
    NOTHING_TO_WRITE = "nothing-to-write"
    NOT_WRITABLE = "not-writable"
    AUTHOR_UNKNOWN = "author-unknown"
    TRY_AGAIN = "try-again"


STATUS: Final = {
    Problem.LINK_INCOMPLETE: 400,
    Problem.UNKNOWN_EHR: 403,
    Problem.EHR_NOT_REACHED: 502,
    Problem.EHR_NOT_USABLE: 502,
    Problem.NOT_BEGUN_HERE: 403,
    Problem.ACCESS_DENIED: 403,
    Problem.NOT_AUTHORIZED: 403,
    Problem.CODE_REFUSED: 403,
    Problem.IDENTITY_NOT_PROVEN: 403,
    Problem.NO_PATIENT: 403,
    Problem.SESSION_OVER: 401,
    Problem.SIGNED_OUT: 200,
    Problem.TOKEN_REFUSED: 401,
    Problem.CHART_NOT_READ: 412,
    Problem.FORM_NOT_OURS: 403,
    Problem.ANOTHER_CHART: 409,
    Problem.NO_SUCH_PAGE: 404,
    Problem.NOT_UNDERSTOOD: 400,
    Problem.SERVICE_FAILED: 500,
    Problem.NOT_CONFIRMED: 400,
    Problem.NOTHING_TO_WRITE: 400,
    Problem.NOT_WRITABLE: 403,
    Problem.AUTHOR_UNKNOWN: 403,
    Problem.TRY_AGAIN: 503,
}


class LaunchProblem(HccCdsError):  # noqa: N818 (the name says what happened)
    """The page cannot be shown.

    ``detail`` is for the log: a word of a closed list of ours, never what somebody sent.
    """

    def __init__(self, problem: Problem, detail: str = "") -> None:
        """Say which problem it is."""
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail
