"""Feedback is taken as the standard and as Epic write it, whole batches or nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service.app import build_app
from cds_service.composition import Composition
from cds_service.feedback.messages import MOST_ITEMS
from cds_service.feedback.routes import LARGEST_BODY_BYTES
from cds_service.storage.engines import transaction
from cds_service.storage.tables import accepted_suggestion, feedback
from tests.feedback.conftest import accepted, overridden, reason
from tests.service.conftest import SERVICE, hook_call

PATH = f"{SERVICE}/feedback"


def stored(composition: Composition) -> list[tuple[Any, ...]]:
    columns = (feedback.c.outcome, feedback.c.reason, feedback.c.commented, feedback.c.topic)
    with transaction(composition.storage.kept, "reads") as connection:
        return sorted(tuple(row) for row in connection.execute(select(*columns)))


def rows(composition: Composition) -> int:
    return len(stored(composition))


@pytest.mark.conformance("49", "50")
def test_an_accepted_suggestion_is_kept_with_what_it_was_about(
    client: FlaskClient, composition: Composition, cards: list[dict[str, Any]]
) -> None:
    answer = client.post(PATH, json={"feedback": [accepted(cards[0], 1)]})
    assert (answer.status_code, answer.get_json()) == (200, {"received": 1})
    with transaction(composition.storage.kept, "reads") as connection:
        row = connection.execute(select(feedback)).mappings().one()
        therapy = connection.execute(select(accepted_suggestion.c.therapy)).scalar()
    assert (row["card"], row["topic"]) == (cards[0]["uuid"], "HccAfterSorafenibOptions")
    assert (row["pathway_version"], row["outcome"]) == ("1.0.0", "accepted")
    assert str(row["outcome_on"]) == "2026-11-22"
    assert therapy == "regorafenib"


@pytest.mark.conformance("50")
@pytest.mark.parametrize(
    ("override", "kept"),
    [
        ({}, ("none", False)),
        ({"overrideReason": None}, ("none", False)),
        ({"overrideReason": reason("contraindicated")}, ("contraindicated", False)),
        ({"overrideReason": {"userComment": "see note"}}, ("none", True)),
        ({"overrideReason": reason("other-code")}, ("other", False)),
        ({"overrideReason": reason("contraindicated", "urn:site")}, ("other", False)),
        # as Epic writes it: the plural, and reasons of its own in an extension
        ({"overrideReasons": reason("data-wrong") | {"userComment": "x"}}, ("data-wrong", True)),
        (
            {"overrideReasons": {"extension": {"com.epic.x.reasonCategory": "45"}}},
            ("other", False),
        ),
        ({"overrideReasons": [reason("not-relevant")]}, ("not-relevant", False)),
    ],
)
def test_an_override_is_kept_with_a_reason_of_ours(
    client: FlaskClient,
    composition: Composition,
    cards: list[dict[str, Any]],
    override: dict[str, Any],
    kept: tuple[str, bool],
) -> None:
    answer = client.post(PATH, json={"feedback": [overridden(cards[0], **override)]})
    assert answer.status_code == 200
    assert stored(composition) == [("overridden", *kept, "HccAfterSorafenibOptions")]


@pytest.mark.conformance("51")
def test_a_repeat_is_acknowledged_and_kept_once(
    client: FlaskClient, composition: Composition, cards: list[dict[str, Any]]
) -> None:
    item = accepted(cards[0])
    same_instant = item | {"outcomeTimestamp": "2026-11-22T11:15:00.000+01:00"}
    upper_case = item | {"card": item["card"].upper()}
    for batch in ([item], [item, item], [same_instant], [upper_case]):
        assert client.post(PATH, json={"feedback": batch}).status_code == 200
    assert rows(composition) == 1


@pytest.mark.conformance("51")
def test_one_card_may_get_several_answers_at_other_times_or_for_other_suggestions(
    client: FlaskClient, composition: Composition, cards: list[dict[str, Any]]
) -> None:
    card = cards[0]
    batch = [
        accepted(card, 0),
        accepted(card, 1),
        accepted(card, 0, outcomeTimestamp="2026-11-22T10:15:00.001Z"),
        overridden(card),
        overridden(card, overrideReason=reason("not-relevant")),
    ]
    assert client.post(PATH, json={"feedback": batch}).get_json() == {"received": 5}
    assert rows(composition) == 5


ORDER_SIGN = "/cds-services/hcc-after-sorafenib-order-sign/feedback"


@pytest.fixture(scope="session")
def cards_of_another_call(client_without_database: FlaskClient) -> list[dict[str, Any]]:
    call = hook_call() | {"hookInstance": "00000000-0000-4000-8000-000000000001"}
    found: list[dict[str, Any]] = client_without_database.post(SERVICE, json=call).get_json()[
        "cards"
    ]
    return found


def test_a_card_is_known_by_the_service_that_sent_it_alone(
    client_without_database: FlaskClient, cards: list[dict[str, Any]]
) -> None:
    body = {"feedback": [overridden(cards[0])]}
    answer = client_without_database.post(ORDER_SIGN, json=body)
    assert answer.status_code == 404
    said = answer.get_json()["issue"][0]["diagnostics"]
    assert said == "feedback[0].card: is not the id of a card of this service."


def test_a_card_is_no_suggestion_a_suggestion_no_card_and_another_cards_none_of_this_one(
    client_without_database: FlaskClient,
    cards: list[dict[str, Any]],
    cards_of_another_call: list[dict[str, Any]],
) -> None:
    card, foreign = cards[0], cards_of_another_call[0]
    suggestion = card["suggestions"][0]["uuid"]
    table = [
        (overridden(card) | {"card": suggestion}, "feedback[0].card: "),
        (accepted(card) | {"card": suggestion}, "feedback[0].card: "),
        (
            accepted(card, acceptedSuggestions=[{"id": card["uuid"]}]),
            "feedback[0].acceptedSuggestions[0].id: ",
        ),
        (
            accepted(card, acceptedSuggestions=[{"id": foreign["suggestions"][0]["uuid"]}]),
            "feedback[0].acceptedSuggestions[0].id: ",
        ),
        (accepted(foreign) | {"card": card["uuid"]}, "feedback[0].acceptedSuggestions[0].id: "),
    ]
    for item, named in table:
        answer = client_without_database.post(PATH, json={"feedback": [item]})
        assert answer.status_code == 404, item
        assert answer.get_json()["issue"][0]["diagnostics"].startswith(named)


_ID = "00000000-0000-8000-8000-000000000000"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"card": _ID}, (404, "feedback[1].card")),
        ({"card": "123456"}, (404, "feedback[1].card")),
        ({"card": None}, (400, "feedback[1].card")),
        ({"card": 7}, (400, "feedback[1].card")),
        ({"outcome": "ignored"}, (400, "feedback[1].outcome")),
        ({"outcome": None}, (400, "feedback[1].outcome")),
        ({"outcome": ["accepted"]}, (400, "feedback[1].outcome")),
        ({"outcomeTimestamp": None}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "2026-11-22"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "2026-11-22T10:15:00"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "2026-02-30T10:15:00Z"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "2026-11-22T24:15:00Z"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "2026-11-22T10:15:00+24:00"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "0001-01-01T00:00:00+14:00"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": "9999-01-01T00:00:00Z"}, (400, "feedback[1].outcomeTimestamp")),
        ({"outcomeTimestamp": 1_700_000_000}, (400, "feedback[1].outcomeTimestamp")),
        ({"acceptedSuggestions": None}, (400, "feedback[1].acceptedSuggestions")),
        ({"acceptedSuggestions": []}, (400, "feedback[1].acceptedSuggestions")),
        ({"acceptedSuggestions": [{}]}, (400, "feedback[1].acceptedSuggestions[0].id")),
        ({"acceptedSuggestions": ["x"]}, (400, "feedback[1].acceptedSuggestions[0]")),
        ({"acceptedSuggestions": [{"id": _ID}]}, (404, "feedback[1].acceptedSuggestions[0].id")),
        ({"acceptedSuggestions": [{"id": _ID}] * 51}, (400, "feedback[1].acceptedSuggestions")),
        ({"overrideReason": {"userComment": "x"}}, (400, "feedback[1].overrideReason")),
        ({"outcome": "overridden"}, (400, "feedback[1].acceptedSuggestions")),
    ],
)
def test_one_bad_item_refuses_the_batch_and_says_which_part_it_is(
    client_without_database: FlaskClient,
    cards: list[dict[str, Any]],
    change: dict[str, Any],
    refused: tuple[int, str],
) -> None:
    status, named = refused
    batch = [accepted(cards[0]), accepted(cards[0]) | change]
    answer = client_without_database.post(PATH, json={"feedback": batch})
    assert answer.status_code == status
    assert answer.get_json()["issue"][0]["diagnostics"].startswith(f"{named}: ")


@pytest.mark.parametrize(
    ("override", "named"),
    [
        ({"overrideReason": "text"}, "feedback[0].overrideReason"),
        ({"overrideReason": {"reason": "text"}}, "feedback[0].overrideReason.reason"),
        ({"overrideReason": {"reason": {}}}, "feedback[0].overrideReason.reason.code"),
        ({"overrideReason": {"userComment": 7}}, "feedback[0].overrideReason.userComment"),
        ({"overrideReasons": ["a", "b"]}, "feedback[0].overrideReasons"),
    ],
)
def test_an_override_of_another_shape_is_refused(
    client_without_database: FlaskClient,
    cards: list[dict[str, Any]],
    override: dict[str, Any],
    named: str,
) -> None:
    answer = client_without_database.post(
        PATH, json={"feedback": [overridden(cards[0], **override)]}
    )
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["diagnostics"].startswith(f"{named}: ")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"feedback": null}',
        b'{"feedback": {}}',
        b'{"feedback": []}',
        b'{"feedback": [null]}',
        b'{"feedback": [[]]}',
        b'{"feedback": ["x"]}',
        b'{"feedback": [{"card": "\\ud800", "outcome": "accepted"}]}',
        b'{"feedback": [{"card": "a", "card": "b"}]}',
        b'{"feedback": [], "feedback": []}',
        b'{"feedback": [{"card": NaN}]}',
    ],
)
def test_a_body_that_is_no_feedback_is_a_clear_400(
    client_without_database: FlaskClient, body: bytes
) -> None:
    answer = client_without_database.post(PATH, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["issue"][0]["diagnostics"]


def test_a_body_beyond_the_limit_or_a_batch_of_100000_is_413(
    client_without_database: FlaskClient,
) -> None:
    large = b'{"feedback": ["%s"]}' % (b"x" * 5_000_000)
    many = b'{"feedback": [%s]}' % b",".join([b"{}"] * 100_000)
    assert len(many) < LARGEST_BODY_BYTES < len(large)
    for body in (large, many):
        answer = client_without_database.post(PATH, data=body, content_type="application/json")
        assert answer.status_code == 413
        assert answer.get_json()["issue"][0]["code"] == "too-long"


def test_a_whole_batch_of_the_largest_size_is_kept(
    client: FlaskClient, composition: Composition, cards: list[dict[str, Any]]
) -> None:
    batch = [
        overridden(cards[0], outcomeTimestamp=f"2026-11-22T10:15:00.{number:04}Z")
        for number in range(MOST_ITEMS)
    ]
    assert client.post(PATH, json={"feedback": batch}).get_json() == {"received": MOST_ITEMS}
    assert rows(composition) == MOST_ITEMS


def test_sixty_parallel_posts_all_succeed(
    composition: Composition, cards: list[dict[str, Any]]
) -> None:
    app = build_app(composition)

    def post(second: int) -> int:
        item = overridden(cards[0], outcomeTimestamp=f"2026-11-22T10:15:{second:02}Z")
        return app.test_client().post(PATH, json={"feedback": [item]}).status_code

    with ThreadPoolExecutor(60) as pool:
        assert list(pool.map(post, range(60))) == [200] * 60
    assert rows(composition) == 60


def test_no_word_of_the_caller_gets_into_the_database(
    client: FlaskClient, composition: Composition, cards: list[dict[str, Any]]
) -> None:
    canary = "CANARY-Smith-MRN-4711'; DROP TABLE feedback; --"
    written = {
        "reason": {"code": canary, "system": canary, "display": canary},
        "userComment": canary,
        "extension": {"com.epic.x": canary},
    }
    batch = [
        overridden(cards[0], overrideReason=written, extension={"x": canary}, patient=canary),
        overridden(cards[0], overrideReasons=reason("data-wrong") | {"userComment": canary}),
    ]
    assert client.post(PATH, json={"feedback": batch}).status_code == 200
    with transaction(composition.storage.kept, "reads") as connection:
        kept = [
            list(connection.execute(select(table))) for table in (feedback, accepted_suggestion)
        ]
    assert len(kept[0]) == 2
    assert "CANARY" not in repr(kept)
    assert "4711" not in repr(kept)


def test_a_card_that_was_made_with_another_secret_is_unknown(
    client_without_database: FlaskClient, cards: list[dict[str, Any]]
) -> None:
    last = cards[0]["uuid"][-1]
    other = cards[0] | {"uuid": cards[0]["uuid"][:-1] + ("1" if last == "0" else "0")}
    answer = client_without_database.post(PATH, json={"feedback": [overridden(other)]})
    assert answer.status_code == 404


def test_without_its_database_the_service_takes_no_feedback_but_sends_cards(
    client_without_database: FlaskClient, cards: list[dict[str, Any]]
) -> None:
    assert cards
    refused = client_without_database.post(PATH, json={"feedback": [overridden(cards[0])]})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert refused.get_json()["issue"][0]["code"] == "transient"


def test_a_batch_with_one_unknown_card_stores_nothing_of_the_others(
    client: FlaskClient, composition: Composition, cards: list[dict[str, Any]]
) -> None:
    batch = [accepted(cards[0]), overridden(cards[0]), overridden(cards[0] | {"uuid": _ID})]
    assert client.post(PATH, json={"feedback": batch}).status_code == 404
    assert rows(composition) == 0
