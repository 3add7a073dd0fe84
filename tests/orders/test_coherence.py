"""What patient-view suggests, the order hooks do not speak against; nor what they suggest."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import sampled_from

from hooks.ehr_profile import PROFILES
from tests.orders.ordering import (
    HOOKS,
    Json,
    answered,
    ask,
    kind_of,
    order_call,
    site,
)
from tests.properties.whole_charts import CHARTS, Chart, charts, searches
from tests.properties.whole_charts import kind_of as type_of

GENERATED, GENERATED_SLOWLY = 40, 1000
DRUGS = ("cabozantinib", "nivolumab", "ramucirumab", "regorafenib", "sorafenib", "lenvatinib")


def accepted(card: Json, drafts: list[Json]) -> list[list[Json]]:
    """The drafts after each suggestion of a card, one at a time.

    Where the EHR takes one action at a time, a better draft is taken with the removal beside it.
    """
    taken = [one["actions"] for one in card.get("suggestions", ())]
    removals = [actions for actions in taken if {one["type"] for one in actions} == {"delete"}]
    return [
        after([*actions, *(step for removal in removals for step in removal)], drafts)
        if len(removals) == 1
        else after(actions, drafts)
        for actions in taken
    ]


def after(actions: list[Json], drafts: list[Json]) -> list[Json]:
    """The drafts after some actions."""
    left = {f"MedicationRequest/{one.get('id', place)}": one for place, one in enumerate(drafts)}
    for action in actions:
        if action["type"] == "delete":
            left.pop(action["resourceId"], None)
        elif action["type"] == "update":
            name = f"MedicationRequest/{action['resource']['id']}"
            assert name in left, "nothing but a draft of the call is changed"
            left[name] = action["resource"]
        else:
            left["created"] = action["resource"]
    return list(left.values())


def assert_coherent(
    chart: Chart, jurisdiction: str | None = None, profile: str = "standard"
) -> int:
    """No suggestion of patient-view meets a finding; count the drafts that were tried."""
    tried = 0
    call, asked = call_of(chart), site(jurisdiction, profile)
    for card in answered(call, asked, chart.on):
        for drafts in accepted(card, []):
            for hook in HOOKS:
                cards = answered(order_call(call, hook, drafts), asked, chart.on)
                assert cards == [], f"{chart!r}: {drafts[0]}: {cards[0]['summary']}"
                tried += 1
    return tried


def call_of(chart: Chart) -> Json:
    """A patient-view call for a chart, as prefetch."""
    (patient,) = [e["resource"] for e in chart.entries if type_of(e) == "Patient"]
    prefetch: Json = {"patient": patient}
    for key, entries in searches(chart.entries).items():
        prefetch[key] = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    call: Json = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/d1", "patientId": chart.patient},
        "prefetch": prefetch,
    }
    return call


every_profile = pytest.mark.parametrize(
    "profile",
    [
        pytest.param(name, marks=() if name == "standard" else pytest.mark.slow)
        for name in PROFILES
    ],
)


@every_profile
@pytest.mark.parametrize("jurisdiction", [None, "US"])
def test_no_suggestion_for_a_sample_meets_a_finding(
    jurisdiction: str | None, profile: str
) -> None:
    tried = sum(assert_coherent(chart, jurisdiction, profile) for chart in CHARTS.values())
    assert tried > 2 * len(CHARTS)


@settings(max_examples=GENERATED)
@given(chart=charts(), profile=sampled_from(sorted(PROFILES)))
def test_no_suggestion_for_a_generated_chart_meets_a_finding(chart: Chart, profile: str) -> None:
    assert_coherent(chart, profile=profile)


@pytest.mark.slow
@settings(max_examples=GENERATED_SLOWLY)
@given(chart=charts(), profile=sampled_from(sorted(PROFILES)))
def test_no_suggestion_for_a_thousand_generated_charts_meets_a_finding(
    chart: Chart, profile: str
) -> None:
    assert_coherent(chart, profile=profile)


@every_profile
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("name", CHARTS)
def test_a_draft_that_an_order_card_puts_in_its_place_meets_no_finding(
    name: str, times: int, profile: str
) -> None:
    """Whether it was drafted once or twice; a suggested test leaves the order as it is."""
    chart, asked = CHARTS[name], site(profile=profile)
    call = call_of(chart)
    for drug in DRUGS:
        drafted = [
            {
                "resourceType": "MedicationRequest",
                "id": f"drafted-{number}",
                "status": "draft",
                "medicationCodeableConcept": {"text": drug},
                "dosageInstruction": [{"text": "160 mg daily"}],
            }
            for number in range(times)
        ]
        for card in answered(order_call(call, "order-sign", drafted), asked, chart.on):
            for drafts in accepted(card, drafted):
                left = any(one in drafts for one in drafted)
                found = kind_of(answered(order_call(call, "order-sign", drafts), asked, chart.on))
                assert found == (kind_of([card]) if left else "silence"), drug


@pytest.mark.parametrize("name", CHARTS)
def test_the_draft_itself_counts_as_no_drug_given(name: str) -> None:
    """An EHR may list the unsigned order among the medications, with whatever status."""
    chart = CHARTS[name]
    for card in answered(call_of(chart), on=chart.on):
        for drafts in accepted(card, []):
            order = {**drafts[0], "id": "unsigned", "authoredOn": str(chart.on)}
            if order["resourceType"] != "MedicationRequest":
                continue
            for status in ("draft", "active", None):
                listed = {k: v for k, v in {**order, "status": status}.items() if v is not None}
                call = call_of(chart)
                call["prefetch"]["medicationRequests"]["entry"] = [
                    *call["prefetch"]["medicationRequests"]["entry"],
                    {"resource": listed},
                ]
                assert ask(call, "order-sign", [listed], on=chart.on) == [], status
