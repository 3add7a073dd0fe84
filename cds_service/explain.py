"""hcc-cds explain: one chart, explained on a terminal page or as the document."""

import os
import sys
from datetime import date

from rich.console import Console

from cds_service.chart_answer import encode_document, recommend
from cds_service.composition import compose
from cds_service.explain_page import explanation
from cds_service.settings import Mode, read_settings
from cds_service.strict_json import object_members
from fhir_mappings.r4b_check import invalid_resources
from hcc_pathway.clinician_answers.answered_case import with_answers
from hcc_pathway.clinician_answers.answers import answers_from_json
from hcc_pathway.explanation.wording import speaking
from hcc_pathway.findings.treatment_finding import treatment_finding
from hcc_pathway.selection import select

DONE, FINDING = 0, 1


def explain(
    chart: bytes, as_of: date | None, answers: bytes = b"", *, as_json: bool, validate: bool
) -> int:
    """Print what the pathway says to a chart, and return the exit code.

    ``answers`` is what a clinician answered on the page, as JSON; empty where nothing was.

    Raises:
        HccCdsError: the chart, an answer or a setting cannot be used.

    """
    object_members(chart)
    # nothing is served here, so the settings of a production service need not be complete
    composition = compose(read_settings({**os.environ, "HCC_CDS_MODE": Mode.DEMO.value}))
    on = as_of or composition.today()
    site = composition.site
    document, case, knowledge = recommend(chart, site, on)
    with speaking(knowledge.language):
        answered = with_answers(case, answers_from_json(answers), on=on, zone=site.zone)
    if answered is not case:
        case, document = answered, select(answered, knowledge, on=on, site=site.policy)
    faults = list(invalid_resources(chart)) if validate else []
    if as_json:
        sys.stdout.write(encode_document(document).decode() + "\n")
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
    else:
        treated = treatment_finding(case, knowledge, on)
        page = explanation(document, knowledge, treated.exposure, faults, site.reading)
        Console().print(page)
    return FINDING if faults else DONE
