"""What each family of EHRs gets: selection behaviour, actions of a suggestion, code systems."""

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import read_settings
from hooks.card_ids import TOPICS
from hooks.ehr_profile import PROFILES
from hooks.orders.order_cards import TOPIC_OF
from tests.orders.ordering import RXNORM, TODAY, Json, draft, order_call, patient_view_call

SERVICE = "/cds-services/hcc-after-sorafenib"
RXNORM_OID = "urn:oid:2.16.840.1.113883.6.88"
WITH_SMART = "-and-smart"
BASES: dict[str, str] = {name: f"https://{name}.example/fhir" for name in PROFILES}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A demonstration with one EHR of each profile, told apart by its FHIR server."""
    place = tmp_path_factory.mktemp("site") / "site.toml"
    blocks = (
        f'[[ehr]]\nname = "{name}{smart[:1]}"\nprofile = "{name}"\nfhir_base = "{base}{smart}"\n'
        + (f'[ehr.smart]\nclient_id = "{name}-client"\n' if smart else "")
        for name, base in BASES.items()
        for smart in ("", WITH_SMART)
    )
    place.write_text("\n".join(blocks), "utf-8")
    demo = {"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": str(TODAY), "HCC_CDS_SITE_FILE": str(place)}
    return create_app(read_settings(demo)).test_client()


def cards(
    client: FlaskClient, path: str, call: Json, profile: str | None, *, smart: str = ""
) -> list[Json]:
    body = call if profile is None else {**call, "fhirServer": BASES[profile] + smart}
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[Json] = answer.get_json()["cards"]
    return found


def order_card(client: FlaskClient, profile: str | None) -> Json:
    """The card for ramucirumab with an AFP below the threshold: regorafenib would be better."""
    chart = patient_view_call("tolerant-afp-low")
    subject = {"reference": f"Patient/{chart['context']['patientId']}"}
    call = order_call(chart, "order-sign", [draft({"drug": "ramucirumab", "id": "d1"}, subject)])
    (card,) = cards(client, f"{SERVICE}-order-sign", call, profile)
    return card


def actions(card: Json) -> list[list[str]]:
    return [[one["type"] for one in suggestion["actions"]] for suggestion in card["suggestions"]]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (None, [["create", "delete"]]),
        ("standard", [["create", "delete"]]),
        ("epic", [["create"], ["delete"]]),
        ("oracle", [["update"]]),
    ],
)
def test_a_better_draft_takes_the_place_of_the_one_drafted(
    client: FlaskClient, profile: str | None, expected: list[list[str]]
) -> None:
    card = order_card(client, profile)
    assert actions(card) == expected
    for suggestion in card["suggestions"]:
        for action in suggestion["actions"]:
            if action["type"] == "delete":
                assert action["resourceId"] == "MedicationRequest/d1"
                assert "resource" not in action
            elif action["type"] == "update":
                assert action["resource"]["id"] == "d1"
            else:
                assert "id" not in action["resource"]


@pytest.mark.parametrize("profile", PROFILES)
def test_several_actions_stand_in_one_suggestion_only_where_the_ehr_takes_them(
    client: FlaskClient, profile: str
) -> None:
    several = any(len(one) > 1 for one in actions(order_card(client, profile)))
    assert several == (profile == "standard")


@pytest.mark.parametrize("profile", PROFILES)
def test_only_a_standard_client_is_told_that_suggestions_exclude_each_other(
    client: FlaskClient, profile: str
) -> None:
    chart = patient_view_call("tolerant-afp-high")
    subject = {"reference": f"Patient/{chart['context']['patientId']}"}
    call = order_call(chart, "order-sign", [draft("lenvatinib", subject)])
    (card,) = cards(client, f"{SERVICE}-order-sign", call, profile)
    assert len(card["suggestions"]) > 1
    assert card["selectionBehavior"] == ("at-most-one" if profile == "standard" else "any")
    (main, *_) = cards(client, SERVICE, chart, profile)
    assert main["selectionBehavior"] == "any"


@pytest.mark.parametrize("profile", PROFILES)
def test_epic_gets_the_codes_of_a_draft_under_oids_and_the_document_stays_as_it_is(
    client: FlaskClient, profile: str
) -> None:
    (main, *_) = cards(client, SERVICE, patient_view_call("tolerant-afp-low"), profile)
    resource = main["suggestions"][0]["actions"][0]["resource"]
    first = resource["medicationCodeableConcept"]["coding"][0]
    assert first["system"] == (RXNORM_OID if profile == "epic" else RXNORM)
    (document,) = main["extension"].values()
    assert document["options"][0]["codes"][0]["system"] == RXNORM


@pytest.mark.parametrize("profile", PROFILES)
def test_no_card_holds_a_link_that_the_ehr_was_not_registered_for(
    client: FlaskClient, profile: str
) -> None:
    assert "links" not in order_card(client, profile)


@pytest.mark.parametrize(("profile", "has_context"), [("standard", 1), ("epic", 1), ("oracle", 0)])
def test_a_card_with_a_document_leads_to_the_page_where_the_ehr_can_launch_it(
    client: FlaskClient, profile: str, has_context: int
) -> None:
    chart = patient_view_call("afp-missing")
    main, *others = cards(client, SERVICE, chart, profile, smart=WITH_SMART)
    (link,) = main["links"]
    assert link.pop("appContext", None) == (main["uuid"] if has_context else None)
    assert link == {
        "label": "Open the whole reasoning",
        "url": "http://127.0.0.1:8000/smart/launch",
        "type": "smart",
    }
    assert others
    assert all("links" not in card for card in others)


def test_the_link_is_the_same_for_every_patient_but_for_the_card_it_comes_from(
    client: FlaskClient,
) -> None:
    links = [
        cards(client, SERVICE, patient_view_call(sample), "epic", smart=WITH_SMART)[0]["links"][0]
        for sample in ("tolerant-afp-high", "intolerant-afp-low", "on-sorafenib")
    ]
    assert len({link["url"] for link in links}) == 1
    assert not any("patient" in str(link) for link in links)


def test_every_topic_of_an_order_card_is_one_that_ids_can_carry() -> None:
    assert set(TOPIC_OF.values()) <= set(TOPICS)
    assert len(TOPICS) <= 16
