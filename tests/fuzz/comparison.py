"""What damage to some resources may change in the document, exactly.

The reference is the document of the same chart without the touched resources. Everything that the
damaged chart's document says of other resources has to be what the reference says:

1. ``ignored`` differs by touched resources and by the count of other patients' alone; one more: a
   record that was only too old is not listed once a touched record of its kind is usable, or is
   the latest that is too old.
2. Inputs that show one record each: as in the reference, unless a touched record is now the latest
   of that input; then the others shown are among those of the reference.
3. Inputs that join several records (exposure, lines, Child-Pugh) are those of the reference unless
   a touched record is among their sources or of the kind that they join.
4. Where all inputs are those of the reference, so is everything else: the answer rests on nothing
   that it does not show. Not so where a touched drug record, which may now be any drug, cuts the
   history. One more: what is asked for names the latest record that is too old.
"""

import re
from collections import Counter
from collections.abc import Iterator

from tests.fuzz.charts import Json
from tests.fuzz.damage import Damage

TREATMENT = {
    *("progression", "sorafenib-exposure", "sorafenib-intolerance", "sorafenib-allergy"),
    *("sorafenib-duration", "prior-lines"),
}
TREATMENT_TYPES = {
    *("MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    *("MedicationDispense", "Medication", "AllergyIntolerance", "AdverseEvent"),
}
MEDICATION_KEYS = frozenset(
    {"medicationRequests", "medicationStatements", "medicationAdministrations"}
)
_OLD = re.compile(r"older than \d+ days")
_COUNT = re.compile(r"(\d+) \w+ of other patients")
_NAMES_OLD = {"withheld", "missing"}
_MORE = re.compile(r" and \d+ more$")


def differences(document: Json, reference: Json, damage: Damage) -> Iterator[str]:
    """Say everything that the damage may not have changed and did."""
    yield from _ignored(document, reference, damage)
    yield from _inputs(document, reference, damage)
    cut = any(one["source"] in _cut_by(damage) for one in document["ignored"])
    if document["inputs"] == reference["inputs"] and not cut:
        for part in document:
            if part in {"inputs", "ignored"} or (
                part in _NAMES_OLD and _is_old_now(document, damage)
            ):
                continue
            if document[part] != reference[part]:
                yield f"{part} changed though no input did"


def unchanged(document: Json, true: Json, *, foreign: int) -> Iterator[str]:
    """Compare where nothing of this patient was touched; ``foreign`` resources were added."""
    for part in document:
        if part != "ignored" and document[part] != true[part]:
            yield f"{part} changed though nothing was touched"
    if _own_ignored(document) != _own_ignored(true):
        yield "ignored changed though nothing was touched"
    if _foreign(document) != _foreign(true) + foreign:
        yield "the count of other patients' resources is wrong"


def _sources(used: Json) -> set[str]:
    return {_MORE.sub("", one) for one in used["source"].split(", ")}


def _mine(used: Json, damage: Damage) -> bool:
    return bool(_sources(used) & damage.touched)


def _frozen(part: object) -> str:
    return repr(part)


def _own_ignored(document: Json) -> Counter[tuple[str, str]]:
    return Counter((i["source"], i["because"]) for i in document["ignored"] if i["source"])


def _foreign(document: Json) -> int:
    said = [_COUNT.fullmatch(one["because"]) for one in document["ignored"] if not one["source"]]
    return sum(int(found[1]) for found in said if found)


def _cut_by(damage: Damage) -> frozenset[str]:
    """The medication sources that a touched record cuts, where it may be any drug."""
    return MEDICATION_KEYS if damage.types & TREATMENT_TYPES else frozenset()


def _is_old_now(document: Json, damage: Damage) -> bool:
    """Whether a touched record is the latest of its kind, and too old to be used."""
    own = _own_ignored(document)
    return any(source in damage.touched and _OLD.fullmatch(because) for source, because in own)


def _ignored(document: Json, reference: Json, damage: Damage) -> Iterator[str]:
    seen, wanted = _own_ignored(document), _own_ignored(reference)
    for source, because in seen - wanted:
        if source not in damage.touched and source not in _cut_by(damage):
            yield f"ignored gained {source}: {because}"
    used_now = any(_mine(used, damage) for used in document["inputs"])
    instead = used_now or _is_old_now(document, damage)
    for source, because in wanted - seen:
        if not (_OLD.fullmatch(because) and instead):
            yield f"ignored lost {source}: {because}"
    added = _foreign(document) - _foreign(reference)
    if not 0 <= added <= len(damage.removed) + len(damage.done):
        yield f"the count of other patients' resources grew by {added}"


def _inputs(document: Json, reference: Json, damage: Damage) -> Iterator[str]:
    names = {used["input"] for used in [*document["inputs"], *reference["inputs"]]}
    for name in sorted(names):
        seen = [used for used in document["inputs"] if used["input"] == name]
        wanted = [used for used in reference["inputs"] if used["input"] == name]
        if name in TREATMENT:
            if not _concerns_treatment(document, damage) and seen != wanted:
                yield f"{name} changed"
        elif name == "child-pugh":
            if not any(_mine(used, damage) for used in seen) and seen != wanted:
                yield f"{name} changed"
        else:
            yield from _records(name, seen, wanted, damage)


def _concerns_treatment(document: Json, damage: Damage) -> bool:
    if damage.types & TREATMENT_TYPES:
        return True
    return any(u["input"] == "progression" and _mine(u, damage) for u in document["inputs"])


def _records(name: str, seen: list[Json], wanted: list[Json], damage: Damage) -> Iterator[str]:
    if name == "diagnosis":  # its note speaks of the other diagnoses and of the first drug
        seen = [used | {"note": ""} for used in seen]
        wanted = [used | {"note": ""} for used in wanted]
    others = Counter(_frozen(used) for used in seen if not _mine(used, damage))
    known = Counter(_frozen(used) for used in wanted if not _mine(used, damage))
    if others - known:
        yield f"{name} gained a record: {(others - known).popitem()[0][:300]}"
    if not any(_mine(used, damage) for used in seen) and known - others:
        yield f"{name} lost a record: {(known - others).popitem()[0][:300]}"
