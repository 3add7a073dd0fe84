# ruff: noqa: E501 - a table reads by rows
"""The ways in which a knowledge file can be wrong: one edit each, and what the refusal says."""

from __future__ import annotations

from typing import NamedTuple


class Broken(NamedTuple):
    """One edit of one file, and what the refusal has to say."""

    name: str
    file: str
    old: str
    new: str
    key: str
    says: str


DRUG = "drugs/regorafenib.yaml"
TRIAL = "evidence/resorce.yaml"
AFP = "value_sets/alpha-fetoprotein.yaml"
HCC = "value_sets/hepatocellular-carcinoma.yaml"
DOSE = "parameters/sorafenib-exposure.yaml"
WITHDRAWAL = "notices/nivolumab-us-hcc-withdrawal.yaml"

BROKEN = (
    Broken("unknown key", DRUG, "label: Reg", "lable: Reg", "lable", "unknown key"),
    Broken(
        "unknown key deep inside", AFP, "    display: ", "    dispaly: ", "codes[0].dispaly", "unkno"
    ),
    Broken("missing key", TRIAL, "kind: randomised trial\n", "", "kind", "this key is needed"),
    Broken("duplicate key", DRUG, "label: Reg", "id: regorafenib\nlabel: Reg", "id", "duplicate"),
    Broken("yes for true", DRUG, "pathway_drug: true", "pathway_drug: yes", "pathway_drug", "true"),
    Broken("a key that YAML reads as a boolean", DRUG, "label: Reg", "on: x\nlabel: Reg", "on", "key"),
    Broken("octal number", DOSE, "value: 400", "value: 0400", "values[0].value", "not a plain"),
    Broken("sexagesimal number", DOSE, "value: 20\n", "value: 20:30\n", "value", "not a plain"),
    Broken("no number", DOSE, "value: 20\n", "value: twenty\n", "value", "decimal"),
    Broken("a day that does not exist", WITHDRAWAL, "2021-07-23\nch", "2021-02-30\nch", "effective_from", "not a day"),
    Broken("anchor and alias", DRUG, "label: Regorafenib", "label: &a x\nid2: *a", "id2", "anchors"),
    Broken("a tag", DRUG, "label: Reg", "label: !!python/name:os.system Reg", "label", "plain value"),
    Broken("not YAML", DRUG, "label: Reg", "label: [Reg", "the file", "not readable as YAML"),
    Broken("a list instead of a mapping", DOSE, "id: sorafenib-exposure", "- a\n#", "the file", "not readable"),
    Broken("a code without quotes", HCC, '"C22.0"', "C22.0", "codes[2].code", "quoted"),
    Broken("wrong type", DRUG, "label: Regorafenib", "label: 7", "label", "Expected `str`"),
    Broken("a drug class nobody knows", DRUG, "class: tyrosine-kinase inhibitor", "class: x", "class", "Invalid"),
    Broken("unknown circumstance", DRUG, "when: always", "when: alwayz", "cautions[0].when", "Invalid"),
    Broken("no rule of the reference", DRUG, "rules: [S17, A15]", "rules: [S29]", "rules[0]", "regex"),
    Broken("unknown evidence", DRUG, "evidence: [resorce, regorafenib-label]\nind", "evidence: [resourc]\nind", "dosing.evidence[0]", "'resourc' is not in evidence/"),
    Broken("unknown value set", DRUG, "value_set: drug-regorafenib", "value_set: drug-rego", "value_set", "not in value_sets/"),
    Broken("unknown criterion", DRUG, "tolerated-sorafenib", "tolerated-it", "indications[0].criteria[2]", "not in criteria.yaml"),
    Broken("unknown drug of a regimen", "regimens/nivolumab-ipilimumab.yaml", "drugs: [nivolumab,", "drugs: [nivo,", "drugs[0]", "'nivo' is not in drugs/"),
    Broken("unknown therapy of a notice", WITHDRAWAL, "therapy: nivolumab", "therapy: nivo", "therapy", "not in drugs/ or regimens/"),
    Broken("evidence that nothing cites", "pathway.yaml", "  - leap-002\n", "", "id", "cited by nothing"),
    Broken("value without evidence", DOSE, "evidence: [kim-2020, resorce]", "evidence: []", "values[0].evidence", "nothing supports"),
    Broken("LOINC check digit", AFP, '"1834-1"', '"1834-2"', "codes[0].code", "mod-10"),
    Broken("the editorial LOINC trap", AFP, '"53961-9"', '"53961-8"', "codes[6].code", "mod-10"),
    Broken("SNOMED check digit", HCC, '"109841003"', '"109841004"', "codes[0].code", "Verhoeff"),
    Broken("unknown code system", HCC, "- system: http://snomed.info/sct", "- system: http://snomed.org", "codes[0].system", "code_systems.yaml"),
    Broken("code twice", AFP, '"83073-7"', '"1834-1"', "codes[1].code", "stands on line"),
    Broken("unverified code", AFP, "verified: true", "verified: false", "codes[0].verified", "Invalid"),
    Broken("dates that do not ascend", DOSE, "        value: 400\n", "        value: 400\n        evidence: [kim-2020]\n      - effective_from: 2020-06-02\n        value: 401\n", "values[1].effective_from", "is not after"),
    Broken("an end before the beginning", "drugs/nivolumab.yaml", "effective_to: 2021-07-22", "effective_to: 2016-01-01", "effective_to", "is before"),
    Broken("author checks own work", TRIAL, "second project reader (not a clinician)", "project knowledge authors", "review.checked_by", "somebody else"),
    Broken("review later than two years", TRIAL, "next_review: 2028-11-21", "next_review: 2028-11-25", "review.next_review", "two years"),
    Broken("next review before the review", TRIAL, "next_review: 2028-11-21", "next_review: 2026-11-22", "review.next_review", "later"),
    Broken("incomplete review", TRIAL, "  reviewed_on: 2026-11-22\n", "", "review.reviewed_on", "needed"),
    Broken("file name is not the id", TRIAL, "id: resorce", "id: resorce-2", "id", "resorce.yaml"),
    Broken("a name that two drugs share", DRUG, "stivarga", "nexavar", "names[1]", "already"),
    Broken("a name in capitals", DRUG, "stivarga", "Stivarga", "names[1]", "lower case"),
    Broken("two parameters of one id", DOSE, "sorafenib-minimum-days", "fresh-days", "parameters[1].id", "already"),
    Broken("neither shown nor said why not", "evidence/leap-002.yaml", "not_shown: Results not verified.\n", "", "card_text", "not_shown"),
    Broken("caveat without a reason", "caveats.yaml", "shown: false", "shown: true", "caveats[12].shown", "background_because"),
    Broken("approval that decides orders", WITHDRAWAL, "kind: withdrawal", "kind: approval", "decides_orders", "withdrawal"),
    Broken("a background figure in a shown text", TRIAL, "(phase 3, n=573", "(hypertension 15%, n=573", "card_text", "15 stands in no verified figure"),
    Broken("a dose that the label does not hold", DRUG, "160 mg by", "180 mg by", "dosing.text", "180 stands in no"),
)  # fmt: skip
