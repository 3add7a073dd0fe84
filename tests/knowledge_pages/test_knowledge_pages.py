"""What the knowledge pages say: dates, reviewers, references, uses, history, and every change."""

import html
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import read_settings
from hcc_pathway.knowledge_base.files import PACKAGE_ROOT

Pages = Callable[..., FlaskClient]


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return html.unescape(answer.text)


def as_json(client: FlaskClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(path, headers={"Accept": "application/json"}).get_json()
    return found


def test_a_pharmacist_reads_dose_cautions_and_what_they_rest_on(pages: Pages) -> None:
    shown = page(pages(PACKAGE_ROOT), "/knowledge/drugs/cabozantinib")
    for words in (
        "Start with 40 mg by mouth once daily, fasting (US label, Child-Pugh B)",
        "lower the dose of cabozantinib by 20 mg",
        '<a href="/knowledge/evidence/celestial">CELESTIAL</a>',
        "BMC Cancer 2022",
        "Written by project knowledge authors",
        "next review by 2028-11-21",
        "drugs/cabozantinib.yaml",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("path", "user"),
    [
        ("evidence/resorce", ("drugs", "regorafenib", "dosing.evidence")),
        ("value-sets/drug-regorafenib", ("drugs", "regorafenib", "value_set")),
        ("drugs/regorafenib", ("notices", "regorafenib-us-hcc-approval", "therapy")),
        ("drugs/bevacizumab", ("regimens", "atezolizumab-bevacizumab", "drugs")),
        ("criteria/second-line-only", ("drugs", "ramucirumab", "indications[0].criteria")),
        ("evidence/adopted-readings", ("parameters", "fresh-days", "values[0].evidence")),
        ("evidence/kim-2020", ("pathway", "kim-2020", "evidence")),
    ],
)
def test_each_item_says_where_it_is_used(
    pages: Pages, path: str, user: tuple[str, str, str]
) -> None:
    client = pages(PACKAGE_ROOT)
    kind, item, at = user
    assert {"kind": kind, "id": item, "at": at} in as_json(client, f"/knowledge/{path}")["usedBy"]
    assert f"{item}" in page(client, f"/knowledge/{path}").split("Where it is used")[1]


def test_no_use_leads_nowhere(pages: Pages) -> None:
    client = pages(PACKAGE_ROOT)
    kinds = as_json(client, "/knowledge")
    for kind in set(kinds) - {"pathway", "asOf"}:
        for name in kinds[kind]:
            for use in as_json(client, f"/knowledge/{kind}/{name}")["usedBy"]:
                assert use["kind"] == "pathway" or use["id"] in kinds[use["kind"]]


def test_what_is_background_reaches_no_page(pages: Pages) -> None:
    client = pages(PACKAGE_ROOT)
    for name in as_json(client, "/knowledge")["evidence"]:
        item = as_json(client, f"/knowledge/evidence/{name}")
        assert all(figure["verification"] != "background" for figure in item["figures"])
        assert "not verified so no" not in page(client, f"/knowledge/evidence/{name}")
    assert "773 randomised in all" not in page(client, "/knowledge/evidence/celestial")


def test_a_changed_file_is_seen_in_its_value_its_history_and_its_fingerprint(
    pages: Pages, knowledge_copy: Path
) -> None:
    path = "/knowledge/parameters/fresh-days"
    before = as_json(pages(knowledge_copy), path)
    file = knowledge_copy / "parameters" / "freshness.yaml"
    text = file.read_text("utf-8")
    first = text.index("      - effective_from", text.index("id: fresh-days"))
    end = text.index("evidence:", first)
    end = text.index("\n", end) + 1
    added = text[first:end].replace("value: 30", "value: 21").replace("2020-06-02", "2026-11-01")
    text = text[:end] + added + text[end:]
    text += (
        "  changes:\n    - changed_on: 2026-11-01\n      what: a shorter window\n"
        "      authored_by: one\n      checked_by: another\n"
    )
    file.write_text(text, "utf-8")
    changed = pages(knowledge_copy)
    after = as_json(changed, path)
    assert (before["value"], after["value"]) == (30, 21)
    assert before["fileDigest"] != after["fileDigest"]
    assert [one["what"] for one in after["review"]["changes"]] == ["a shorter window"]
    shown = page(changed, path)
    assert "2026-11-01: a shorter window (Written by one; Checked by another)" in shown
    assert shown.index("2026-11-01</td><td>21") < shown.index("</td><td>30")


def test_a_review_that_is_due_is_said(pages: Pages) -> None:
    assert "overdue" not in page(pages(PACKAGE_ROOT), "/knowledge")
    late = pages(PACKAGE_ROOT, date(2029, 1, 1))
    assert "The review is overdue." in page(late, "/knowledge")
    assert "The review is overdue." in page(late, "/knowledge/drugs/nivolumab")


def test_a_korean_site_has_korean_pages(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('language = "ko"\n', "utf-8")
    settings = read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_SITE_FILE": str(site)})
    client = create_app(settings).test_client()
    shown = page(client, "/knowledge/drugs/regorafenib")
    assert '<html lang="ko">' in shown
    for words in ("레고라페닙", "사용되는 곳", "변경 이력", "4주 주기의 1-3주"):
        assert words in shown
