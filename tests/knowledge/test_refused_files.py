"""Each way in which a knowledge file can be wrong is refused with file, line and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hcc_pathway.errors import KnowledgeError, UnknownLanguage
from hcc_pathway.knowledge_base.check import Finding, Severity, check
from hcc_pathway.knowledge_base.knowledge import load_knowledge_from
from tests.knowledge.broken_files import AFP, BROKEN, DRUG, HCC, TRIAL, Broken

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_file_is_refused_with_file_line_and_key(
    knowledge_copy: Path, broken: Broken
) -> None:
    path = knowledge_copy / broken.file
    text = path.read_text(encoding="utf-8")
    assert broken.old in text, "the shipped file has changed; adapt this row"
    path.write_text(text.replace(broken.old, broken.new, 1), encoding="utf-8")

    findings = [found for found in check(knowledge_copy) if broken.says in found.message]

    assert findings, [str(found) for found in check(knowledge_copy)]
    found = findings[0]
    assert found.key.endswith(broken.key)
    assert found.line >= 1
    assert found.severity is Severity.ERROR
    with pytest.raises(KnowledgeError, match=r"\.yaml:\d+: "):
        load_knowledge_from(knowledge_copy)


def test_the_line_of_an_error_is_the_line_of_its_key(knowledge_copy: Path) -> None:
    path = knowledge_copy / AFP
    text = path.read_text(encoding="utf-8").replace('"53961-9"', '"53961-8"')
    path.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if "53961-8" in row)

    with pytest.raises(KnowledgeError) as refused:
        load_knowledge_from(knowledge_copy)

    assert (refused.value.path, refused.value.line) == (str(path), line)
    assert str(refused.value).startswith(f"{path}:{line}: codes[6].code: ")


def test_all_errors_are_reported_and_not_only_the_first(knowledge_copy: Path) -> None:
    for file, old, new in (
        (AFP, '"1834-1"', '"1834-2"'),
        (HCC, '"109841003"', '"109841004"'),
        (TRIAL, "next_review: 2028-11-21", "next_review: 2030-11-21"),
    ):
        path = knowledge_copy / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    assert len(check(knowledge_copy)) == 3


@pytest.mark.parametrize(
    ("stranger", "says"),
    [
        ("drugs/sorafenib.yml", "of no known kind"),
        ("notes.yaml", "of no known kind"),
        ("drugs/old/sorafenib.yaml", "of no known kind"),
        ("drug/sorafenib.yaml", "is none of drugs"),
    ],
)
def test_a_file_that_nothing_would_read_is_refused(
    knowledge_copy: Path, stranger: str, says: str
) -> None:
    path = knowledge_copy / stranger
    path.parent.mkdir(exist_ok=True)
    path.write_text("id: sorafenib\n", encoding="utf-8")

    assert any(says in found.message for found in check(knowledge_copy))


def test_a_missing_single_file_is_named(knowledge_copy: Path) -> None:
    (knowledge_copy / "criteria.yaml").unlink()

    with pytest.raises(KnowledgeError, match=r"criteria\.yaml:1: the file: is missing"):
        load_knowledge_from(knowledge_copy)


def test_a_file_that_is_no_text_is_refused(knowledge_copy: Path) -> None:
    (knowledge_copy / DRUG).write_bytes(b"\xff\xfe\x00")

    with pytest.raises(KnowledgeError, match="not readable as YAML"):
        load_knowledge_from(knowledge_copy)


def test_an_empty_file_is_refused(knowledge_copy: Path) -> None:
    (knowledge_copy / DRUG).write_text("", encoding="utf-8")

    with pytest.raises(KnowledgeError, match="must be a mapping"):
        load_knowledge_from(knowledge_copy)


def test_a_language_without_texts_is_refused_by_name(knowledge_copy: Path) -> None:
    with pytest.raises(UnknownLanguage, match="'xx'"):
        load_knowledge_from(knowledge_copy, "xx")


def test_a_finding_is_one_line_with_place_severity_and_message() -> None:
    finding = Finding("drugs/x.yaml", 3, "label", "unknown key", Severity.ERROR)
    assert str(finding) == "drugs/x.yaml:3: error: label: unknown key"
