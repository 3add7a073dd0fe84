"""One draft order beside everything that it is held against."""

from decimal import Decimal

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Standing, Withholding
from hcc_pathway.decision.pathway import decide
from hcc_pathway.explanation.naming import name_sources
from hcc_pathway.explanation.reasons import because
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import SorafenibCourse
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.order_check.draft_orders import (
    DraftOrder,
    DraftOrders,
    regimen_of,
    together_mg,
)
from hcc_pathway.order_check.order_findings import FindingKind, OrderFinding
from hcc_pathway.recommendation import Recommendation, Withheld
from hcc_pathway.treatment_history.sorafenib_exposure import SORAFENIB


class WeighedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with the patient's findings and document; the questions that checks share."""

    order: DraftOrder
    drafts: DraftOrders
    known: Assessment
    recommendation: Recommendation
    knowledge: KnowledgeOnDay
    therapy: str
    partners: frozenset[str]  # the drugs of that therapy

    @classmethod
    def of(
        cls,
        order: DraftOrder,
        drafts: DraftOrders,
        known: Assessment,
        recommendation: Recommendation,
        knowledge: KnowledgeOnDay,
    ) -> "WeighedOrder":
        """Find the combination that the draft is part of, with other drafts or running drugs."""
        beside = drafts.drugs | set(known.treatment.history.current) - drafts.ended
        therapy, partners = regimen_of(order.drug, beside, knowledge)
        return cls(
            order=order,
            drafts=drafts,
            known=known,
            recommendation=recommendation,
            knowledge=knowledge,
            therapy=therapy,
            partners=partners,
        )

    @property
    def standing(self) -> Standing:
        """How the patient stands to sorafenib."""
        return decide(self.known.findings).standing

    @property
    def running(self) -> frozenset[str]:
        """The systemic drugs that run and that no revision in the same call ends."""
        return frozenset(self.known.treatment.history.current) - self.drafts.ended

    @property
    def renews(self) -> bool:
        """Whether the draft goes on with a drug that runs already."""
        return self.order.drug in self.running

    @property
    def of_the_same_drug(self) -> tuple[DraftOrder, ...]:
        """Every draft by which the drug would be given: together they are one treatment."""
        return tuple(one for one in self.drafts.to_give if one.drug == self.order.drug)

    @property
    def daily_mg(self) -> Decimal | None:
        """The most of the drug that its drafts certainly give on a day."""
        return together_mg(self.of_the_same_drug)

    @property
    def is_option(self) -> bool:
        """Whether the pathway offers the drug now."""
        return any(one.therapy == self.therapy for one in self.recommendation.options)

    @property
    def named_beside(self) -> bool:
        """Whether the document names the drug, alone or in a combination, beside the pathway."""
        named = {one.therapy for one in self.recommendation.also_consider}
        combined = {
            drug
            for therapy in named
            if therapy in self.knowledge.regimens
            for drug in self.knowledge.regimens[therapy].drugs
        }
        alone = self.therapy in named
        return alone or (self.order.drug in combined and not self.is_of_the_pathway)

    @property
    def is_of_the_pathway(self) -> bool:
        """Whether this is a drug of the pathway, given by itself."""
        return self.therapy == self.order.drug and self.knowledge.drugs[self.therapy].pathway_drug

    @property
    def withheld(self) -> Withheld | None:
        """Why the pathway does not offer the drug, where the document says so."""
        found = (one for one in self.recommendation.withheld if one.therapy == self.therapy)
        return next(found, None)

    @property
    def failed(self) -> bool:
        """Whether a failure of the drug is documented: progression on it, or intolerance."""
        findings, history = self.known.findings, self.known.treatment.history
        if self.order.drug == SORAFENIB:
            ended = findings.sorafenib is not SorafenibCourse.RUNNING
            intolerant = ended and findings.intolerance is Answer.MET
            return intolerant or findings.progression is Answer.MET
        return any(
            regimen.failure is Answer.MET and self.order.drug in regimen.drugs
            for regimen in (*history.regimens, *history.repeated)
        )

    def sources(self, *drugs: str) -> str:
        """Name the records of the chart that speak of some drugs."""
        return name_sources(
            sorted({one.source for one in self.known.case.drugs if one.drug in drugs})
        )

    def stopped_by(self, criterion: str) -> str:
        """Word the criterion that stops every drug of the pathway for this patient."""
        item = Withholding(self.order.drug, criterion, Answer.NOT_MET)
        return because(item, self.known, self.knowledge)

    def finding(
        self,
        kind: FindingKind,
        because: str = "",
        others: tuple[str, ...] = (),
        recorded: tuple[str, ...] = (),
        daily_mg: Decimal | None = None,
    ) -> OrderFinding:
        """Say what speaks against this order."""
        return OrderFinding(
            kind=kind,
            order=self.order,
            therapy=self.therapy,
            because=because,
            others=others,
            recorded=recorded,
            daily_mg=daily_mg,
        )
