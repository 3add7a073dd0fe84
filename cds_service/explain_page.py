"""The terminal page of ``hcc-cds explain``: options, exposure by day, gaps, inputs."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hcc_pathway.answer import Answer
from hcc_pathway.fingerprint import fingerprint, short_fingerprint
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.site_policy import SiteReading
from hcc_pathway.treatment_history.sorafenib_exposure import ExposureWindow, SorafenibExposure
from hooks.card_changes import change_sentence
from hooks.card_data import input_value
from hooks.card_options import flag_words
from hooks.card_text import CardTexts, load_card_texts, plain
from hooks.situation import situation, stopped_by
from hooks.therapy_names import therapy_label, therapy_labels

_DAY_MARKS = {
    Answer.MET: ("█", "green"),
    Answer.NOT_MET: ("░", "red"),
    Answer.UNKNOWN: ("?", "yellow"),
}
_DAYS_IN_A_WEEK = 7
_LONG = 600


def explanation(
    document: Recommendation,
    knowledge: KnowledgeOnDay,
    exposure: SorafenibExposure,
    faults: Sequence[str],
    site: SiteReading,
) -> RenderableType:
    """Lay out one answer for a terminal; chart text is shown as text only."""
    texts = load_card_texts(knowledge.language)
    parts: list[RenderableType | None] = [_headline(document, knowledge, texts)]
    parts += _options(document, knowledge, texts)
    if exposure.primary is not None:
        parts.append(_exposure_strip(exposure.primary, texts))
    parts += [
        _listed("Not offered", "red", _withheld(document, knowledge)),
        _listed("Beside the pathway", "blue", _beside(document, knowledge, texts)),
        _listed("Missing", "yellow", _missing(document, knowledge, texts)),
        _listed("Conflicts", "red", [plain(c.text, _LONG) for c in document.conflicts]),
        _listed("Notices", "magenta", [plain(n.text, _LONG) for n in document.notices]),
        _listed("Would change this", "cyan", _changes(document, knowledge, texts)),
        _inputs(document, texts),
        _listed("Not used", "dim", _ignored(document)),
        _listed("Not valid FHIR R4", "red", [plain(fault, _LONG) for fault in faults]),
        Text(_fingerprint(document, knowledge, site), style="dim"),
        Text(knowledge.about.provenance, style="dim"),
        Text(knowledge.about.intended_use, style="dim"),
    ]
    return Group(*(part for part in parts if part is not None))


def _fingerprint(document: Recommendation, knowledge: KnowledgeOnDay, site: SiteReading) -> str:
    whole = fingerprint(document, knowledge, site)
    return f"Fingerprint of inputs and version: {short_fingerprint(whole)}\nSHA-256 {whole}"


def _headline(
    document: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> RenderableType:
    line = texts.name("line", document.line.value)
    known = f"lead.{stopped_by(document) or situation(document)}"
    said = texts.say(known if known in texts.sentences else "lead.not-applicable")
    body = Text.assemble(
        (document.patient_class.value, "bold"), f" · {line}\n", said, style="default"
    )
    about = f"{knowledge.about.short_title} {document.pathway.version}, {document.as_of}"
    return Panel(body, title=about, title_align="left", border_style="blue")


def _options(
    document: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[RenderableType]:
    panels: list[RenderableType] = []
    for option in document.options:
        body = Text()
        for flag in option.flags:
            body.append(f"! {flag_words(flag, document, texts)}\n", "yellow")
        for reason in option.reasons:
            body.append(f"• {plain(reason, _LONG)}\n")
        body.append(f"dose: {plain(option.dosing, _LONG)}\n", "dim")
        for caution in option.cautions:
            body.append(f"- {plain(caution.text, _LONG)}\n", "dim")
        title = f"Option: {therapy_label(option.therapy, knowledge)}"
        panels.append(Panel(body, title=title, title_align="left", border_style="green"))
    return panels


def _exposure_strip(window: ExposureWindow, texts: CardTexts) -> RenderableType:
    strip = Text()
    for number, day in enumerate(window.days):
        if number and number % _DAYS_IN_A_WEEK == 0:
            strip.append(" ")
        mark, colour = _DAY_MARKS[day.answer]
        strip.append(mark, colour)
    strip.append("\n█ at least 400 mg  ░ less or none  ? not known\n", "dim")
    said = texts.say(
        "phrase.exposure",
        yes=window.yes,
        no=window.no,
        unknown=window.unknown,
        days=len(window.days),
    )
    strip.append(said)
    title = f"Sorafenib by day, {window.first_day} to {window.last_day}"
    return Panel(strip, title=title, title_align="left", border_style="cyan")


def _withheld(document: Recommendation, knowledge: KnowledgeOnDay) -> list[str]:
    return [
        f"{therapy_label(w.therapy, knowledge)}: {plain(w.because, _LONG)} [{w.answer}]"
        for w in document.withheld
    ]


def _beside(document: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> list[str]:
    return [
        f"{therapy_label(b.therapy, knowledge)} ({texts.name('basis', b.basis)}): "
        f"{plain(b.text, _LONG)}"
        for b in document.also_consider
    ]


def _missing(document: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> list[str]:
    said = []
    for wanted in document.missing:
        decides = therapy_labels(wanted.would_decide, knowledge)
        tail = f" (decides {decides})" if decides else ""
        said.append(f"{texts.name('input', wanted.input)}: {plain(wanted.ask, _LONG)}{tail}")
    return said


def _changes(document: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> list[str]:
    return [
        plain(change_sentence(change, document, knowledge, texts), _LONG)
        for change in document.what_would_change
    ]


def _ignored(document: Recommendation) -> list[str]:
    return [f"{plain(i.source)}: {plain(i.because)}".lstrip(": ") for i in document.ignored]


def _listed(title: str, colour: str, lines: Sequence[str]) -> RenderableType | None:
    if not lines:
        return None
    body = Text("\n".join(f"• {line}" for line in lines))
    return Panel(body, title=title, title_align="left", border_style=colour)


def _inputs(document: Recommendation, texts: CardTexts) -> RenderableType:
    table = Table(title="Data used", title_justify="left", expand=True)
    for heading in ("Input", "Value", "As received", "Date", "Source", "Note"):
        table.add_column(heading, overflow="fold")
    for used in document.inputs:
        table.add_row(
            Text(texts.name("input", used.input)),
            Text(plain(input_value(used, texts))),
            Text(plain(used.as_received)),
            Text(str(used.recorded or "")),
            Text(plain(used.source)),
            Text(plain(used.note, _LONG)),
        )
    return table
