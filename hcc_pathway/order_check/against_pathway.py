"""What the pathway says against an order: its criteria, met, not met or not known."""

from collections.abc import Iterator

from hcc_pathway.decision.decision import Standing
from hcc_pathway.findings.findings import AfpState
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.order_check.weighed_order import WeighedOrder
from hcc_pathway.recommendation import PatientClass, Withheld

# said by the checks of the patient and of the treatment
_SAID_ELSEWHERE = {"child-pugh", "ecog", "not-already-given"}
_NOT_DOCUMENTED = {
    Standing.SORAFENIB_RUNNING,
    Standing.LATER_DRUG_RUNNING,
    Standing.LATER_END_UNEXPLAINED,
}
# what must be known before the pathway can say anything of any drug
_DECIDE_EVERYTHING = {
    "diagnosis",
    "prior-lines",
    "sorafenib-alone",
    "sorafenib-exposure",
    "sorafenib-failure",
}


def against_pathway(order: WeighedOrder) -> Iterator[OrderFinding]:
    """Say why the pathway does not offer the drug of an order, if it does not.

    Going on with a drug that runs is no choice of a line, and a drug given before is the
    business of ``against_treatment``.
    """
    if order.therapy in order.known.findings.withdrawn and not order.renews:
        yield order.finding(FindingKind.WITHDRAWN, _withdrawal(order))
    if order.is_option or order.renews or order.order.drug in order.known.findings.given:
        return
    if order.recommendation.patient_class is PatientClass.NOT_APPLICABLE:
        yield from _where_it_does_not_apply(order)
    elif order.withheld is not None:
        yield from _withheld(order, order.withheld)
    elif not order.named_beside:
        yield _not_named(order)


def _withdrawal(order: WeighedOrder) -> str:
    known = order.known
    texts = (
        notice.text
        for notice in order.knowledge.notices(known.site.jurisdiction)
        if notice.therapy == order.therapy and notice.decides_for(known.site.jurisdiction)
    )
    return next(texts, "")


def _withheld(order: WeighedOrder, withheld: Withheld) -> Iterator[OrderFinding]:
    """Name what the criterion comes to for an order; a definite AFP outweighs an open question."""
    known, criterion = withheld.answer != "unknown", withheld.criterion
    if criterion in _SAID_ELSEWHERE:
        return
    afp = order.known.afp
    if order.therapy == "ramucirumab" and afp.state is AfpState.BELOW:  # A14
        yield _afp(order, FindingKind.AFP_BELOW)
    elif criterion == "afp-at-least-400":
        yield order.finding(FindingKind.AFP_UNKNOWN, withheld.because)
    elif criterion in {"progression", "tolerated-sorafenib"}:
        # documented intolerance is not shown tolerance, whatever the days say (S5)
        intolerant = order.standing is Standing.INTOLERANT
        kind = (
            FindingKind.TOLERANCE_NOT_SHOWN
            if known or intolerant
            else FindingKind.TOLERANCE_UNKNOWN
        )
        yield order.finding(kind, withheld.because)
    elif criterion in {"sorafenib-intolerance", "second-line-only", "line"}:
        yield order.finding(FindingKind.NOT_OFFERED, withheld.because)
    else:
        yield order.finding(FindingKind.NOT_KNOWN, withheld.because)


def _afp(order: WeighedOrder, kind: FindingKind) -> OrderFinding:
    return order.finding(kind, order.stopped_by("afp-at-least-400"))


def _not_named(order: WeighedOrder) -> OrderFinding:
    """Say it of a drug that is no option, not withheld and not named beside the pathway."""
    open_questions = (
        one.because
        for one in order.recommendation.withheld
        if one.answer == "unknown" and one.criterion in _DECIDE_EVERYTHING
    )
    question = next(open_questions, None)
    if question is None:
        return order.finding(FindingKind.NOT_NAMED)
    return order.finding(FindingKind.NOT_KNOWN, question)


def _where_it_does_not_apply(order: WeighedOrder) -> Iterator[OrderFinding]:
    """A1, A19: the last drug has not failed; A22: there was no sorafenib."""
    if order.standing in _NOT_DOCUMENTED:
        if not order.running - order.partners:  # else two at once is what matters
            last = order.known.treatment.last_regimen
            others = () if last is None else last.drugs
            yield order.finding(FindingKind.FAILURE_NOT_DOCUMENTED, others=others)
        return
    if order.named_beside or not order.is_of_the_pathway:
        return
    if order.therapy == "ramucirumab" and order.known.afp.state is AfpState.BELOW:
        yield _afp(order, FindingKind.AFP_BELOW)
    else:
        yield order.finding(FindingKind.NO_SORAFENIB)
