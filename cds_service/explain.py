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
from hcc_pathway.findings.treatment_finding import treatment_finding

DONE, FINDING = 0, 1


def explain(chart: bytes, as_of: date | None, *, as_json: bool, validate: bool) -> int:
    """Print what the pathway says to a chart, and return the exit code.

    Raises:
        HccCdsError: the chart or a setting cannot be used.

    """
    object_members(chart)
    # nothing is served here, so the settings of a production service need not be complete
    composition = compose(read_settings({**os.environ, "HCC_CDS_MODE": Mode.DEMO.value}))
    on = as_of or composition.today()
    document, case, knowledge = recommend(chart, composition.site, on)
    faults = list(invalid_resources(chart)) if validate else []
    if as_json:
        sys.stdout.write(encode_document(document).decode() + "\n")
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
    else:
        treated = treatment_finding(case, knowledge, on)
        page = explanation(document, knowledge, treated.exposure, faults)
        Console().print(page)
    return FINDING if faults else DONE
