"""The tables of samples/README.md say what the intents say, no more and no less."""

import json
import re
from collections.abc import Callable
from typing import Any

from hcc_pathway.knowledge_base.knowledge import load_knowledge
from tests.samples.stored import FOLDER, SAMPLES, intent_of

README = (FOLDER / "README.md").read_text("utf-8")
INTENTS: dict[str, dict[str, Any]] = {sample.name: intent_of(sample) for sample in SAMPLES}


def rows_under(heading: str) -> dict[str, list[str]]:
    """Return the cells of each row of the table under a heading, by the row's first cell."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len({row[0] for row in cells}) == len(cells)
    return {row[0]: row[1:] for row in cells}


def samples_by(words: Callable[[dict[str, Any]], list[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, intent in INTENTS.items():
        for word in words(intent):
            found.setdefault(word, set()).add(f"`{name}`")
    return found


def listed_under(heading: str) -> dict[str, set[str]]:
    return {key: set(row[0].split(", ")) for key, row in rows_under(heading).items()}


def test_each_sample_has_one_row_that_says_what_its_intent_says() -> None:
    assert rows_under("What each shows") == {
        f"[`{name}`]({name}/chart.json)": [
            intent["class"],
            intent["line"],
            ", ".join(intent["options"]) or "-",
            intent["shows"],
        ]
        for name, intent in INTENTS.items()
    }


def test_the_table_of_dialects_is_that_of_the_intents() -> None:
    assert listed_under("Dialects") == samples_by(lambda intent: [intent["dialect"]])


def test_the_table_of_rules_is_that_of_the_intents() -> None:
    assert listed_under("Rules and readings") == samples_by(lambda intent: intent["rules"])


def test_every_caveat_that_is_shown_stands_in_a_named_card() -> None:
    shown: dict[str, set[str]] = {}
    for sample in SAMPLES:
        document = json.loads((FOLDER / sample.name / "expected.json").read_text("utf-8"))
        for caution in (c for option in document["options"] for c in option["cautions"]):
            if caution["id"].startswith("caveat-"):
                rule = caution["id"].removeprefix("caveat-").upper()
                shown.setdefault(rule, set()).add(sample.name)
    knowledge = load_knowledge().as_of(max(sample.as_of for sample in SAMPLES))
    assert shown.keys() == {caveat.id for caveat in knowledge.caveats if caveat.shown}
    named = {
        rule: re.fullmatch(r"`(.+)`", row[0]) for rule, row in rows_under("Caveats shown").items()
    }
    assert named.keys() == shown.keys()
    for rule, sample_name in named.items():
        assert sample_name is not None
        assert sample_name[1] in shown[rule]
