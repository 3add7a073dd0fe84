"""What the knowledge says beside a drug for one patient: dosing, cautions, caveats, evidence."""

from collections.abc import Set as AbstractSet
from functools import cache

from hcc_pathway.decision.decision import Beside, Decision, Standing
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.findings.findings import AfpState, ChildPughState, Findings
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.knowledge_base.schema import Drug, Indication, Regimen
from hcc_pathway.recommendation import AlsoConsider, Caution, LineOfTherapy

_CONCERNS = {"liver-transplant", "autoimmune-disease", "bleeding-risk"}
_B = {ChildPughState.B, ChildPughState.AT_LEAST_B}


def circumstances(
    findings: Findings, decision: Decision, concerns: AbstractSet[str]
) -> frozenset[str]:
    """Name the circumstances of the knowledge files that hold for this patient.

    ``concerns`` are the documented ones: liver transplant, autoimmune disease, bleeding risk,
    interacting drugs, an allergy to sorafenib.
    """
    holding = {
        "several-options": len(decision.offers) > 1,
        "child-pugh-b": findings.child_pugh in _B,
        "alpha-fetoprotein-at-least-400": findings.afp is AfpState.AT_LEAST,
        "prior-immunotherapy": findings.immunotherapy_given,
        "conflicting-tolerance": decision.standing is Standing.CONFLICTING,
        "third-line": decision.line is LineOfTherapy.THIRD,
    }
    return frozenset({"always", *concerns, *(name for name, holds in holding.items() if holds)})


def cautions_of(
    therapy: str, holding: AbstractSet[str], knowledge: KnowledgeOnDay
) -> tuple[Caution, ...]:
    """List the cautions of a drug that apply, then the editorial's caveats shown with it."""
    drug = knowledge.drugs[therapy]
    own = [
        Caution(id=caution.id, text=caution.text)
        for caution in drug.cautions
        if caution.when in holding
    ]
    caveats = [
        Caution(id=f"caveat-{caveat.id.lower()}", text=caveat.text)
        for caveat in knowledge.caveats
        if caveat.shown
        and caveat.when in holding
        and (not caveat.therapies or therapy in caveat.therapies)
    ]
    return (*own, *caveats)


def dosing_of(therapy: str, findings: Findings, knowledge: KnowledgeOnDay) -> str:
    """Give the labelled start, with the start in Child-Pugh B where the label names one (A15)."""
    dosing = knowledge.drugs[therapy].dosing
    if dosing is None:
        return ""
    if findings.child_pugh in _B and dosing.child_pugh_b:
        return dosing.child_pugh_b
    return dosing.text


def evidence_of(therapy: str, line: LineOfTherapy, knowledge: KnowledgeOnDay) -> tuple[str, ...]:
    """List the evidence ids behind a drug's place in this line of the pathway, without repeats."""
    indications = knowledge.drugs[therapy].indications
    in_line = [one for one in indications if one.basis == "pathway" and one.line == line]
    return _evidence(in_line or list(indications))


def _evidence(indications: list[Indication]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for one in indications for item in one.evidence))


def also_consider(
    beside: Beside, holding: AbstractSet[str], knowledge: KnowledgeOnDay
) -> AlsoConsider:
    """Word a drug beside the pathway: our own sentence, else the best fitting remark of its file.

    Documented concerns (transplant, autoimmune disease, bleeding) follow the remark.
    """
    named: Drug | Regimen = (
        knowledge.drugs.get(beside.therapy) or knowledge.regimens[beside.therapy]
    )
    remarks = [
        remark
        for remark in named.also_consider
        if remark.basis == beside.basis and remark.when in holding
    ]
    fitting = sorted(remarks, key=lambda remark: remark.when == "always")[:1]
    concerns = [
        caution
        for caution in named.cautions
        if caution.when in _CONCERNS and caution.when in holding
    ]
    said = [say_id(beside.text)] if beside.text else [remark.text for remark in fitting]
    cited = ["asco-2024"] if beside.text else [item for one in fitting for item in one.evidence]
    return AlsoConsider(
        therapy=beside.therapy,
        basis=beside.basis,
        text=" ".join([*said, *(caution.text for caution in concerns)]),
        evidence=tuple(
            dict.fromkeys([*cited, *(item for one in concerns for item in one.evidence)])
        ),
    )


class DrugTexts:
    """The texts of one day's knowledge, each combination of circumstances worded once.

    There are few combinations and many patients, so what was worded is kept.
    """

    def __init__(self, knowledge: KnowledgeOnDay) -> None:
        """Keep the knowledge that the texts come from."""
        self.knowledge = knowledge
        self.cautions = cache(lambda therapy, holding: cautions_of(therapy, holding, knowledge))
        self.evidence = cache(lambda therapy, line: evidence_of(therapy, line, knowledge))
        self.also = cache(lambda beside, holding: also_consider(beside, holding, knowledge))
        self.codes = cache(knowledge.codings)


_KEPT: dict[int, DrugTexts] = {}
_MOST_KEPT = 64


def drug_texts(knowledge: KnowledgeOnDay) -> DrugTexts:
    """Give the texts of one day's knowledge, kept for the days asked about lately."""
    found = _KEPT.get(id(knowledge))  # it is kept alive by the entry, so its id stays its own
    if found is None:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[id(knowledge)] = DrugTexts(knowledge)
    return found
