"""The items of the knowledge files, each with its file, its review and where it is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final

import msgspec

from hcc_pathway.knowledge_base.files import KnowledgeFile, KnowledgeFiles
from hcc_pathway.knowledge_base.parts import Review
from hcc_pathway.knowledge_base.schema import EvidenceItem
from hcc_pathway.knowledge_base.strict_yaml import Place, dotted
from hcc_pathway.knowledge_base.walk import all_files, references

# The kinds as addresses name them, and the kind of file that each stands in.
KINDS: Final = MappingProxyType(
    {
        "drugs": "drugs",
        "regimens": "regimens",
        "parameters": "parameters",
        "evidence": "evidence",
        "value-sets": "value_sets",
        "notices": "notices",
        "caveats": "caveats",
        "criteria": "criteria",
    }
)
# Files that hold several items, under this key.
_LISTS: Final = MappingProxyType(
    {"parameters": "parameters", "caveats": "caveats", "criteria": "criteria"}
)
_NAMED_BY: Final = MappingProxyType(
    {
        "evidence": ("evidence",),
        "further_reading": ("evidence",),
        "value_set": ("value-sets",),
        "criteria": ("criteria",),
        "drugs": ("drugs",),
        "therapy": ("drugs", "regimens"),
        "therapies": ("drugs", "regimens"),
    }
)
_DIGITS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names an item: which item's, and where in it."""

    kind: str
    id: str
    at: str  # "cautions[2].evidence"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: what it says, and what stands around it."""

    kind: str
    id: str
    label: str
    content: msgspec.Struct
    review: Review
    file: str  # "drugs/regorafenib.yaml"
    digest: str  # of the file's bytes: it changes with any change of the file
    evidence: tuple[str, ...]
    used_by: tuple[Use, ...]


Entries = Mapping[str, Mapping[str, Entry]]


def entries_of(files: KnowledgeFiles) -> Entries:
    """Give all items by kind and id."""
    uses = _uses(files)
    found: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
    for kind, file_kind in KINDS.items():
        for file in getattr(files, file_kind):
            for item in _items(kind, file):
                entry = _entry(kind, item, file, files, uses)
                found[kind][entry.id] = entry
    return found


def _items(kind: str, file: KnowledgeFile[msgspec.Struct]) -> tuple[msgspec.Struct, ...]:
    key = _LISTS.get(kind)
    if key is None:
        return (file.content,)
    items: tuple[msgspec.Struct, ...] = getattr(file.content, key)
    return items


def _entry(
    kind: str,
    item: msgspec.Struct,
    file: KnowledgeFile[msgspec.Struct],
    files: KnowledgeFiles,
    uses: Mapping[tuple[str, str], list[Use]],
) -> Entry:
    # nothing that is background may reach a clinician
    shown = item.for_readers() if isinstance(item, EvidenceItem) else item
    plain = msgspec.json.decode(msgspec.json.encode(shown))  # lists, as in a file
    cited = (name for key, _, name in references(plain, {"evidence"}) if key == "evidence")
    path = file.document.path
    return Entry(
        kind=kind,
        id=plain["id"],
        label=plain.get("label") or plain.get("title") or plain.get("text") or plain["id"],
        content=shown,
        review=getattr(file.content, "review"),  # noqa: B009 - every kind has one by convention
        file=path.relative_to(files.root).as_posix(),
        digest=sha256(path.read_bytes()).hexdigest()[:_DIGITS_SHOWN],
        evidence=tuple(dict.fromkeys(cited)),
        used_by=tuple(uses.get((kind, plain["id"]), ())),
    )


def _uses(files: KnowledgeFiles) -> dict[tuple[str, str], list[Use]]:
    """Turn every reference of every file round."""
    kinds = {file_kind: kind for kind, file_kind in KINDS.items()}
    found: dict[tuple[str, str], list[Use]] = {}
    for file_kind, file in all_files(files):
        for key, place, name in references(file.document.content, _NAMED_BY.keys()):
            use = _use(kinds.get(file_kind, file_kind), file, place)
            for kind in _NAMED_BY[key]:
                named = found.setdefault((kind, name), [])
                if use not in named:
                    named.append(use)
    return found


def _use(kind: str, file: KnowledgeFile[object], place: Place) -> Use:
    """Name the item whose file, or whose part of a file, holds a place."""
    key, within = _LISTS.get(kind), place
    item_id = getattr(file.content, "id", "")
    if key is not None and len(place) > 1 and place[0] == key and isinstance(place[1], int):
        item_id, within = getattr(file.content, key)[place[1]].id, place[2:]
    return Use(kind, item_id, dotted(_without_last_index(within)))


def _without_last_index(place: Place) -> Place:
    return place[:-1] if place and isinstance(place[-1], int) else place


def entries_in_order(entries: Entries) -> Iterator[tuple[str, list[Entry]]]:
    """Give the kinds in their order, each with its items by id."""
    for kind in KINDS:
        yield kind, [entries[kind][name] for name in sorted(entries[kind])]
