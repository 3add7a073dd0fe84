"""The report counts what was shown and what became of it, once each."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from cds_service.app import build_app
from cds_service.cli import main
from cds_service.composition import Composition
from cds_service.feedback.report import feedback_report
from tests.feedback.conftest import accepted, composition_on, overridden, reason
from tests.service.conftest import SERVICE, hook_call

PATH = f"{SERVICE}/feedback"
OPTIONS = {
    "service": "hcc-after-sorafenib",
    "ehr": "demo",
    "topic": "HccAfterSorafenibOptions",
    "pathwayVersion": "1.0.0",
}


def answers(client: FlaskClient, times: int) -> list[list[dict[str, Any]]]:
    found = []
    for number in range(times):
        call = hook_call() | {"hookInstance": f"d1577c69-dfbe-44ad-ba6d-{number:012}"}
        found.append(client.post(SERVICE, json=call).get_json()["cards"])
    return found


def times_shown(composition: Composition) -> int:
    cards = feedback_report(composition.storage).cards
    return sum(card.shown for card in cards if card.topic == OPTIONS["topic"])


def test_the_report_counts_cards_suggestions_and_reasons(
    client: FlaskClient, composition: Composition
) -> None:
    first, second, third = answers(client, 3)
    batch = [
        accepted(first[0], 0),
        accepted(first[0], 0, outcomeTimestamp="2026-11-22T10:16:00Z"),  # the same again, later
        accepted(second[0], 0, 1),
        overridden(third[0], overrideReason=reason("data-wrong") | {"userComment": "x"}),
    ]
    client.post(PATH, json={"feedback": batch})
    client.post(PATH, json={"feedback": batch})
    composition.records.background.write()
    report = msgspec.to_builtins(feedback_report(composition.storage))
    sent = len(first) + len(second) + len(third)
    assert (report["shown"], report["accepted"], report["overridden"]) == (sent, 2, 1)
    assert OPTIONS | {"shown": 3, "accepted": 2, "overridden": 1} in report["cards"]
    assert [one for one in report["suggestions"] if one["topic"] == OPTIONS["topic"]] == [
        OPTIONS | {"therapy": "ramucirumab", "shown": 3, "accepted": 2},
        OPTIONS | {"therapy": "regorafenib", "shown": 3, "accepted": 1},
    ]
    reasons = OPTIONS | {"reason": "data-wrong", "times": 1, "withComment": 1}
    assert list(report["reasons"]) == [reasons]


@pytest.mark.parametrize(
    ("fhir_server", "more_blocks", "counted_as"),
    [
        (None, "", "demo"),
        ("http://127.0.0.1:8000/demo/fhir", "", "demo"),
        (None, '[[ehr]]\nname = "own"\nfhir_base = "https://own.example/fhir"\n', ""),
        (
            "http://127.0.0.1:8000/demo/fhir",
            '[[ehr]]\nname = "own"\nfhir_base = "https://own.example/fhir"\n',
            "",
        ),
    ],
)
def test_where_nobody_proves_who_calls_feedback_counts_under_the_name_of_its_cards(
    tmp_path: Path,
    database_url: str,
    fhir_server: str | None,
    more_blocks: str,
    counted_as: str,
) -> None:
    """Feedback names no server, so with several blocks no name is claimed for either."""
    site = tmp_path / "site.toml"
    site.write_text(more_blocks)
    made = composition_on(database_url, HCC_CDS_SITE_FILE=str(site))
    client = build_app(made).test_client()
    call = hook_call() | ({} if fhir_server is None else {"fhirServer": fhir_server})
    cards = client.post(SERVICE, json=call).get_json()["cards"]
    client.post(PATH, json={"feedback": [overridden(cards[0])]})
    made.records.background.write()
    (counted,) = [one for one in feedback_report(made.storage).cards if one.overridden]
    made.storage.close()
    assert (counted.ehr, counted.shown, counted.overridden) == (counted_as, 1, 1)


def test_what_was_shown_adds_up_over_workers_and_rounds(
    client: FlaskClient, composition: Composition, database_url: str
) -> None:
    other = composition_on(database_url)
    answers(client, 2)
    composition.records.background.write()
    composition.records.background.write()
    answers(client, 1)
    other.records.shown.note(other.today(), "hcc-after-sorafenib", "", ())
    composition.records.background.write()
    other.records.background.write()
    other.storage.close()
    assert times_shown(composition) == 3


def test_a_worker_begins_with_an_empty_page_and_writes_what_is_left_when_it_ends(
    client: FlaskClient, composition: Composition
) -> None:
    answers(client, 1)  # the service's own first request, before it serves
    composition.records.background.start()
    answers(client, 2)
    composition.records.background.stop()
    assert times_shown(composition) == 2


def test_numbers_wait_for_a_database_that_is_away(
    composition: Composition, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answers(client, 2)
    away = composition_on("sqlite:////nowhere/hcc-cds.db")
    composition.records.shown._engine, kept = away.storage.kept, composition.records.shown._engine  # noqa: SLF001
    composition.records.background.write()
    composition.records.background.write()
    assert [record.message for record in caplog.records].count("background work waits") == 1
    composition.records.shown._engine = kept  # noqa: SLF001
    composition.records.background.write()
    assert times_shown(composition) == 2


def test_the_command_prints_a_page_or_json(
    client: FlaskClient,
    composition: Composition,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (cards,) = answers(client, 1)
    client.post(PATH, json={"feedback": [overridden(cards[0])]})
    composition.records.background.write()
    monkeypatch.setenv("HCC_CDS_DATABASE_URL", database_url)
    assert main(["feedback", "report"]) == 0
    assert f"{len(cards)} cards shown, 0 accepted, 1 overridden" in capsys.readouterr().out
    assert main(["feedback", "report", "--json", "--since", "2026-11-22"]) == 0
    assert json.loads(capsys.readouterr().out)["overridden"] == 1
    assert main(["feedback", "report", "--json", "--since", "2026-11-23"]) == 0
    assert json.loads(capsys.readouterr().out)["overridden"] == 0


def test_metrics_count_the_same_with_labels_from_closed_lists(
    client: FlaskClient, composition: Composition
) -> None:
    labels = (
        'ehr="demo",{}pathway_version="1.0.0",{}service="hcc-after-sorafenib",{}'
        'topic="HccAfterSorafenibOptions"'
    )
    feedback = "hcc_cds_feedback_total{" + labels.format(
        'outcome="overridden",', 'reason="other",', ""
    )
    shown = "hcc_cds_shown_total{" + labels.format("", "", 'therapy="regorafenib",')

    def figure(line: str) -> float:
        for found in client.get("/metrics").text.splitlines():
            if found.startswith(line):
                return float(found.rpartition(" ")[2])
        return 0.0

    before = figure(feedback), figure(shown)
    (cards,) = answers(client, 1)
    item = overridden(cards[0], overrideReason=reason("CANARY"))
    client.post(PATH, json={"feedback": [item, item]})
    composition.records.background.write()
    assert (figure(feedback) - before[0], figure(shown) - before[1]) == (1, 1)
    assert "CANARY" not in client.get("/metrics").text
