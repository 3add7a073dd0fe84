"""Units, comparators and plausibility of the four results that decide."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from fhir_mappings.chart.projections import Quantity
from fhir_mappings.values.kept_texts import LONGEST_KEPT
from fhir_mappings.values.quantities import Amount, amount, amount_in_text
from fhir_mappings.values.units import UCUM, Factors
from hcc_pathway.answer import Phrase
from hcc_pathway.knowledge_base.knowledge import load_knowledge

AFP = "alpha-fetoprotein"
KNOWLEDGE = load_knowledge().as_of(date(2026, 11, 22))
FACTORS = Factors.of(KNOWLEDGE)


@pytest.mark.rule("A9", "A10")
@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected", "canonical"),
    [
        # AFP by mass
        (AFP, "399", "ng/mL", "399", "ng/mL"),
        (AFP, "399", "NG/ML", "399", "ng/mL"),
        (AFP, "399", "ng/ml", "399", "ng/mL"),
        (AFP, "400", "ug/L", "400", "ng/mL"),
        (AFP, "400", "µg/L", "400", "ng/mL"),  # micro sign
        (AFP, "400", "μg/L", "400", "ng/mL"),  # Greek mu, sent as well
        (AFP, "400", "mcg/L", "400", "ng/mL"),
        (AFP, "40000", "ng/dL", "400", "ng/mL"),
        (AFP, "400000", "pg/mL", "400", "ng/mL"),
        (AFP, "0.4", "mg/L", "400", "ng/mL"),
        (AFP, "0.4", "ug/mL", "400", "ng/mL"),
        # AFP in international units
        (AFP, "330", "[IU]/mL", "330", "IU/mL"),
        (AFP, "330", "IU/mL", "330", "IU/mL"),
        (AFP, "330", "k[IU]/L", "330", "IU/mL"),
        (AFP, "330", "kIU/L", "330", "IU/mL"),
        (AFP, "330", "KU/L", "330", "IU/mL"),
        (AFP, "330", "U/mL", "330", "IU/mL"),
        (AFP, "330000", "[IU]/L", "330", "IU/mL"),
        (AFP, "330000", "mIU/mL", "330", "IU/mL"),
        # AFP in moles is never decidable
        (AFP, "5.7", "nmol/L", "5700", "pmol/L"),
        (AFP, "5700", "pmol/L", "5700", "pmol/L"),
        # bilirubin
        ("bilirubin", "2.0", "mg/dL", "2.0", "mg/dL"),
        ("bilirubin", "34.2", "umol/L", "2", "mg/dL"),
        ("bilirubin", "51.3", "µmol/L", "3", "mg/dL"),
        ("bilirubin", "20", "mg/L", "2", "mg/dL"),
        # albumin
        ("albumin", "35", "g/L", "3.5", "g/dL"),
        ("albumin", "2.8", "g/dL", "2.8", "g/dL"),
        ("albumin", "3500", "mg/dL", "3.5", "g/dL"),
        # INR has no unit, or one of several names for none
        ("inr", "1.7", "{INR}", "1.7", "1"),
        ("inr", "1.7", "INR", "1.7", "1"),
        ("inr", "1.7", "", "1.7", "1"),
        ("inr", "1.7", "1", "1.7", "1"),
    ],
)
def test_a_known_unit_is_converted(
    analyte: str, value: str, unit: str, expected: str, canonical: str
) -> None:
    found = amount(analyte, Quantity(value=Decimal(value), unit=unit), FACTORS)

    assert isinstance(found, Amount)
    assert (found.low, found.high, found.unit) == (Decimal(expected), Decimal(expected), canonical)
    assert found.as_received == f"{value} {unit}".strip()


@pytest.mark.parametrize(
    ("analyte", "quantity", "because"),
    [
        (AFP, Quantity(value=Decimal(400)), "ignored-no-unit"),
        (AFP, Quantity(value=Decimal(400), unit=" "), "ignored-no-unit"),
        (AFP, Quantity(value=Decimal(400), unit="MoM"), "ignored-unknown-unit"),
        (AFP, Quantity(value=Decimal(400), unit="MIU/mL"), "ignored-unknown-unit"),
        (AFP, Quantity(value=Decimal(400), unit="mg/kg"), "ignored-unknown-unit"),
        ("albumin", Quantity(value=Decimal(500), unit="umol/L"), "ignored-unknown-unit"),
        ("inr", Quantity(value=Decimal(13), unit="s"), "ignored-unknown-unit"),
        (
            AFP,
            Quantity(value=Decimal(400), unit="ng/mL", system=UCUM, code="[IU]/mL"),
            "ignored-units-disagree",
        ),
        (
            "bilirubin",
            Quantity(value=Decimal(30), unit="mg/dL", system=UCUM, code="umol/L"),
            "ignored-units-disagree",
        ),
        (AFP, Quantity(unit="ng/mL"), "ignored-no-value"),
        (
            AFP,
            Quantity(value=Decimal(400), unit="ng/mL", comparator="ad"),
            "ignored-unknown-comparator",
        ),
        # not plausible, so that a slipped unit does not decide
        (AFP, Quantity(value=Decimal(-1), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal("-0.0"), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal("NaN"), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal("Infinity"), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal("1e400"), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal("1e-400"), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal("9" * 5000), unit="ng/mL"), "ignored-implausible"),
        (AFP, Quantity(value=Decimal(10_000_001), unit="ng/mL"), "ignored-implausible"),
        ("albumin", Quantity(value=Decimal(35), unit="g/dL"), "ignored-implausible"),
        ("albumin", Quantity(value=Decimal("3.5"), unit="g/L"), "ignored-implausible"),
        ("bilirubin", Quantity(value=Decimal(0), unit="mg/dL"), "ignored-implausible"),
        ("bilirubin", Quantity(value=Decimal(101), unit="mg/dL"), "ignored-implausible"),
        ("inr", Quantity(value=Decimal("0.4"), unit="1"), "ignored-implausible"),
        ("inr", Quantity(value=Decimal(26), unit="1"), "ignored-implausible"),
    ],
)
def test_what_cannot_be_trusted_says_why(analyte: str, quantity: Quantity, because: str) -> None:
    found = amount(analyte, quantity, FACTORS)

    assert isinstance(found, Phrase)
    assert found.id == because


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        (None, (400, 400, True, True)),
        ("<", (0, 400, True, False)),
        ("<=", (0, 400, True, True)),
        (">", (400, None, False, True)),
        (">=", (400, None, True, True)),
    ],
)
def test_a_comparator_makes_an_interval(
    comparator: str | None, expected: tuple[object, object, bool, bool]
) -> None:
    found = amount(AFP, Quantity(value=Decimal(400), unit="ng/mL", comparator=comparator), FACTORS)

    assert isinstance(found, Amount)
    assert (found.low, found.high, found.low_included, found.high_included) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "received"),
    [
        ("399 ng/mL", 399, 399, "399 ng/mL"),
        ("> 20,000 ng/mL", 20_000, None, "> 20,000 ng/mL"),
        (">20000ng/mL", 20_000, None, ">20000ng/mL"),
        ("≥ 400 ug/L", 400, None, "≥ 400 ug/L"),
        ("<1.5 ng/mL", 0, Decimal("1.5"), "<1.5 ng/mL"),
        ("1,200,000 pg/mL", 1_200, 1_200, "1,200,000 pg/mL"),
    ],
)
def test_a_result_in_text_is_read_by_a_small_grammar(
    text: str, low: object, high: object, received: str
) -> None:
    found = amount_in_text(AFP, text, FACTORS)

    assert isinstance(found, Amount)
    assert (found.low, found.high, found.as_received) == (low, high, received)
    assert "note-read-from-text" in {note.id for note in found.notes}


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("399", "ignored-no-unit"),
        ("1,234 ng/mL", "ignored-ambiguous-number"),  # 1.234 in Europe
        ("3,5 ng/mL", "ignored-text-not-readable"),
        ("positive", "ignored-text-not-readable"),
        ("see comment 400 ng/mL", "ignored-text-not-readable"),
        ("300-400 ng/mL", "ignored-unknown-unit"),
        ("400 ng/mL (previous 12)", "ignored-unknown-unit"),
        ("", "ignored-text-not-readable"),
        ("9" * 100_000, "ignored-text-not-readable"),
    ],
)
def test_a_text_that_may_mean_two_things_is_not_used(text: str, because: str) -> None:
    found = amount_in_text(AFP, text, FACTORS)

    assert isinstance(found, Phrase)
    assert found.id == because


@pytest.mark.rule("A10")
def test_a_site_factor_turns_units_into_mass_and_says_so() -> None:
    found = amount(
        AFP, Quantity(value=Decimal(400), unit="[IU]/mL"), Factors.of(KNOWLEDGE, Decimal("1.21"))
    )

    assert isinstance(found, Amount)
    assert (found.low, found.unit) == (Decimal(484), "ng/mL")
    assert [note.id for note in found.notes] == ["note-converted-with-site-factor"]


def test_enzyme_units_of_afp_are_read_as_international_units_and_marked() -> None:
    found = amount(AFP, Quantity(value=Decimal(330), unit="U/mL"), FACTORS)

    assert isinstance(found, Amount)
    assert [note.id for note in found.notes] == ["note-units-read-as-international-units"]


def test_the_bilirubin_factor_is_that_of_the_knowledge() -> None:
    parameters = dict(KNOWLEDGE.parameters) | {"bilirubin-umol-per-l-per-mg-per-dl": Decimal(20)}
    changed = Factors.of(msgspec.structs.replace(KNOWLEDGE, parameters=parameters))
    found = amount("bilirubin", Quantity(value=Decimal(40), unit="umol/L"), changed)
    assert isinstance(found, Amount)
    assert found.low == Decimal(2)
    assert found.notes == (Phrase.of("note-bilirubin-converted", factor=20),)


@pytest.mark.parametrize(("digits", "used"), [(40, True), (41, False)])
def test_a_value_of_more_than_forty_digits_is_implausible(digits: int, *, used: bool) -> None:
    value = Decimal("8." + "1" * (digits - 1))
    found = amount(AFP, Quantity(value=value, unit="ng/mL"), FACTORS)
    assert isinstance(found, Amount) if used else found == Phrase.of("ignored-implausible")


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("side", ["code", "unit", "padded"])
def test_a_unit_or_its_code_beyond_the_longest_kept_is_an_unknown_unit(
    side: str, more: int
) -> None:
    long = "x" * (LONGEST_KEPT + more)
    quantity = {
        "code": Quantity(value=Decimal(812), code=long, unit="ng/mL"),
        "unit": Quantity(value=Decimal(812), system=UCUM, code="ng/mL", unit=long),
        "padded": Quantity(value=Decimal(812), unit="ng/mL".ljust(LONGEST_KEPT + more)),
    }[side]
    found = amount(AFP, quantity, FACTORS)
    said = "x" * 20 if side == "unit" else "ng/mL"
    if more:
        assert found == Phrase.of("ignored-unknown-unit", unit=said)
    else:
        assert isinstance(found, Amount)


def test_a_code_beyond_the_longest_kept_is_named_where_there_is_no_unit() -> None:
    quantity = Quantity(value=Decimal(812), system=UCUM, code="x" * (LONGEST_KEPT + 1))
    assert amount(AFP, quantity, FACTORS) == Phrase.of("ignored-unknown-unit", unit="x" * 20)
