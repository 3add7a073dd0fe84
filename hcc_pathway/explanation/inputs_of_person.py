"""Age and sex, shown for context, and why the pathway does not speak to a person."""

from datetime import date

from hcc_pathway.drug_record import DayBound
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.findings.assessment import Assessment, years_between
from hcc_pathway.findings.findings import PersonState
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import InputUsed


def inputs_of_person(known: Assessment, knowledge: KnowledgeOnDay) -> list[InputUsed]:
    """Age and sex, for context; and why the pathway does not speak to this person (A29, A36)."""
    case = known.case
    said = ""
    if known.findings.person is PersonState.UNDER_AGE:
        said = say_id("note-under-age", age=knowledge.parameter("adult-age-years"))
    if known.findings.person is PersonState.DECEASED:
        said = say_id("note-deceased")
    rows: list[tuple[str, int | str | None, str, str]] = []
    if case.birth is not None or said:
        age, born = _age(case.birth, known.on)
        rows.append(("age", age, born, said))
    if case.sex is not None:
        rows.append(("sex", case.sex, case.sex, ""))
    return [
        InputUsed(
            input=name,
            value=value,
            unit="a" if name == "age" else "",
            as_received=as_received,
            recorded=None,
            source=case.patient_source,
            note=note,
        )
        for name, value, as_received, note in rows
    ]


def _age(birth: DayBound | None, on: date) -> tuple[int | str | None, str]:
    """Give the age in completed years, as a range where the birth date is imprecise."""
    if birth is None:
        return None, ""
    youngest, oldest = years_between(birth.latest, on), years_between(birth.earliest, on)
    age = oldest if youngest == oldest else f"{youngest}-{oldest}"
    precise = birth.earliest == birth.latest
    return age, birth.earliest.isoformat() if precise else str(birth.earliest.year)
