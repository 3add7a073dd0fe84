"""hcc-cds doctor: what it says of a server, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from cds_service.cli import main
from tests.fetching.charts import SAMPLES, TOKEN, resources_of, serving_chart, statement
from tests.fetching.fault_server import Answers, reply, serving

SAMPLE = SAMPLES["tolerant-afp-high"]
PATIENT = "tah-patient"


@pytest.fixture(autouse=True)
def wide_terminal_on_the_day_of_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    monkeypatch.setenv("HCC_CDS_TODAY", SAMPLE.as_of.isoformat())


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    return path


def examined(
    token_file: Path,
    resources: list[dict[str, Any]] | None = None,
    faults: dict[str, Answers] | None = None,
) -> int:
    chart = resources_of(SAMPLE) if resources is None else resources
    with serving(serving_chart(chart, faults)) as server:
        arguments = ["doctor", server.base, "--patient", PATIENT, "--token-file", str(token_file)]
        return main(arguments)


def recognised() -> list[dict[str, Any]]:
    """The sample without the everyday results that mean nothing to the pathway."""
    return [
        one
        for one in resources_of(SAMPLE)
        if one["resourceType"] != "Observation" or "1834-1" in json.dumps(one)
    ]


def test_a_server_that_gives_everything_works(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examined(token_file, recognised()) == 0
    said = capsys.readouterr().out
    assert "The pathway can work with this server." in said
    assert TOKEN not in said


def test_without_a_patient_it_says_what_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(serving_chart([])) as server:
        assert main(["doctor", server.base]) == 0
        assert server.kinds() == ["metadata"]
    said = capsys.readouterr().out
    assert "medicationStatements" in said
    assert "FHIR 4.0.1" in said
    assert "Give --patient ID" in said


def test_a_server_without_any_drugs_cannot_work(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = statement("MedicationRequest", "MedicationStatement", "MedicationAdministration")
    assert examined(token_file, faults={"metadata": lambda _: reply(without)}) == 1
    assert "CANNOT work" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["metadata", "Condition", "Observation"])
def test_a_search_that_fails_is_a_finding_and_names_the_fault(
    kind: str, token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examined(token_file, recognised(), {kind: lambda _: reply({}, 500)}) == 1
    assert "server-error" in capsys.readouterr().out


def local(code: str, display: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"local-{code}",
        "status": "final",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "code": {"coding": [{"system": "urn:oid:1.2.3", "code": code, "display": display}]},
        "effectiveDateTime": SAMPLE.as_of.isoformat(),
        "valueQuantity": {"value": value, "unit": unit, "code": unit},
    }


@pytest.mark.parametrize(
    ("result", "proposal"),
    [
        (("AFP, serum", 512, "ng/mL"), "alpha-fetoprotein"),
        (("Alpha-1-Fetoprotein", 400, "ug/L"), "alpha-fetoprotein"),
        (("Bilirubin total", 1.1, "mg/dL"), "bilirubin"),
        (("Albumin", 38, "g/L"), "albumin"),
        (("INR", 1.1, ""), "inr"),
        (("AFP L3 fraction", 10, "%"), None),
        (("AFP, amniotic fluid", 10, "ng/mL"), None),
        (("Bilirubin, direct", 0.3, "mg/dL"), None),
        (("Albumin, urine", 30, "mg/L"), None),
        (("AFP", 5, "MoM"), None),
        (("INR", 300, ""), None),
        (("Sodium", 140, "mmol/L"), None),
    ],
)
def test_a_local_code_is_proposed_by_display_unit_and_range_together(
    result: tuple[str, float, str],
    proposal: str | None,
    token_file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    resources = [*recognised(), local("X1", *result)]
    assert examined(token_file, resources) == (1 if proposal else 0)
    said = capsys.readouterr().out
    assert "urn:oid:1.2.3|X1" in said
    line = f'"urn:oid:1.2.3|X1" = "{proposal}"'
    assert (line in said) is (proposal is not None)


def test_a_unit_that_is_not_recognised_is_named(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = local("1834-1", "AFP", 5, "furlong")
    odd["code"]["coding"][0]["system"] = "http://loinc.org"
    examined(token_file, [*recognised(), odd])
    assert "unit not known for this test: furlong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["not-an-address"], "is not a plain http or https address"),
        (["http://user@127.0.0.1/fhir"], "is not a plain http or https address"),
        (["http://127.0.0.1:1/fhir", "--patient", "a/b"], "--patient"),
        (["http://127.0.0.1:1/fhir", "--token-file", "/no/such/file"], "--token-file"),
    ],
)
def test_bad_input_is_one_line_and_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_a_token_is_not_sent_over_http_beyond_loopback(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["doctor", "http://ehr.example/fhir", "--token-file", str(token_file)]
    assert main(arguments) == 2
    assert "https only" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(serving_chart([])) as server:
        base = server.base
    assert main(["doctor", base]) == 1
    assert "unreachable" in capsys.readouterr().out


LOCAL = "urn:oid:1.2.3.4"


def coded_locally(kind: str, code: str, display: str) -> list[dict[str, Any]]:
    """The sample, its liver cancer or its sorafenib named by a code of the site alone."""
    chart = recognised()
    concept = {"coding": [{"system": LOCAL, "code": code, "display": display}]}
    for one in chart:
        text = json.dumps(one).lower()
        if kind == "Condition" and one["resourceType"] == kind and "109841003" in text:
            one["code"] = concept
        if kind == "drug" and one["resourceType"].startswith("Medication") and "sorafenib" in text:
            one.pop("medicationReference", None)
            one["medicationCodeableConcept"] = concept
    return chart


def test_a_liver_cancer_that_only_the_site_knows_is_named_with_a_proposal(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = coded_locally("Condition", "D77", "Hepatocellular carcinoma")
    assert examined(token_file, chart) == 1
    assert f'"{LOCAL}|D77" = "hepatocellular-carcinoma"' in capsys.readouterr().out


def test_a_drug_that_only_the_site_knows_is_listed(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examined(token_file, coded_locally("drug", "D123", "NEX 200"))
    assert f"{LOCAL}|D123" in capsys.readouterr().out


def test_a_drug_by_reference_alone_is_read_as_the_service_reads_it(
    token_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = resources_of(SAMPLE)
    products: list[dict[str, Any]] = []
    for one in chart:
        if one["resourceType"].startswith("Medication") and "medicationCodeableConcept" in one:
            code = one.pop("medicationCodeableConcept")
            product_id = f"product-{len(products)}"
            products.append({"resourceType": "Medication", "id": product_id, "code": code})
            one["medicationReference"] = {"reference": f"Medication/{product_id}"}
    assert products
    examined(token_file, [*chart, *products])
    assert "class tolerant" in capsys.readouterr().out
