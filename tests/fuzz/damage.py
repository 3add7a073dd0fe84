"""Damage to a chart that leaves envelope and patient valid, and what it touched."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.fuzz.charts import Json, call_of, entries, with_totals

UNITS = (
    "mg/dL",
    "g/L",
    "g/dL",
    "umol/L",
    "ng/mL",
    "kIU/L",
    "IU/mL",
    "ug/L",
    "%",
    "",
    "furlong",
    "1",
)
STATUSES = (
    *("final", "preliminary", "entered-in-error", "cancelled", "active", "completed"),
    *("stopped", "on-hold", "not-taken", "unknown", "FINAL", ""),
)
DATES = (
    *("2026-11-20", "2026-08-01", "2026", "2026-11", "2027-03-01", "2026-02-30", "yesterday"),
    *("2026-11-21T23:59:59+09:00", "2026-11-22T00:00:00Z", "0000-00-00", "9999-12-31", ""),
)
NUMBERS: tuple[object, ...] = (
    *(0, -1, 1e308, 5e-324, 10**400, -(10**60), 399.999999999, 400, 2.0, "NaN", "Infinity", "12"),
    *("1e400", "0x10", True),
)
JUNK = (
    *("", " ", "\x00", "null", "NaN", "undefined", "\u202egnp.exe", "Sorafenib", "x" * 20_000),
    *("<script>alert(1)</script>", "| a | b |\n|---|---|", "'; DROP TABLE patient;--", "💊" * 50),
    *("\ufffd", "{{7*7}}", "../../etc/passwd", "%s%n", "Patient/somebody"),
)
_LEVELS = 40


@dataclass
class Damage:
    """What was done to which resources; ``touched`` names them as before and as after."""

    call: Json
    removed: frozenset[tuple[str, int]] = frozenset()  # entries of the true chart
    touched: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)


def damaged(name: str, rng: random.Random, relevant: frozenset[str]) -> Damage:
    """Damage one to three resources of a sample; ``relevant`` sources are preferred."""
    true = call_of(name)
    damage = Damage(call_of(name))
    places = [(key, position) for key, _, position in entries(true)]
    if rng.random() < 1 / 20:
        _shuffle(damage, rng)
        return damage
    if rng.random() < 1 / 20:
        _add_foreign(damage, rng)
        return damage
    close = [place for place in places if _source(true, place) in relevant]
    chosen: set[tuple[str, int]] = set()
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        chosen.add(rng.choice(close if close and rng.random() < 3 / 4 else places))
    _touch(damage, true, chosen)
    for place in sorted(chosen):
        _damage_entry(damage, place, rng)
    for place in damage.removed:
        _name(damage, damage.call["prefetch"][place[0]]["entry"][place[1]])
    _add_copies(damage, chosen, rng)
    with_totals(damage.call)
    return damage


def without_touched(name: str, removed: frozenset[tuple[str, int]]) -> Json:
    """Give the true chart without the entries that were touched."""
    call = call_of(name)
    for key, bundle in call["prefetch"].items():
        if key != "patient":
            kept = [e for i, e in enumerate(bundle["entry"]) if (key, i) not in removed]
            bundle["entry"] = kept
    return with_totals(call)


def _resource(call: Json, place: tuple[str, int]) -> Json:
    key, position = place
    found = call["prefetch"][key]["entry"][position].get("resource")
    return found if isinstance(found, dict) else {}


def _source(call: Json, place: tuple[str, int]) -> str:
    resource = _resource(call, place)
    return f"{resource.get('resourceType')}/{resource.get('id')}"


def _name(damage: Damage, entry: object) -> None:
    """Note every name under which an answer may speak of this entry."""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    damage.touched.add("entry")
    if isinstance(resource, dict) and isinstance(kind, str):
        damage.types.add(kind)
        ids = [value for name, value in resource.items() if name == "id" or name.endswith(":id")]
        damage.touched |= {kind, *(f"{kind}/{one}" for one in ids)}


def _touch(damage: Damage, true: Json, chosen: set[tuple[str, int]]) -> None:
    """Take in what refers to a chosen resource and what shares its id: both change with it."""
    touched = set(chosen)
    grew = True
    while grew:
        sources = {_source(true, place) for place in touched}
        sources |= {true["prefetch"][k]["entry"][i].get("fullUrl", "-") for k, i in touched}
        found = {
            (key, position)
            for key, listed, position in entries(true)
            if (key, position) not in touched
            and (
                _source(true, (key, position)) in sources
                or any(f'"{one}"' in json.dumps(listed[position]) for one in sources)
            )
        }
        touched |= found
        grew = bool(found)
    damage.removed = frozenset(touched)
    for key, position in touched:
        _name(damage, true["prefetch"][key]["entry"][position])


def _nodes(node: object) -> Iterator[tuple[Json | list[object], str | int]]:
    """Every place below a node: its container and key."""
    pairs: list[tuple[str | int, object]] = []
    if isinstance(node, dict):
        pairs = list(node.items())
    elif isinstance(node, list):
        pairs = list(enumerate(node))
    for key, part in pairs:
        yield node, key  # type: ignore[misc]  # a container, or there were no pairs
        yield from _nodes(part)


def _damage_entry(damage: Damage, place: tuple[str, int], rng: random.Random) -> None:
    key, position = place
    entry = damage.call["prefetch"][key]["entry"][position]
    if rng.random() < 1 / 25 or not isinstance(entry.get("resource"), dict):
        broken: list[object] = [
            {},
            {"resource": 7},
            {"resource": []},
            {"resource": {}},
            5,
            "x",
            [],
        ]
        damage.call["prefetch"][key]["entry"][position] = rng.choice(broken)
        damage.done.append(f"{place}: entry broken")
        return
    for _ in range(rng.choice((1, 1, 2, 4))):
        operation = rng.choice(OPERATIONS)
        operation(entry["resource"], rng)
        damage.done.append(f"{place}: {operation.__name__}")


Operation = Callable[[Json, random.Random], None]


def _places(resource: Json, names: tuple[str, ...]) -> list[tuple[Json, str]]:
    return [
        (holder, key)
        for holder, key in _nodes(resource)
        if isinstance(holder, dict) and isinstance(key, str) and key.endswith(names)
    ]


def _set_one(
    resource: Json, names: tuple[str, ...], values: tuple[object, ...], rng: random.Random
) -> None:
    found = _places(resource, names)
    if found:
        holder, key = rng.choice(found)
        holder[key] = rng.choice(values)


def swap_unit(resource: Json, rng: random.Random) -> None:
    for holder, key in _places(resource, ("unit",)):
        holder[key] = rng.choice(UNITS)
        if rng.random() < 1 / 2 and "system" in holder:
            holder["code"] = holder[key]


def change_number(resource: Json, rng: random.Random) -> None:
    _set_one(resource, ("value", "valueInteger", "frequency", "period"), NUMBERS, rng)


def change_date(resource: Json, rng: random.Random) -> None:
    names = ("Date", "DateTime", "start", "end", "authoredOn", "dateAsserted")
    _set_one(resource, names, DATES, rng)


def change_status(resource: Json, rng: random.Random) -> None:
    _set_one(resource, ("status", "Status"), STATUSES, rng)


def change_code(resource: Json, rng: random.Random) -> None:
    codes = ("1834-1", "1975-2", "109841003", "C22.0", "97509-4", "89247-1", "271299001", "0", "")
    _set_one(resource, ("code",), codes, rng)


def write_junk(resource: Json, rng: random.Random) -> None:
    places = [one for one in _nodes(resource) if one[1] not in {"resourceType", "id"}]
    holder, key = rng.choice(places)
    holder[key] = rng.choice(JUNK)  # type: ignore[index]  # a key of its own container


def drop_field(resource: Json, rng: random.Random) -> None:
    places = [one for one in _nodes(resource) if one[1] != "resourceType"]
    holder, key = rng.choice(places)
    del holder[key]  # type: ignore[arg-type]  # a key of its own container


def set_null(resource: Json, rng: random.Random) -> None:
    places = [one for one in _nodes(resource) if one[1] != "resourceType"]
    holder, key = rng.choice(places)
    holder[key] = None  # type: ignore[index]  # a key of its own container


def retype(resource: Json, rng: random.Random) -> None:
    places = [one for one in _nodes(resource) if one[1] != "resourceType"]
    holder, key = rng.choice(places)
    value = holder[key]  # type: ignore[index]  # a key of its own container
    retyped: list[object] = [[value], {"value": value}, 7, "7", True, [], {}, [[[]]], 1.5]
    holder[key] = rng.choice(retyped)  # type: ignore[index]  # a key of its own container


def nest_deeply(resource: Json, rng: random.Random) -> None:
    nested: object = 1
    for level in range(_LEVELS):
        nested = [nested] if level % 2 else {"extension": nested}
    resource[rng.choice(("extension", "note", "value", "code"))] = nested


def repeat_key(resource: Json, rng: random.Random) -> None:
    holders = [one for one in _nodes(resource) if isinstance(one[0], dict)]
    holder, key = rng.choice(holders)
    if isinstance(key, str) and key != "resourceType" and isinstance(holder, dict):
        holder[f"twice:{len(holder)}:{key}"] = rng.choice((holder[key], "other", 1, None))


def reorder_fields(resource: Json, rng: random.Random) -> None:
    members = list(resource.items())
    rng.shuffle(members)
    resource.clear()
    resource.update(members)


def add_unknown_field(resource: Json, rng: random.Random) -> None:
    resource[rng.choice(("zzz", "_status", "Extension", "modifierExtension"))] = rng.choice(JUNK)


def foreign_subject(resource: Json, rng: random.Random) -> None:
    name = "patient" if "patient" in resource else "subject"
    references = ("Patient/somebody", "Group/1", "urn:uuid:0", "", "patient/x", "#p")
    resource[name] = {"reference": rng.choice(references)}


def change_id(resource: Json, rng: random.Random) -> None:
    resource["id"] = rng.choice(("", "a b", "x" * 65, "new-id", 7, None, "a/../b"))


def retype_resource(resource: Json, rng: random.Random) -> None:
    kinds = ("Basic", "Observation", "Condition", "MedicationRequest", "", "observation", 7)
    resource["resourceType"] = rng.choice(kinds)


OPERATIONS: tuple[Operation, ...] = (
    *(swap_unit, change_number, change_date, change_status, change_code, write_junk, drop_field),
    *(set_null, retype, nest_deeply, repeat_key, reorder_fields, add_unknown_field),
    *(foreign_subject, change_id, retype_resource, change_number, change_date, drop_field),
)


def _shuffle(damage: Damage, rng: random.Random) -> None:
    for key, bundle in damage.call["prefetch"].items():
        if key != "patient":
            rng.shuffle(bundle["entry"])
    damage.done.append("entries shuffled")
    if rng.random() < 1 / 2:  # the same resource once more, and once more under another key
        held = [one for one in damage.call["prefetch"].values() if one.get("entry")]
        entry = rng.choice(rng.choice(held)["entry"])
        if not _is_own(entry, damage.call["context"]["patientId"]):
            return  # others' resources are counted as often as they come
        for bundle in (rng.choice(held), rng.choice(held)):
            bundle["entry"].append(copy.deepcopy(entry))
        damage.done.append("an entry repeated as it is")
    with_totals(damage.call)


def _is_own(entry: Json, patient_id: str) -> bool:
    resource = entry.get("resource")
    if not isinstance(resource, dict):
        return False
    subject = resource.get("subject") or resource.get("patient") or {}
    return bool(subject.get("reference") == f"Patient/{patient_id}")


def _add_foreign(damage: Damage, rng: random.Random) -> None:
    held = [one for one in damage.call["prefetch"].values() if one.get("entry")]
    for number in range(rng.randint(1, 4)):
        entry = copy.deepcopy(rng.choice(rng.choice(held)["entry"]))
        resource = entry.get("resource")
        if not isinstance(resource, dict) or not {"subject", "patient"} & set(resource):
            continue
        name = "patient" if "patient" in resource else "subject"
        resource[name] = {"reference": "Patient/somebody-else"}
        resource["id"] = f"foreign-{number}"
        entry.pop("fullUrl", None)
        rng.choice(held)["entry"].append(entry)
        damage.done.append("foreign")
    with_totals(damage.call)


def _add_copies(damage: Damage, chosen: set[tuple[str, int]], rng: random.Random) -> None:
    """Now and then send the damaged resource beside the true one, under the same id."""
    for key, position in sorted(chosen):
        if rng.random() < 1 / 15:
            true = call_of_entry(damage, key, position)
            if true is not None:
                damage.call["prefetch"][key]["entry"].append(true)
                _name(damage, true)
                damage.done.append(f"{(key, position)}: copy added")


def call_of_entry(damage: Damage, key: str, position: int) -> Json | None:
    """Give a copy of a damaged entry with one more change, or None where nothing is left."""
    entry = copy.deepcopy(damage.call["prefetch"][key]["entry"][position])
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return None
    found: Json = entry
    found["resource"]["status"] = "final"
    return found
