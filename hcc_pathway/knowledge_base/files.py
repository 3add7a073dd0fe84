"""The folder of knowledge files: which kinds there are, and each file read into its struct.

One job: find, read and shape. Whether the files fit together is for knowledge_cross_checks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from hcc_pathway.errors import KnowledgeError
from hcc_pathway.knowledge_base.schema import (
    CaveatList,
    CriterionList,
    Drug,
    EvidenceItem,
    PathwayDescription,
    Regimen,
    RegulatoryNotice,
)
from hcc_pathway.knowledge_base.strict_yaml import Place, YamlDocument, dotted, read_yaml
from hcc_pathway.knowledge_base.terms import CodeSystemList, ParameterTable, ValueSet

PACKAGE_ROOT = Path(__file__).parent.parent / "knowledge"

Content = TypeVar("Content")

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_MESSAGE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<where>.*)`)?", re.DOTALL)
_FIELD = re.compile(r"Object (?:contains unknown|missing required) field `(?P<field>.+?)`")


class KnowledgeFile(msgspec.Struct, Generic[Content], frozen=True):
    """One file that has its shape, with the lines of its values."""

    content: Content
    document: YamlDocument


class KnowledgeFiles(msgspec.Struct, frozen=True):
    """Everything that was readable, each kind in the order of its file names."""

    root: Path
    drugs: list[KnowledgeFile[Drug]] = []
    regimens: list[KnowledgeFile[Regimen]] = []
    parameters: list[KnowledgeFile[ParameterTable]] = []
    evidence: list[KnowledgeFile[EvidenceItem]] = []
    value_sets: list[KnowledgeFile[ValueSet]] = []
    notices: list[KnowledgeFile[RegulatoryNotice]] = []
    criteria: list[KnowledgeFile[CriterionList]] = []
    caveats: list[KnowledgeFile[CaveatList]] = []
    pathway: list[KnowledgeFile[PathwayDescription]] = []
    code_systems: list[KnowledgeFile[CodeSystemList]] = []


FOLDERS: dict[str, type] = {
    "drugs": Drug,
    "regimens": Regimen,
    "parameters": ParameterTable,
    "evidence": EvidenceItem,
    "value_sets": ValueSet,
    "notices": RegulatoryNotice,
}
SINGLE_FILES: dict[str, type] = {
    "criteria": CriterionList,
    "caveats": CaveatList,
    "pathway": PathwayDescription,
    "code_systems": CodeSystemList,
}


def read_folder(root: Path) -> tuple[KnowledgeFiles, list[KnowledgeError]]:
    """Read every file below ``root``; what cannot be read is in the list of errors."""
    files = KnowledgeFiles(root)
    errors: list[KnowledgeError] = []
    for kind, shape in FOLDERS.items():
        for path in sorted((root / kind).glob("*.yaml")):
            _add(getattr(files, kind), path, shape, errors)
    for kind, shape in SINGLE_FILES.items():
        path = root / f"{kind}.yaml"
        if path.is_file():
            _add(getattr(files, kind), path, shape, errors)
        else:
            errors.append(KnowledgeError(path, 1, "the file", "is missing; it is needed"))
    errors.extend(_strangers(root))
    return files, errors


def _strangers(root: Path) -> list[KnowledgeError]:
    """Files that no kind would read: a mistyped folder or ending must not pass unseen."""
    known = {root / f"{kind}.yaml" for kind in SINGLE_FILES}
    return [
        KnowledgeError(path, 1, "the file", "is of no known kind; move or rename it")
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and path.suffix != ".json"
        and path not in known
        and not (path.suffix == ".yaml" and path.parent.parent == root)
    ] + [
        KnowledgeError(path, 1, "the folder", f"is none of {', '.join(FOLDERS)}; rename it")
        for path in sorted(root.iterdir())
        if path.is_dir() and path.name not in {*FOLDERS, "schema", "__pycache__"}
    ]


def _add(
    to: list[KnowledgeFile[object]], path: Path, shape: type, errors: list[KnowledgeError]
) -> None:
    try:
        to.append(read_file(path, shape))
    except KnowledgeError as error:
        errors.append(error)


def read_file(path: Path, shape: type[Content]) -> KnowledgeFile[Content]:
    """Read one file into the shape of its kind; raises KnowledgeError with line and key."""
    document = read_yaml(path)
    try:
        content = msgspec.convert(document.content, shape)
    except msgspec.ValidationError as error:
        raise _shape_error(document, str(error)) from error
    return KnowledgeFile(content, document)


def _shape_error(document: YamlDocument, message: str) -> KnowledgeError:
    """Turn the message of the shape check into one with line and key."""
    match = _MESSAGE.fullmatch(message)
    what, where = (match["what"], match["where"] or "") if match else (message, "")
    place: Place = tuple(int(index) if index else name for name, index in _STEP.findall(where))
    field = _FIELD.match(what)
    if field is None:
        return document.error(place, f"{what}; correct the value")
    place = (*place, field["field"])
    if "missing" in what:
        line = document.line(place[:-1])
        return KnowledgeError(document.path, line, dotted(place), "this key is needed; add it")
    return document.error(place, "unknown key; remove it or correct its spelling")
