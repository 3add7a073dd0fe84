"""Korean says everything that English says, with the same gaps, and nothing out of date."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
import yaml

import smart_app
from hcc_pathway.errors import KnowledgeError
from hcc_pathway.knowledge_base import translation
from hcc_pathway.knowledge_base.files import PACKAGE_ROOT, read_folder
from hcc_pathway.knowledge_base.knowledge import load_knowledge, load_knowledge_from
from hooks.card_text import load_card_texts

TEXTS = PACKAGE_ROOT.parent / "texts"
_APP = Path(smart_app.__file__).parent
PAIRS = [
    (english, english.with_name(english.name.replace("en.yaml", "ko.yaml")))
    for english in sorted([*TEXTS.glob("*en.yaml"), *_APP.glob("**/texts/*en.yaml")])
]
FILES, _ = read_folder(PACKAGE_ROOT)
# What Korean writes in letters and English in numbers, or the other way round, is none of these.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DRUGS = {
    "sorafenib": "소라페닙",
    "regorafenib": "레고라페닙",
    "cabozantinib": "카보잔티닙",
    "nivolumab": "니볼루맙",
    "ramucirumab": "라무시루맙",
    "lenvatinib": "렌바티닙",
}


def flat(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(node: object, name: str) -> None:
        if isinstance(node, dict):
            for key, inner in node.items():
                walk(inner, f"{name}.{key}")
        else:
            found[name] = str(node)

    walk(yaml.safe_load(path.read_text("utf-8")), "")
    return found


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("english", "korean"), PAIRS, ids=lambda path: path.name)
def test_every_sentence_is_there_with_the_same_gaps(english: Path, korean: Path) -> None:
    said, translated = flat(english), flat(korean)
    assert sorted(said) == sorted(translated)
    assert {key: gaps(text) for key, text in translated.items()} == {
        key: gaps(text) for key, text in said.items()
    }


@pytest.mark.parametrize(("english", "korean"), PAIRS, ids=lambda path: path.name)
def test_a_gap_that_the_english_repeats_may_repeat_and_no_word_is_left_out(
    english: Path, korean: Path
) -> None:
    del english
    assert [key for key, text in flat(korean).items() if not text.strip()] == []


def both() -> list[tuple[str, str, str]]:
    """Each text of the knowledge by place, in English and in Korean."""
    other = translation.translated(FILES, "ko")
    return [
        (f"{kind}/{translation.name_of(file)}.{name}", text, texts_in_korean[name])
        for kind in ("drugs", "regimens", "evidence", "notices", "caveats", "criteria", "pathway")
        for file, korean in zip(getattr(FILES, kind), getattr(other, kind), strict=True)
        for texts_in_korean in [translation.texts_of(kind, korean.content)]
        for name, text in translation.texts_of(kind, file.content).items()
    ]


@pytest.mark.parametrize(("place", "english", "korean"), both(), ids=lambda text: text[:50])
def test_every_number_of_the_english_stands_in_the_korean(
    place: str, english: str, korean: str
) -> None:
    missing = Counter(_NUMBER.findall(english)) - Counter(_NUMBER.findall(korean))
    assert not missing, place
    assert re.search(r"[가-힣]", korean), place


@pytest.mark.parametrize(("drug", "korean"), DRUGS.items())
def test_drugs_have_their_korean_names(drug: str, korean: str) -> None:
    assert load_knowledge("ko").as_of(date(2026, 11, 22)).drugs[drug].label == korean


def test_a_changed_english_text_makes_the_language_refuse_to_load(knowledge_copy: Path) -> None:
    file = knowledge_copy / "drugs" / "regorafenib.yaml"
    file.write_text(file.read_text("utf-8").replace("160 mg by mouth", "120 mg by mouth"), "utf-8")
    load_knowledge_from(knowledge_copy)
    with pytest.raises(KnowledgeError, match="the English has changed"):
        load_knowledge_from(knowledge_copy, "ko")


def test_a_text_without_its_translation_is_refused_never_shown_in_english(
    knowledge_copy: Path,
) -> None:
    notice = knowledge_copy / "notices" / "cabozantinib-us-hcc-approval.yaml"
    again = knowledge_copy / "notices" / "cabozantinib-us-hcc-again.yaml"
    again.write_text(
        notice.read_text("utf-8").replace(
            "id: cabozantinib-us-hcc-approval", "id: cabozantinib-us-hcc-again"
        ),
        "utf-8",
    )
    with pytest.raises(KnowledgeError, match="is not translated"):
        load_knowledge_from(knowledge_copy, "ko")


def test_codes_values_and_dates_are_the_same_in_every_language() -> None:
    day = date(2026, 11, 22)
    english, korean = load_knowledge().as_of(day), load_knowledge("ko").as_of(day)
    assert korean.parameters == english.parameters
    assert korean.value_sets == english.value_sets
    assert korean.codes == english.codes
    assert korean.drug_names == english.drug_names
    assert [one.effective_from for one in korean.all_notices] == [
        one.effective_from for one in english.all_notices
    ]
    assert {
        name: one.dosing and one.dosing.start_mg_per_day for name, one in korean.drugs.items()
    } == {name: one.dosing and one.dosing.start_mg_per_day for name, one in english.drugs.items()}


def test_kinds_of_evidence_are_named_as_the_knowledge_names_them() -> None:
    for texts in (load_card_texts(), load_card_texts("ko")):
        named = {key for key in texts.sentences if key.startswith("evidence-kind.")}
        assert named == {f"evidence-kind.{file.content.kind}" for file in FILES.evidence}
