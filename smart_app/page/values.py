"""Values, days and numbers of the document as a clinician reads them, by locale."""

from datetime import date

from hcc_pathway.recommendation import ChildPughValue, ExposureValue, InputUsed
from smart_app.page.words import Words

_NO_UNIT = frozenset({"", "1"})


def day_text(day: date | None, words: Words) -> str:
    """Write a calendar day: "13 Nov 2026"."""
    if day is None:
        return words.say("date.none")
    month = words.say(f"date.month-{day.month}")
    return words.say("date.day", day=day.day, month=month, year=day.year)


def number_text(number: float, words: Words) -> str:
    """Write a number with the group and decimal signs of the language; digits stay as they are."""
    whole, _, rest = f"{number}".partition(".")
    if rest == "0":
        rest = ""
    grouped = f"{int(whole):,}".replace(",", words.sentences["number.group"])
    return f"{grouped}{words.sentences['number.decimal']}{rest}" if rest else grouped


def value_text(used: InputUsed, words: Words) -> str:
    """Put the value of an input into words, not yet escaped."""
    value = used.value
    if isinstance(value, ExposureValue):
        return exposure_text(value, words)
    if isinstance(value, ChildPughValue):
        return child_pugh_text(value, words)
    if value is None:
        return used.as_received or words.say("value.unknown")
    if isinstance(value, bool):
        return words.say("value.yes" if value else "value.no")
    if isinstance(value, int | float):
        said = number_text(value, words)
    else:
        said = words.sentences.get(f"value-word.{value}", str(value))
    if used.unit in _NO_UNIT or used.unit.startswith("{"):  # a count, a score, a ratio
        return said
    return words.say("value.with-unit", value=said, unit=words.name("unit", used.unit))


def days_text(yes: int, unknown: int, days: int, words: Words) -> str:
    """Count the days with the dose in a few letters; what is not known never reads as without."""
    if unknown == days:
        return words.say("fact.not-known")
    name = "fact.days-unknown" if unknown else "fact.days"
    return words.say(name, yes=yes, unknown=unknown, days=days)


def exposure_text(value: ExposureValue, words: Words) -> str:
    """Say how many days of the window had the dose."""
    return words.say(
        "value.exposure",
        yes=value.yes,
        no=value.no,
        unknown=value.unknown,
        days=value.yes + value.no + value.unknown,
    )


def child_pugh_text(value: ChildPughValue, words: Words) -> str:
    """Say the class with its score, or what is possible."""
    letter = value.child_pugh_class
    if letter is None:
        return words.say("value.child-pugh-range", lowest=value.lowest, highest=value.highest)
    if value.score is None:
        return words.say("value.child-pugh-class", letter=letter)
    return words.say("value.child-pugh", letter=letter, score=value.score)
