"""hcc-cds: what it prints and how it ends."""

import json
from pathlib import Path

import pytest

from cds_service.cli import main
from cds_service.sample_charts import SAMPLES

CHART = SAMPLES / "tolerant-afp-high" / "chart.json"
FOREIGN_KEYS = ("HCC_CDS_MODE", "HCC_CDS_SITE_FILE", "HCC_CDS_TODAY")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FOREIGN_KEYS:
        monkeypatch.delenv(name, raising=False)


def test_explain_prints_a_page_with_options_days_and_gaps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", str(CHART), "--as-of", "2026-11-22"]) == 0
    page = capsys.readouterr().out
    for part in ("Option: Regorafenib", "Sorafenib by day", "███████", "Not offered", "Data used"):
        assert part in page


def test_explain_prints_the_document_alone_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(CHART), "--as-of", "2026-11-22", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["asOf"] == "2026-11-22"
    assert [option["therapy"] for option in document["options"]] == ["ramucirumab", "regorafenib"]


def test_explain_validates_against_r4_and_ends_with_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(CHART), "--as-of", "2026-11-22", "--validate"]) == 0
    chart = json.loads(CHART.read_text())
    chart["entry"][1]["resource"]["subject"] = {"reference": ["wrong"]}
    broken = tmp_path / "chart.json"
    broken.write_text(json.dumps(chart))
    arguments = ["explain", str(broken), "--as-of", "2026-11-22", "--validate", "--json"]
    assert main(arguments) == 1
    assert "is not valid R4" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "no-such-file.json"],
        ["explain", str(CHART), "--as-of", "tomorrow"],
        ["explain", str(CHART), "--as-of", "1999-01-01"],
        ["explain", str(SAMPLES / "README.md")],
        ["check-knowledge", "no-such-folder"],
        ["serve"],
        ["doctor", "fhir.example"],
        ["feedback", "report", "--since", "yesterday"],
        ["silent", "report", "--since", "yesterday"],
    ],
)
def test_bad_input_ends_with_2_and_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("hcc-cds: ")


def test_migrate_makes_the_database_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HCC_CDS_DATABASE_URL", f"sqlite:///{tmp_path}/hcc-cds.db")
    assert main(["migrate"]) == 0
    assert (tmp_path / "hcc-cds.db").exists()


@pytest.mark.parametrize("command", ["feedback", "silent"])
def test_a_report_on_a_database_without_tables_says_what_to_do(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HCC_CDS_DATABASE_URL", f"sqlite:///{tmp_path}/absent.db")
    assert main([command, "report"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("hcc-cds: HCC_CDS_DATABASE_URL: the database cannot be used")
    assert said.endswith("a new database needs hcc-cds migrate first\n")
    assert not list(tmp_path.iterdir())


def test_migrate_says_which_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HCC_CDS_DATABASE_URL", "mysql://db/hcc")
    assert main(["migrate"]) == 2
    assert capsys.readouterr().err.startswith("hcc-cds: HCC_CDS_DATABASE_URL: mysql")


def test_the_shipped_knowledge_has_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-knowledge"]) == 0
    assert "no finding" in capsys.readouterr().out


def test_a_broken_knowledge_folder_is_a_finding_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pathway.yaml").write_text("id: x\nid: y\n")
    assert main(["check-knowledge", str(tmp_path)]) == 1
    assert "pathway.yaml:2:" in capsys.readouterr().out
