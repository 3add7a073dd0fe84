"""One record by itself, for the second count: whether it counts, its drug, its dose on a day."""

import re
from datetime import date
from typing import Any

Json = dict[str, Any]
Span = tuple[float, float]  # least and most milligrams
NOT_KNOWN: Span = (0.0, float("inf"))

# what a pharmacist reads; 200 mg tablets
WORDS = {
    "400 mg twice daily": 800.0,
    "2 tabs BID": 800.0,
    "2 tablets twice a day": 800.0,
    "200 mg once daily": 200.0,
    "1 tablet daily": 200.0,
}
TIMES = {"BID": 2, "QD": 1}
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def mg_on(part: Json, strength: float | None, day: date, first: date) -> Span:
    """Give the milligrams of one instruction on one day."""
    if part.get("asNeededBoolean"):
        return NOT_KNOWN
    if "doseAndRate" not in part:
        return (WORDS[part["text"]],) * 2 if part.get("text") in WORDS else NOT_KNOWN
    dose = part["doseAndRate"][0]
    amounts = [dose["doseQuantity"]] * 2 if "doseQuantity" in dose else []
    if "doseRange" in dose:
        amounts = [dose["doseRange"]["low"], dose["doseRange"]["high"]]
    mg = []
    for amount in amounts:
        unit = str(amount.get("code", amount.get("unit"))).lower().strip("{}")
        factor = {"mg": 1.0, "g": 1000.0}.get(unit)
        if unit.startswith(("tbl", "tab")):
            factor = strength
        if factor is None:
            return NOT_KNOWN
        mg.append(amount["value"] * factor)
    low, high = times_on(part["timing"], day, first)
    return (mg[0] * low, mg[1] * high)


def times_on(timing: Json, day: date, first: date) -> Span:
    """Give the number of doses of one day."""
    if "code" in timing:
        code = timing["code"]
        times = TIMES[code.get("text") or code["coding"][0]["code"]]
        return (times, times)
    repeat = timing["repeat"]
    if "dayOfWeek" in repeat:
        on = float(WEEK[day.weekday()] in repeat["dayOfWeek"])
        return (on, on)
    if "timeOfDay" in repeat or "when" in repeat:
        times = len(repeat.get("timeOfDay") or repeat["when"])
        return (times, times)
    hours = repeat["period"] * {"h": 1, "d": 24, "wk": 168}[repeat["periodUnit"]]
    most = repeat.get("frequencyMax", repeat["frequency"])
    if hours <= 24:
        return (repeat["frequency"] * 24 / hours, most * 24 / hours)
    if most > 1:
        return (0, most)
    on = float((day - first).days % (hours // 24) == 0)
    return (on, on)


def counts(record: Json) -> bool:
    """Whether a record counts at all."""
    kind, status = record["resourceType"], record["status"]
    if status in {"draft", "cancelled", "entered-in-error", "intended"}:
        return False
    if record.get("doNotPerform") or record.get("intent") == "proposal":
        return False
    reasons = str(record.get("reasonCode", ""))
    if re.search("thyroid|renal|C64", reasons):
        return False
    return bool(kind != "MedicationDispense" or status == "completed")


def name(record: Json, medications: dict[str, Json]) -> str:
    """Give the ingredient of a record."""
    text = str(record.get("medicationCodeableConcept", "")) + str(record.get("contained", ""))
    text += str(medications.get(record.get("medicationReference", {}).get("reference"), ""))
    if "regorafenib" in text:
        return "regorafenib"
    known = re.search("sorafenib|nexavar|495881|L01EX02", text, re.IGNORECASE)
    return "sorafenib" if known else ""


def strength(record: Json, medications: dict[str, Json]) -> float | None:
    text = str(record.get("medicationCodeableConcept", ""))
    text += str(medications.get(record.get("medicationReference", {}).get("reference"), ""))
    contained = str(record.get("contained", ""))
    return 200.0 if re.search("200 mg", text, re.IGNORECASE) or "200" in contained else None
