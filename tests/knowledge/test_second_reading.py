"""What a second reading against the clinical reference found, held so that it cannot come back."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from hcc_pathway.knowledge_base.knowledge import load_knowledge

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 22)
KNOWLEDGE = load_knowledge().as_of(DAY)
CARD_TEXTS = yaml.safe_load((ROOT / "hcc_pathway/texts/cards-en.yaml").read_text("utf-8"))

# drug -> RxNorm ingredient, ATC; None where no source was found (reference 5a)
DRUG_CODES = {
    "sorafenib": ("495881", "L01EX02"),
    "regorafenib": ("1312397", "L01EX05"),
    "cabozantinib": ("1363268", "L01EX07"),
    "lenvatinib": ("1603296", "L01EX08"),
    "ramucirumab": ("1535922", "L01FG02"),
    "nivolumab": ("1597876", "L01FF01"),
    "ipilimumab": ("1094833", "L01FX04"),
    "pembrolizumab": ("1547545", "L01FF02"),
    "atezolizumab": ("1792776", "L01FF05"),
    "durvalumab": ("1919503", "L01FF03"),
    "bevacizumab": ("253337", "L01FG01"),
    "tremelimumab": (None, "L01FX20"),
    "tislelizumab": (None, "L01FF09"),
    "camrelizumab": (None, None),  # known by name alone
    "rivoceranib": (None, None),
}
# a text that speaks of a parameter -> the parameter whose number it must name
PARAMETERS_IN_TEXTS = (
    ("phrase", "exposure", "sorafenib-minimum-mg-per-day"),
    ("flag", "stale-afp", "fresh-days"),
    ("flag", "stale-liver-function", "fresh-days"),
    ("flag", "stale-performance-status", "fresh-days"),
    ("flag", "progression-old", "progression-old-days"),
)
# too strong for what the sources say: the later data compare other things, the table is secondary
OVERSTATED = ("contradicted by later data", "never tested", "far longer", "the approval speaks")


@pytest.mark.parametrize(("drug", "codes"), DRUG_CODES.items())
def test_a_drug_has_the_verified_ingredient_codes(
    drug: str, codes: tuple[str | None, str | None]
) -> None:
    stored = KNOWLEDGE.value_sets[f"drug-{drug}"].codes
    of_system = {
        name: [code.code for code in stored if name in code.system] for name in ("rxnorm", "atc")
    }
    assert of_system["rxnorm"] == ([] if codes[0] is None else [codes[0]])
    assert codes[1] in of_system["atc"] if codes[1] else stored == ()


def test_every_drug_of_the_knowledge_was_read() -> None:
    assert set(KNOWLEDGE.drugs) == set(DRUG_CODES)


@pytest.mark.parametrize(("group", "name", "parameter"), PARAMETERS_IN_TEXTS)
def test_a_number_written_into_a_card_text_is_that_of_the_parameter(
    group: str, name: str, parameter: str
) -> None:
    written = re.findall(r"(?<!\{)\b[0-9]+\b", CARD_TEXTS[group][name])
    assert set(written) <= {str(KNOWLEDGE.parameter(parameter))}


def test_no_shown_text_is_stronger_than_its_source() -> None:
    folders = (ROOT / "hcc_pathway" / name for name in ("knowledge", "texts"))
    texts = [
        " ".join(path.read_text("utf-8").split())
        for folder in folders
        for path in folder.rglob("*.yaml")
    ]
    assert len(texts) > 100
    assert not [word for word in OVERSTATED for text in texts if word in text]


@pytest.mark.rule("A15")
@pytest.mark.parametrize("figure", ["2.8%", "11.3 against 42.9 weeks", "B7 15.3", "B8-B9 7.4"])
def test_the_caution_on_nivolumab_in_child_pugh_b_tells_b7_from_b8_to_b9(figure: str) -> None:
    drug = KNOWLEDGE.drugs["nivolumab"]
    (caution,) = [one.text for one in drug.cautions if one.when == "child-pugh-b"]
    (beside,) = [one.text for one in drug.also_consider if one.when == "child-pugh-b"]
    assert caution == beside
    assert figure in caution


@pytest.mark.parametrize(
    ("day", "wording"),
    [(date(2024, 1, 24), "accelerated"), (date(2024, 1, 25), "regular approval")],
)
def test_the_us_label_of_pembrolizumab_became_regular_in_2024(day: date, wording: str) -> None:
    (label,) = [one.text for one in load_knowledge().as_of(day).drugs["pembrolizumab"].indications]
    assert wording in label


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_the_entry_pages_say_whose_review_is_outstanding(page: str) -> None:
    text = " ".join((ROOT / page).read_text("utf-8").split())
    assert "clinical pharmacist" in text
    assert "hepatologist" in text
    assert "outstanding" in text
