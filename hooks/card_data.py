"""The table of the data used: every input with value, unit as received, day and source."""

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import ChildPughValue, ExposureValue, InputUsed, Recommendation
from hooks.card_text import CardTexts, fold, markdown_escape

_LONGEST_SENTENCE = 1200


def data_table(
    recommendation: Recommendation, _knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    """Write the table of inputs as a folded part."""
    rows = [texts.say("table.data-head"), "|---|---|---|---|---|---|"]
    for used in recommendation.inputs:
        note = used.note
        if isinstance(used.value, ExposureValue):
            days = texts.say(
                "phrase.exposure-days",
                first=used.value.first_day,
                last=used.value.last_day,
                anchor=texts.say(f"phrase.anchor-{used.value.anchor}"),
            )
            note = f"{days}. {note}" if note else days
        cells = (
            texts.name("input", used.input),
            markdown_escape(input_value(used, texts)),
            markdown_escape(used.as_received),
            str(used.recorded or ""),
            markdown_escape(used.source),
            markdown_escape(note, _LONGEST_SENTENCE),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return fold(texts.say("table.data", count=len(recommendation.inputs)), "\n".join(rows))


def input_value(used: InputUsed, texts: CardTexts) -> str:
    """Put the value of an input into words, not yet escaped."""
    value = used.value
    if isinstance(value, ExposureValue):
        return texts.say(
            "phrase.exposure",
            yes=value.yes,
            no=value.no,
            unknown=value.unknown,
            days=value.yes + value.no + value.unknown,
        )
    if isinstance(value, ChildPughValue):
        return _child_pugh(value, texts)
    if isinstance(value, bool):
        return texts.say("phrase.is-so" if value else "phrase.is-not")
    if value is None or isinstance(value, str):
        return texts.say("phrase.unknown") if value is None else word_of(value, texts)
    if used.unit in {"", "1"} or used.unit.startswith("{"):  # a count, a score, a ratio
        return str(value)
    return f"{value} {texts.name('unit', used.unit)}"


def word_of(value: str, texts: CardTexts) -> str:
    """Word a value that is a word ("absent"); any other text stays as it is."""
    return texts.sentences.get(f"value-word.{value}", value)


def _child_pugh(value: ChildPughValue, texts: CardTexts) -> str:
    letter = value.child_pugh_class
    if letter is None:
        return texts.say("phrase.child-pugh-range", lowest=value.lowest, highest=value.highest)
    if value.score is None:
        return texts.say("phrase.child-pugh-class", class_=letter)
    return texts.say("phrase.child-pugh-score", class_=letter, score=value.score)
