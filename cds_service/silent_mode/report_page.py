"""The terminal page of ``hcc-cds silent report``: what a committee reads before go-live."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cds_service.silent_mode.report import Figure, SilentReport, Situation

_MOST_SITUATIONS, _ANSWERED = 15, 200
_REMARKS = (
    "Answers are counted, not kept one by one; nothing here leads back to a patient.",
    "A chart that is opened again after a restart of the service counts as another chart.",
)


def report_page(report: SilentReport) -> RenderableType:
    """Lay the figures out for a terminal."""
    figures = report.answers
    shares = [
        ("charts opened, different", report.charts),
        ("calls", figures.calls),
        ("answered", figures.answered),
        ("with cards", figures.with_cards),
        ("with a drug of the pathway", figures.with_drug_options),
        ("not kept: too many at once", report.dropped),
    ]
    period = ", ".join(report.months) or "nothing kept yet"
    sections = {
        "How many": [Figure(what, times) for what, times in shares],
        "Not answered": figures.not_answered,
        "Patient class": figures.classes,
        "Line being chosen": figures.lines,
        "Cards": figures.cards,
        "Drugs offered": figures.options,
        "With a flag": figures.flags,
        "Beside the pathway": figures.also_consider,
        "Not offered, and the criterion": figures.withheld,
        "Inputs that were not known, and why": figures.unknown_inputs,
        **_of_charts(report),
    }
    return Group(
        Text(f"Silent mode, {period}: what would have been shown", style="bold"),
        *(_figures(title, rows, figures.calls) for title, rows in sections.items() if rows),
        _situations(figures.situations),
        Text("\n".join(_REMARKS), style="dim"),
    )


def _of_charts(report: SilentReport) -> dict[str, Sequence[Figure]]:
    return {
        "Conflicts in the chart": report.answers.conflicts,
        "Notices": report.answers.notices,
        "Charts in which records were not used": _in_words(report.records_not_used),
        "Units not recognised": report.units_not_recognised,
        "Codes of results not recognised": report.codes_not_recognised,
        "Codes of drugs not recognised": report.drug_codes_not_recognised,
        "Codes of what may be a liver cancer, not recognised": report.possible_liver_cancer_codes,
        "Milliseconds, up to": report.milliseconds_up_to,
        "Service": report.services,
        "Pathway version": report.versions,
        "EHR": report.ehrs,
    }


def _figures(title: str, figures: Sequence[Figure], calls: int) -> RenderableType:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE)
    table.add_column("")
    table.add_column("Times", justify="right")
    table.add_column("% of calls", justify="right")
    for figure in figures:
        share = f"{100 * figure.times / calls:.0f}" if calls else "-"
        table.add_row(Text(figure.what), str(figure.times), share)
    return table


def _situations(situations: Sequence[Situation]) -> RenderableType:
    table = Table(
        title=f"Most frequent answers (of {len(situations)} different)",
        title_justify="left",
        title_style="bold",
        box=SIMPLE,
    )
    for name in ("Times", "Class", "Line", "Offered", "Not known"):
        table.add_column(name, justify="right" if name == "Times" else "left")
    for one in situations[:_MOST_SITUATIONS]:
        answer = one.answer
        offered = ", ".join(option.therapy for option in answer.options)
        unknown = ", ".join(each.input for each in answer.unknown)
        name = answer.patient_class or ("-" if answer.status == _ANSWERED else str(answer.status))
        table.add_row(str(one.times), name, answer.line or "-", offered or "-", unknown or "-")
    return table


def _in_words(figures: Sequence[Figure]) -> list[Figure]:
    return [
        Figure(figure.what.removeprefix("ignored-").replace("-", " "), figure.times)
        for figure in figures
    ]
