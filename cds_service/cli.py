"""hcc-cds: serve, explain a chart, check the knowledge files.

Exit codes: 0 done, 1 a finding, 2 bad input (one line on stderr, no trace).
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from cds_service.settings import DEFAULT_DATABASE_URL, Settings, read_settings
from hcc_pathway.errors import HccCdsError

DONE, FINDING, BAD_INPUT = 0, 1, 2


class CommandError(HccCdsError):
    """A command that cannot be carried out as given."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except HccCdsError as error:
        sys.stderr.write(f"hcc-cds: {error}\n")
        return BAD_INPUT


def _run(options: argparse.Namespace) -> int:
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "serve": lambda _: _serve(),
        "migrate": lambda _: _migrate(),
        "feedback": _report,
        "silent": _report,
        "explain": _explain,
        "doctor": _doctor,
        "check-knowledge": lambda options: _check_knowledge(options.folder),
    }
    return commands[options.command](options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hcc-cds",
        description="Decision support for hepatocellular carcinoma after sorafenib.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the CDS Hooks service (settings: HCC_CDS_...)")
    commands.add_parser("migrate", help="create or upgrade the tables of the database")
    explain = commands.add_parser("explain", help="explain what the pathway says to one chart")
    explain.add_argument("bundle", type=Path, help="a FHIR Bundle of one patient, as JSON")
    explain.add_argument("--as-of", metavar="DATE", help="the day of the answer (default: today)")
    explain.add_argument("--json", action="store_true", help="print the document, nothing else")
    explain.add_argument(
        "--validate", action="store_true", help="also check each resource against FHIR R4"
    )
    explain.add_argument(
        "--answers", type=Path, metavar="F", help="what a clinician answered on the page, as JSON"
    )
    doctor = commands.add_parser("doctor", help="say whether the pathway can work with a server")
    doctor.add_argument("fhir_base", metavar="FHIR_BASE_URL")
    doctor.add_argument("--patient", metavar="ID", help="also run every search for one patient")
    doctor.add_argument("--token-file", type=Path, metavar="F", help="holds a bearer token")
    knowledge = commands.add_parser("check-knowledge", help="check the knowledge files")
    knowledge.add_argument(
        "folder", type=Path, nargs="?", help="a folder of knowledge files (default: our own)"
    )
    _add_report(commands, "feedback", "what became of the cards: shown, accepted, overridden")
    _add_report(commands, "silent", "what a silent service would have shown, without identity")
    return parser


def _add_report(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str
) -> None:
    parts = commands.add_parser(name, help=says).add_subparsers(dest="part", required=True)
    report = parts.add_parser("report", help=says)
    report.add_argument("--since", metavar="DATE", help="count from this day on")
    report.add_argument("--json", action="store_true", help="print the figures as JSON")


def _serve() -> int:
    settings = read_settings(os.environ)
    refuse_unsafe(settings)
    metrics_directory = tempfile.mkdtemp(prefix="hcc-cds-metrics-")
    # the metrics library looks at this once, when it is first imported
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", metrics_directory)
    from cds_service.app import build_app  # noqa: PLC0415 (after the variable is set)
    from cds_service.composition import compose  # noqa: PLC0415 (with it)
    from cds_service.request_log import start_logging  # noqa: PLC0415 (with it)
    from cds_service.serving import serve  # noqa: PLC0415 (with it)
    from cds_service.storage.revisions import make_sure_of_tables  # noqa: PLC0415 (with it)
    from cds_service.warm_up import warm_up  # noqa: PLC0415 (with it)

    start_logging(settings.log_level)
    try:
        composition = compose(settings)
        app = build_app(composition)
        make_sure_of_tables(settings.database_url, may_migrate=settings.is_demo)
        warm_up(app)
        if composition.clients is not None:
            composition.clients.prepare()
        serve(app, settings)
    finally:
        shutil.rmtree(metrics_directory, ignore_errors=True)
    return DONE


def _migrate() -> int:
    from cds_service.storage.migrating import migrate  # noqa: PLC0415 (not needed to serve)

    migrate(_database_url())
    return DONE


def refuse_unsafe(settings: Settings) -> None:
    """Stop before a demonstration is reachable from elsewhere without having been told to.

    What production needs is checked where it is put together.

    Raises:
        CommandError: names the setting and what to do.

    """
    if settings.is_demo and not settings.bind.is_loopback and not settings.bind_was_given:
        message = "HCC_CDS_BIND: a demonstration is bound beyond loopback only when told to"
        raise CommandError(message)


def _explain(options: argparse.Namespace) -> int:
    from cds_service.explain import explain  # noqa: PLC0415 (rich is not needed to serve)

    chart = _content(options.bundle)
    answers = b"" if options.answers is None else _content(options.answers)
    as_of = _day("--as-of", options.as_of)
    return explain(chart, as_of, answers, as_json=options.json, validate=options.validate)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: {error.strerror or 'cannot be read'}"
        raise CommandError(message) from None


def _day(option: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        message = f"{option}: {text!r} is not a date (YYYY-MM-DD)"
        raise CommandError(message) from None


def _report(options: argparse.Namespace) -> int:
    if options.command == "silent":
        from cds_service.silent_mode.command import report  # noqa: PLC0415 (not needed to serve)
    else:
        from cds_service.feedback.command import report  # noqa: PLC0415 (not needed to serve)
    return report(_database_url(), _day("--since", options.since), as_json=options.json)


def _database_url() -> str:
    return os.environ.get("HCC_CDS_DATABASE_URL", DEFAULT_DATABASE_URL)


def _doctor(options: argparse.Namespace) -> int:
    from cds_service.doctor.command import doctor  # noqa: PLC0415 (rich is not needed to serve)

    return doctor(options.fhir_base, options.patient, options.token_file)


def _check_knowledge(folder: Path | None) -> int:
    from cds_service.knowledge_check import check_knowledge  # noqa: PLC0415 (not needed to serve)

    return check_knowledge(folder)


if __name__ == "__main__":
    sys.exit(main())
