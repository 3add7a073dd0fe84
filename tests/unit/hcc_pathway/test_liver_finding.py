"""How a liver finding names what it rests on: the deciding class, the records of a sign."""

import msgspec
import pytest

from hcc_pathway.case import StoredChildPugh
from hcc_pathway.findings.liver_finding import LiverFinding, liver_finding

from .cases_for_tests import TODAY, absent, days_ago, knowledge, reading, tolerant


def _found(**more: object) -> LiverFinding:
    return liver_finding(tolerant(**more), knowledge(), TODAY)


def _stored_a() -> StoredChildPugh:
    day = reading("1", "1")
    return StoredChildPugh(
        score=None,
        child_pugh_class="A",
        earliest=day.earliest,
        latest=day.latest,
        recorded_on=day.recorded_on,
        as_received="A",
        source="Observation/child-pugh",
    )


@pytest.mark.rule("A17")
@pytest.mark.parametrize(
    ("bilirubin", "computed", "decides"), [("1.9", "B 7", "B"), ("2.5", "B-C 8-12", "B-C")]
)
def test_a_conflict_names_the_class_that_decides_or_both_where_it_stays_open(
    bilirubin: str, computed: str, decides: str
) -> None:
    known = (absent("ascites"),), (absent("encephalopathy"),)
    ascites, encephalopathy = known if decides == "B" else ((), ())
    found = _found(
        bilirubin=(reading(bilirubin, "mg/dL", source="bilirubin"),),
        albumin=(reading("3.0", "g/dL", source="albumin"),),
        inr=(reading("2.0", "1", source="inr"),),
        ascites=ascites,
        encephalopathy=encephalopathy,
        stored_child_pugh=(_stored_a(),),
    )
    ((name, phrase),) = found.conflicts
    values = dict(phrase.values)
    assert name == "child-pugh-stored-and-computed-differ"
    assert (values["computed"], values["decides"]) == (computed, decides)


@pytest.mark.rule("A34")
def test_only_the_latest_of_several_refuted_records_is_named_as_source() -> None:
    older = msgspec.structs.replace(
        absent("ascites"), recorded_on=days_ago(20), source="Condition/older"
    )
    found = _found(ascites=(older, absent("ascites")))
    (ascites,) = [part for part in found.child_pugh.components if part.input == "ascites"]
    assert ascites.sources == ("Condition/ascites",)
