"""The systemic drugs among the draft orders of a hook's context."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from fhir_mappings.chart.bundles_received import Received, search_received
from fhir_mappings.chart.medication_projections import Medication, MedicationRequest
from fhir_mappings.chart.projections import CodeableConcept, Element, each
from fhir_mappings.chart.record import ChartSources, read_record
from fhir_mappings.chart.subjects import own_references, source_of
from fhir_mappings.drugs.drug_names import NamedDrugs, Product, product_of
from fhir_mappings.drugs.indications import given_for_something_else
from fhir_mappings.drugs.products import contained_medication
from fhir_mappings.errors import UNREADABLE
from fhir_mappings.incoming.drafted_doses import read_drafted_doses
from fhir_mappings.incoming.order_fields import read_order_fields
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.order_check.draft_orders import DraftOrder, DraftOrders

_ENDS: Final = frozenset({"stopped", "cancelled", "completed", "on-hold", "ended"})
_SIGNED_BEFORE: Final = _ENDS | {"active"}
_NO_ORDER: Final = "entered-in-error"
_UNSIGNED: Final = "draft"
_LONGEST_SHOWN: Final = 200
_medication = msgspec.json.Decoder(Medication)


class DraftedDrug(msgspec.Struct, frozen=True):
    """A draft order, and the resource that it was read from."""

    order: DraftOrder
    request: MedicationRequest


class Drafted(msgspec.Struct, frozen=True):
    """What the drafts of one call hold: systemic drugs, and circumstances that others bring.

    ``unread``: drafts that name a medication by a reference or a code alone, of which nothing is
    known; their drug is empty. They may be any drug.
    """

    drugs: tuple[DraftedDrug, ...]
    references: frozenset[str]  # of every draft in the Bundle, whatever it orders
    interacting: frozenset[str]
    unread: tuple[DraftedDrug, ...] = ()

    @property
    def unnamed(self) -> frozenset[str]:
        """The Medications that unread drafts refer to, which may say what they are."""
        return frozenset(address for one in self.unread for address in _referred_to(one.request))

    def asked(self, selections: Collection[str] | None) -> DraftOrders:
        """Tell the drafts that were selected from those that stand beside them.

        Without selections, or where none of them is in the Bundle, every draft is asked about.
        """
        chosen = self.references.intersection(selections or ())

        def is_asked(order: DraftOrder) -> bool:
            return not chosen or order.reference in chosen

        orders = tuple(one.order for one in self.drugs)
        return DraftOrders(
            orders=orders,
            selected=tuple(filter(is_asked, orders)),
            unread=tuple(filter(is_asked, (one.order for one in self.unread))),
            interacting=self.interacting,
        )


class _WithForm(Element):
    form: CodeableConcept | None = None


_with_form = msgspec.json.Decoder(_WithForm)


def read_drafted_drugs(
    draft_orders: msgspec.Raw,
    *,
    patient_id: str,
    fhir_base: str | None,
    named: NamedDrugs,
    fetched: Iterable[Received] = (),
) -> Drafted:
    """Read the drafts of one patient in a Bundle of draft orders, the invalid ones included.

    A draft for another patient, for no drug yet, or for a drug that is not systemic treatment of
    this cancer is no draft here. Products are looked up within the draft, within the Bundle and
    among the Medications that were ``fetched`` for it.
    """
    received = search_received(draft_orders).resources
    medications = _medications((*received, *fetched))
    own = own_references(patient_id, fhir_base=fhir_base)
    drugs: list[DraftedDrug] = []
    interacting: set[str] = set()
    unread: list[DraftedDrug] = []
    for one in received:
        fields = read_order_fields(one.raw) if one.resource_type == "MedicationRequest" else None
        if fields is None or fields.request.status == _NO_ORDER:
            continue
        if fields.names_a_subject and not own.include(fields.request.subject):
            continue
        product, words = _product(fields.request, medications)
        if _may_be_any(fields.request, product, named):
            unread.append(_drafted("", product, words, fields.request))
        systemic = named.systemic(product)
        drugs += [_drafted(drug, product, words, fields.request) for drug in systemic]
        if not systemic and not _is_ended(fields.request):
            interacting.update(named.interactions(product))
    references = frozenset(_reference_of(one) for one in received)
    return Drafted(tuple(drugs), references, frozenset(interacting), tuple(unread))


def for_this_cancer(
    drafted: Drafted,
    sources: ChartSources,
    patient_id: str,
    named: NamedDrugs,
    knowledge: KnowledgeOnDay,
) -> Drafted:
    """Leave out drafts whose every reason is another cancer, in the words or in the chart."""
    every = (*drafted.drugs, *drafted.unread)
    if not any(one.request.reason_code or one.request.reason_reference for one in every):
        return drafted
    record = read_record(
        sources, patient_id, keys=("patient", "conditions"), types=("Patient", "Condition")
    )

    def is_for_it(one: DraftedDrug) -> bool:
        return not given_for_something_else(one.request, record, named.book, knowledge)

    return msgspec.structs.replace(
        drafted,
        drugs=tuple(filter(is_for_it, drafted.drugs)),
        unread=tuple(filter(is_for_it, drafted.unread)),
    )


def _drafted(drug: str, product: Product, words: str, request: MedicationRequest) -> DraftedDrug:
    reference = source_of("MedicationRequest", request.id)
    order = DraftOrder(
        drug=drug,
        reference=reference if "/" in reference else "",
        replaceable="/" in reference and request.status == _UNSIGNED,
        revises=request.status in _SIGNED_BEFORE,
        ends=_is_ended(request),
        doses=read_drafted_doses(request, product.strength_mg),
        product_words=words,
        as_received=product.shown[:_LONGEST_SHOWN],
        notes=tuple(note.text for note in each(request.note) if note.text),
    )
    return DraftedDrug(order, request)


def _is_ended(request: MedicationRequest) -> bool:
    return bool(request.do_not_perform) or request.status in _ENDS


def _may_be_any(request: MedicationRequest, product: Product, named: NamedDrugs) -> bool:
    """Whether a draft names its drug, but neither a word nor a known code says which."""
    if _is_ended(request) or not product.nameless or named.known(product):
        return False
    referred = request.medication_reference is not None and request.medication_reference.reference
    return bool(referred) or any(
        coding.code for concept in product.concepts for coding in each(concept.coding)
    )


def _product(
    request: MedicationRequest, medications: Mapping[str, Received]
) -> tuple[Product, str]:
    """Give the product and the words that name it, the form of a Medication included."""
    reference = request.medication_reference
    medication, form = None, ""
    if reference is not None:
        medication = contained_medication(request.contained, reference)
        address = reference.reference or ""
        entry = medications.get(address) or medications.get("/".join(address.split("/")[-2:]))
        if medication is None and entry is not None:
            medication, form = _decoded(entry)
    product = product_of(request.medication_codeable_concept, reference, medication)
    return product, f"{product.words} {form}".strip()


def _referred_to(request: MedicationRequest) -> tuple[str, ...]:
    address = request.medication_reference and request.medication_reference.reference
    return () if not address or address.startswith("#") else (address,)


def _medications(received: Iterable[Received]) -> dict[str, Received]:
    """Find the Medications of the Bundle by ``Medication/m1`` and by full URL."""
    found: dict[str, Received] = {}
    for one in received:
        if one.resource_type == "Medication":
            found[_reference_of(one)] = one
            if one.full_url is not None:
                found[one.full_url] = one
    return found


def _decoded(entry: Received) -> tuple[Medication | None, str]:
    try:
        medication = _medication.decode(entry.raw)
    except UNREADABLE:
        return None, ""
    try:
        form = _with_form.decode(entry.raw).form
    except UNREADABLE:
        form = None
    codings = each(form.coding) if form is not None else []
    words = [form.text if form is not None else None, *(coding.display for coding in codings)]
    return medication, " ".join(filter(None, words)).lower()


class _Identified(Element):
    id: str | None = None


_identified = msgspec.json.Decoder(_Identified)


def _reference_of(one: Received) -> str:
    try:
        resource_id = _identified.decode(one.raw).id
    except UNREADABLE:
        resource_id = None
    return source_of(one.resource_type or "", resource_id)
