"""The folded part of the main card: every input, dose, caution, finding and rule in full."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import (
    AlsoConsider,
    Caution,
    LineOfTherapy,
    Notice,
    PatientClass,
    Recommendation,
)
from hooks.card_changes import change_clauses
from hooks.card_data import data_table
from hooks.card_options import without_sources
from hooks.card_text import CardTexts, fold, knowledge_markdown, markdown_escape
from hooks.situation import stopped_by, therapies_beside
from hooks.therapy_names import therapy_label

_LONGEST_SENTENCE = 1200
# parts that say the same of every patient with the same answer are worded once
_WORDED_KEPT = 1024
Part = Callable[[Recommendation, KnowledgeOnDay, CardTexts], str | None]


def folded_parts(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    """Write each folded part as Markdown within a ``details`` element, without empty ones."""
    parts = (part(recommendation, knowledge, texts) for part in _PARTS)
    return [part for part in parts if part is not None]


def _options(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    if not recommendation.options:
        return None
    said = tuple((one.therapy, one.dosing, one.cautions) for one in recommendation.options)
    return _options_worded(said, knowledge, texts)


@lru_cache(_WORDED_KEPT)
def _options_worded(
    options: tuple[tuple[str, str, tuple[Caution, ...]], ...],
    knowledge: KnowledgeOnDay,
    texts: CardTexts,
) -> str:
    """Word dose and cautions of each option, and once the cautions that all options share."""
    # by text: cautions of one id, such as that on Child-Pugh B, differ from drug to drug
    uses = Counter(caution.text for _, _, cautions in options for caution in cautions)
    shared = [text for text, count in uses.items() if count == len(options) > 1]
    lines = []
    for therapy, dosing, cautions in options:
        own = [caution.text for caution in cautions if caution.text not in shared]
        lines.append(_sentences(therapy_label(therapy, knowledge), [dosing, *own]))
    if shared:
        lines.append(_sentences(texts.say("phrase.all-options"), shared))
    return fold(texts.say("table.options"), "\n".join(lines))


def _sentences(label: str, said: Iterable[str]) -> str:
    escaped = " ".join(knowledge_markdown(text) for text in said if text)
    return f"- **{label}**: {escaped}"


def _beside(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    if not recommendation.also_consider:
        return None
    return _beside_worded(recommendation.also_consider, knowledge, texts)


@lru_cache(_WORDED_KEPT)
def _beside_worded(
    also_consider: tuple[AlsoConsider, ...], knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    lines = [
        f"- **{therapy_label(beside.therapy, knowledge)}** "
        f"({texts.name('basis', beside.basis)}): {knowledge_markdown(beside.text)}"
        for beside in also_consider
    ]
    return fold(texts.say("table.beside"), "\n".join(lines))


def _notices(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    if not recommendation.notices:
        return None
    return _notices_worded(recommendation.notices, knowledge, texts)


@lru_cache(_WORDED_KEPT)
def _notices_worded(
    notices: tuple[Notice, ...], knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    lines = [
        f"- **{therapy_label(notice.therapy, knowledge)}**: {knowledge_markdown(notice.text)}"
        for notice in notices
    ]
    return fold(texts.say("table.notices"), "\n".join(lines))


def _evidence(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    cited: dict[str, None] = {}
    for option in recommendation.options:
        cited.update(dict.fromkeys(option.evidence))
    for beside in recommendation.also_consider:
        cited.update(dict.fromkeys(beside.evidence))
    return _evidence_worded(tuple(cited), knowledge, texts)


@lru_cache(_WORDED_KEPT)
def _evidence_worded(
    cited: tuple[str, ...], knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    rows = [texts.say("table.evidence-head"), "|---|---|---|---|"]
    rows += [row for item in cited if (row := _evidence_row(item, knowledge, texts)) is not None]
    if len(rows) == 2:  # noqa: PLR2004 (the head alone)
        return None
    return fold(texts.say("table.evidence"), "\n".join(rows))


def _evidence_row(item_id: str, knowledge: KnowledgeOnDay, texts: CardTexts) -> str | None:
    item = knowledge.evidence.get(item_id)
    if item is None or not item.card_text:
        return None
    kind = texts.name("evidence-kind", item.kind)
    kind = kind if item.year is None else f"{kind}, {item.year}"
    cells = (item.title, kind, item.card_text, item.limits)
    return f"| {' | '.join(knowledge_markdown(cell) for cell in cells)} |"


def _would_change(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    if not recommendation.what_would_change:
        return None
    lines = [f"- {clause}" for clause in change_clauses(recommendation, knowledge, texts)]
    return fold(texts.say("table.would-change"), "\n".join(lines))


def _not_offered(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    """List each drug with its reason where the visible part leaves out one of them."""
    approved = therapies_beside(recommendation, "label")
    named = {one.therapy for one in recommendation.withheld}
    stopped = stopped_by(recommendation)
    if stopped is None and not named & approved:
        return None
    rows = [
        f"- **{therapy_label(one.therapy, knowledge)}**: {without_sources(one.because)}"
        for one in recommendation.withheld
    ]
    title = "table.not-offered" if stopped is None else "table.not-offered-beside"
    return fold(texts.say(title), "\n".join(rows)) if rows else None


def _ignored(
    recommendation: Recommendation, _knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    if not recommendation.ignored:
        return None
    rows = [texts.say("table.ignored-head"), "|---|---|"]
    rows += [
        f"| {markdown_escape(ignored.source) or '—'} | {markdown_escape(ignored.because)} |"
        for ignored in recommendation.ignored
    ]
    return fold(texts.say("table.ignored", count=len(recommendation.ignored)), "\n".join(rows))


def _rules(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str | None:
    return _rules_worded(recommendation.patient_class, recommendation.line, knowledge, texts)


@lru_cache(_WORDED_KEPT)
def _rules_worded(
    patient_class: PatientClass, line: LineOfTherapy, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    about = knowledge.about
    said = (
        texts.say(
            "rule.tolerance",
            dose=knowledge.parameter("sorafenib-minimum-mg-per-day"),
            days=knowledge.parameter("sorafenib-minimum-days"),
            window=knowledge.parameter("sorafenib-window-days"),
        ),
        texts.say("rule.branches", afp=knowledge.parameter("afp-threshold-ng-per-ml")),
        texts.say(
            "rule.branch-taken",
            patient_class=patient_class.value,
            line=texts.name("line", line.value),
        ),
        texts.say("rule.citation", citation=knowledge_markdown(about.citation)),
        texts.say("rule.provenance", provenance=about.provenance, intended_use=about.intended_use),
        texts.say("rule.use"),
        texts.say("rule.reviewed", version=about.version, reviewed_on=about.review.reviewed_on),
        texts.say("rule.wrong"),
    )
    return fold(texts.say("table.rules"), "\n".join(f"- {line}" for line in said))


_PARTS: tuple[Part, ...] = (
    data_table,
    _not_offered,
    _options,
    _notices,
    _beside,
    _evidence,
    _would_change,
    _ignored,
    _rules,
)
