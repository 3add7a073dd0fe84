"""Whether the knowledge files fit together: ids, references, dates and reviews.

Codes are checked in knowledge_code_checks, shown figures in knowledge_figure_checks.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hcc_pathway.knowledge_base.code_checks import code_errors
from hcc_pathway.knowledge_base.figure_checks import figure_errors
from hcc_pathway.knowledge_base.files import FOLDERS
from hcc_pathway.knowledge_base.walk import all_files, mappings, references, review_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hcc_pathway.errors import KnowledgeError
    from hcc_pathway.knowledge_base.files import KnowledgeFile, KnowledgeFiles
    from hcc_pathway.knowledge_base.strict_yaml import Place, YamlDocument

LONGEST_REVIEW = timedelta(days=731)  # two years, with a leap day


def cross_check(files: KnowledgeFiles) -> list[KnowledgeError]:
    """Give every reason why these files must not be used together."""
    return [
        *_id_errors(files),
        *_reference_errors(files),
        *_uncited(files),
        *_unsupported(files),
        *_date_errors(files),
        *_review_errors(files),
        *_statement_errors(files),
        *code_errors(files),
        *figure_errors(files),
    ]


def _id_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    for kind in FOLDERS:
        for file in getattr(files, kind):
            if file.content.id != file.document.path.stem:
                yield file.document.error(
                    ("id",), f"the file is called {file.document.path.name}; make both the same"
                )
    yield from _repeated_ids(files)
    for file in files.drugs:
        for n, name in enumerate(file.content.names):
            if name != name.lower():
                yield file.document.error(
                    ("names", n), f"{name!r}: names are matched in lower case"
                )


def _repeated_ids(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    for group in _ids_by_group(files):
        seen: dict[str, str] = {}
        for name, document, place in group:
            if name in seen:
                yield document.error(place, f"{name!r} stands in {seen[name]} already")
            seen[name] = document.path.name


def _ids_by_group(files: KnowledgeFiles) -> list[list[tuple[str, YamlDocument, Place]]]:
    """Give the ids that must differ, group by group, with their places."""
    parameters = [
        (parameter.id, table.document, ("parameters", n, "id"))
        for table in files.parameters
        for n, parameter in enumerate(table.content.parameters)
    ]
    names = [
        (name, drug.document, ("names", n))
        for drug in files.drugs
        for n, name in enumerate(drug.content.names)
    ]
    therapies = [(drug.content.id, drug.document, ("id",)) for drug in files.drugs]
    therapies += [(regimen.content.id, regimen.document, ("id",)) for regimen in files.regimens]
    criteria = [
        (criterion.id, listed.document, ("criteria", n, "id"))
        for listed in files.criteria
        for n, criterion in enumerate(listed.content.criteria)
    ]
    caveats = [
        (caveat.id, listed.document, ("caveats", n, "id"))
        for listed in files.caveats
        for n, caveat in enumerate(listed.content.caveats)
    ]
    return [list(parameters), list(names), list(therapies), list(criteria), list(caveats)]


def _reference_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    evidence = {file.content.id for file in files.evidence}
    drugs = {file.content.id for file in files.drugs}
    therapies = drugs | {file.content.id for file in files.regimens}
    known = {
        "evidence": (evidence, "evidence/"),
        "further_reading": (evidence, "evidence/"),
        "value_set": ({file.content.id for file in files.value_sets}, "value_sets/"),
        "criteria": ({c.id for f in files.criteria for c in f.content.criteria}, "criteria.yaml"),
        "drugs": (drugs, "drugs/"),
        "therapy": (therapies, "drugs/ or regimens/"),
        "therapies": (therapies, "drugs/ or regimens/"),
    }
    for _, file in all_files(files):
        for key, place, name in references(file.document.content, known.keys()):
            ids, where = known[key]
            if name not in ids:
                yield file.document.error(
                    place, f"{name!r} is not in {where}; add it there or correct the id"
                )


def _uncited(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    cited = {
        name
        for _, file in all_files(files)
        for _, _, name in references(file.document.content, {"evidence", "further_reading"})
    }
    for file in files.evidence:
        if file.content.id not in cited:
            yield file.document.error(
                ("id",), f"{file.content.id!r} is cited by nothing; cite it or remove the file"
            )


def _unsupported(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    """Every statement names what it stands on: an empty list of evidence is none."""
    for _, file in all_files(files):
        for place, mapping in mappings(file.document.content):
            if mapping.get("evidence") == []:
                yield file.document.error(
                    (*place, "evidence"), "nothing supports this; name at least one evidence id"
                )


def _date_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    for table in files.parameters:
        for n, parameter in enumerate(table.content.parameters):
            days = [value.effective_from for value in parameter.values]
            if not days:
                yield table.document.error(("parameters", n, "values"), "holds no value; add one")
            for v in range(1, len(days)):
                if days[v] <= days[v - 1]:
                    yield table.document.error(
                        ("parameters", n, "values", v, "effective_from"),
                        f"{days[v]} is not after {days[v - 1]}; put the values in order of date",
                    )
    for _, file in all_files(files):
        for place, mapping in mappings(file.document.content):
            first, last = mapping.get("effective_from"), mapping.get("effective_to")
            if isinstance(first, date) and isinstance(last, date) and last < first:
                yield file.document.error(
                    (*place, "effective_to"), f"{last} is before {first}; correct one of them"
                )


def _review_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    for _, file in all_files(files):
        yield from _errors_of_one_review(file)


def _errors_of_one_review(file: KnowledgeFile[object]) -> Iterator[KnowledgeError]:
    review = review_of(file)
    people = [(("review", "checked_by"), review.authored_by, review.checked_by)] + [
        (("review", "changes", n, "checked_by"), change.authored_by, change.checked_by)
        for n, change in enumerate(review.changes)
    ]
    for place, author, checker in people:
        if author == checker:
            yield file.document.error(place, "must be somebody else than authored_by")
    if review.next_review <= review.reviewed_on:
        yield file.document.error(
            ("review", "next_review"), f"must be later than reviewed_on ({review.reviewed_on})"
        )
    elif review.next_review - review.reviewed_on > LONGEST_REVIEW:
        yield file.document.error(
            ("review", "next_review"), "is more than two years after reviewed_on; bring it forward"
        )


def _statement_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    """Refuse silence: what is shown says something, what is not shown says why."""
    for item in files.evidence:
        if bool(item.content.card_text) == bool(item.content.not_shown):
            yield item.document.error(
                ("card_text",), "give either card_text or, with the reason, not_shown"
            )
    for caveats in files.caveats:
        for n, caveat in enumerate(caveats.content.caveats):
            if caveat.shown == bool(caveat.background_because):
                yield caveats.document.error(
                    ("caveats", n, "shown"), "a caveat is shown, or says in background_because why"
                )
    for notice in files.notices:
        if notice.content.decides_orders != (notice.content.kind == "withdrawal"):
            yield notice.document.error(
                ("decides_orders",), "a withdrawal decides orders (true), nothing else does"
            )
