"""Every unit of the closed table at a factor, the units it must not take, and where values end."""

from datetime import date
from decimal import Decimal

import pytest

from fhir_mappings.chart.projections import Quantity
from fhir_mappings.values.quantities import Amount, amount, amount_in_text
from fhir_mappings.values.units import UCUM, Factors, scale_of
from hcc_pathway.answer import Phrase
from hcc_pathway.knowledge_base.knowledge import load_knowledge

AFP = "alpha-fetoprotein"
KNOWLEDGE = load_knowledge().as_of(date(2026, 11, 22))
FACTORS = Factors.of(KNOWLEDGE)
READ_AS_IU = (Phrase("note-units-read-as-international-units"),)
FROM_SI = (Phrase("note-bilirubin-converted", (("factor", "17.1"),)),)


def _quantity(value: str, unit: str | None = None, **more: str) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, **more)


@pytest.mark.rule("A9", "A10")
@pytest.mark.parametrize(
    ("analyte", "texts", "canonical", "hundred_is"),
    [
        (AFP, "ng/mL ug/L mcg/L", "ng/mL", "100"),
        (AFP, "ng/dL", "ng/mL", "1"),
        (AFP, "ng/L pg/mL", "ng/mL", "0.1"),
        (AFP, "ug/dL mcg/dL", "ng/mL", "1000"),
        (AFP, "ug/mL mcg/mL mg/L", "ng/mL", "100000"),
        (AFP, "[IU]/mL IU/mL k[IU]/L kIU/L", "IU/mL", "100"),
        (AFP, "[IU]/L IU/L m[IU]/mL mIU/mL", "IU/mL", "0.1"),
        (AFP, "pmol/L", "pmol/L", "100"),
        (AFP, "nmol/L", "pmol/L", "100000"),
        ("bilirubin", "mg/dL", "mg/dL", "100"),
        ("bilirubin", "mg/L", "mg/dL", "10"),
        ("albumin", "g/L mg/mL", "g/dL", "10"),
        ("inr", "1 {INR} INR ratio {ratio}", "1", None),
    ],
)
def test_each_unit_of_the_table_has_its_factor_and_no_remark(
    analyte: str, texts: str, canonical: str, hundred_is: str | None
) -> None:
    sent, expected = ("100", hundred_is) if hundred_is else ("2", "2")
    for text in texts.split():
        for written in (text, text.lower(), text.upper()):
            found = amount(analyte, _quantity(sent, written), FACTORS)

            assert isinstance(found, Amount), written
            assert (found.low, found.unit) == (Decimal(expected), canonical), written
            assert found.notes == ()


@pytest.mark.parametrize(
    ("analyte", "sent", "low", "unit", "notes"),
    [
        ("albumin", "4 g/dL", "4", "g/dL", ()),
        ("albumin", "4000 mg/dL", "4", "g/dL", ()),
        ("bilirubin", "34.2 umol/L", "2", "mg/dL", FROM_SI),
        ("bilirubin", "34.2 mcmol/L", "2", "mg/dL", FROM_SI),
        (AFP, "330 U/mL", "330", "IU/mL", READ_AS_IU),
        (AFP, "330 kU/L", "330", "IU/mL", READ_AS_IU),
        (AFP, "330 U/L", "0.33", "IU/mL", READ_AS_IU),
        (AFP, "330 mU/mL", "0.33", "IU/mL", READ_AS_IU),
    ],
)
def test_a_unit_that_needs_a_remark_has_it(
    analyte: str, sent: str, low: str, unit: str, notes: tuple[Phrase, ...]
) -> None:
    value, _, text = sent.partition(" ")
    found = amount(analyte, _quantity(value, text), FACTORS)

    assert isinstance(found, Amount)
    assert (found.low, found.unit, found.notes) == (Decimal(low), unit, notes)


@pytest.mark.parametrize(
    ("analyte", "text", "known"),
    [
        (AFP, " ng / mL ", True),
        (AFP, "ng\tmL", False),
        (AFP, "MIU/ML", True),  # all in capitals: milli
        (AFP, "MIU/mL", False),  # mega: not guessed
        (AFP, "MU/mL", False),
        ("bilirubin", "MG/DL", True),
        ("bilirubin", "Mg/dL", False),
        ("bilirubin", "MCMOL/L", True),
        ("bilirubin", "\u00b5mol/L", True),  # micro sign
        ("bilirubin", "\u03bcmol/L", True),  # Greek mu
        ("albumin", "g", False),
        ("inr", "", True),
        ("bilirubin", "", False),
    ],
)
def test_blanks_capitals_and_micro_signs_are_read_and_mega_is_not(
    analyte: str, text: str, *, known: bool
) -> None:
    assert (scale_of(analyte, text, FACTORS) is not None) is known


def test_no_unit_at_all_has_no_scale() -> None:
    assert scale_of("inr", None, FACTORS) is None


@pytest.mark.parametrize(
    ("quantity", "low"),
    [
        # code and text say the same in two ways
        (_quantity("400", "ug/L", system=UCUM, code="ng/mL"), "400"),
        # a code of another system decides where it is known, else the text
        (_quantity("400", "per cent", system="urn:local", code="ng/mL"), "400"),
        (_quantity("400", "ng/mL", system="urn:local", code="17"), "400"),
        (_quantity("400", "per cent", code="ng/mL"), "400"),
        (_quantity("400", code="ng/mL"), "400"),
        (_quantity("400", "per cent", system=UCUM, code="ng/mL"), "400"),
    ],
)
def test_code_and_text_of_a_unit_that_agree_are_used(quantity: Quantity, low: str) -> None:
    found = amount(AFP, quantity, FACTORS)

    assert isinstance(found, Amount)
    assert (found.low, found.unit) == (Decimal(low), "ng/mL")


@pytest.mark.parametrize(
    ("analyte", "quantity", "phrase"),
    [
        # a UCUM code is meant as it stands, whatever the text says
        (
            AFP,
            _quantity("400", "ng/mL", system=UCUM, code="17"),
            Phrase.of("ignored-unknown-unit", unit="ng/mL"),
        ),
        (AFP, _quantity("400", code="MoM"), Phrase.of("ignored-unknown-unit", unit="MoM")),
        (
            AFP,
            _quantity("400", "a   unit with more than twenty"),
            Phrase.of("ignored-unknown-unit", unit="a unit with more than"[:20]),
        ),
        (AFP, _quantity("400", " ", code=" "), Phrase.of("ignored-no-unit")),
        (AFP, _quantity("400", "%", code=" "), Phrase.of("ignored-unknown-unit", unit="%")),
        (AFP, _quantity("400", " ", code="%"), Phrase.of("ignored-unknown-unit", unit="")),
        (
            AFP,
            _quantity("400", "ng/mL", system="urn:local", code="mg/L"),
            Phrase.of("ignored-units-disagree"),
        ),
    ],
)
def test_a_unit_that_cannot_be_used_is_named_in_short(
    analyte: str, quantity: Quantity, phrase: Phrase
) -> None:
    assert amount(analyte, quantity, FACTORS) == phrase


@pytest.mark.parametrize(
    "quantity", [_quantity("1.2"), _quantity("1.2", " ", code=" "), _quantity("1.2", "")]
)
def test_an_inr_without_a_unit_is_read(quantity: Quantity) -> None:
    found = amount("inr", quantity, FACTORS)

    assert isinstance(found, Amount)
    assert (found.low, found.unit) == (Decimal("1.2"), "1")


@pytest.mark.parametrize(
    ("analyte", "unit", "inside", "outside"),
    [
        (AFP, "ng/mL", ("0", "10000000"), ("10000000.1",)),
        (AFP, "[IU]/mL", ("0", "10000000"), ("10000000.1",)),
        (AFP, "pmol/L", ("0", "150000000"), ("150000000.1",)),
        (AFP, "ng/mL", ("1E-12", "1E+6"), ("1E-13", "1E+13")),
        ("bilirubin", "mg/dL", ("0.01", "100"), ("0.009", "100.1")),
        ("albumin", "g/dL", ("0.5", "10"), ("0.49", "10.1")),
        ("inr", "1", ("0.5", "25"), ("0.49", "25.1")),
    ],
)
def test_a_value_is_plausible_up_to_both_ends_of_its_range(
    analyte: str, unit: str, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    for value in inside:
        assert isinstance(amount(analyte, _quantity(value, unit), FACTORS), Amount), value
    for value in outside:
        found = amount(analyte, _quantity(value, unit), FACTORS)
        assert found == Phrase.of("ignored-implausible"), value


@pytest.mark.rule("A10")
def test_what_is_implausible_only_after_the_site_factor_is_not_used() -> None:
    factors = Factors.of(KNOWLEDGE, Decimal("1.21"))

    assert amount(AFP, _quantity("9000000", "IU/mL"), factors) == Phrase.of("ignored-implausible")
    found = amount(AFP, _quantity("400", "U/mL"), factors)
    assert isinstance(found, Amount)
    assert (found.low, found.unit) == (Decimal(484), "ng/mL")
    assert found.notes == (
        *READ_AS_IU,
        Phrase.of("note-converted-with-site-factor", factor="1.21"),
    )
    mass = amount(AFP, _quantity("400", "ng/mL"), factors)
    assert isinstance(mass, Amount)
    assert (mass.low, mass.notes) == (Decimal(400), ())


@pytest.mark.parametrize(
    ("quantity", "received"),
    [
        (_quantity("1E+3", "ng/mL"), "1000 ng/mL"),
        (_quantity("400", "ng/mL", comparator=">"), "> 400 ng/mL"),
        (_quantity("400", code="ng/mL"), "400 ng/mL"),
        (_quantity("400", "ug/L", code="ng/mL"), "400 ug/L"),
        (_quantity("400", "ng  /  mL"), "400 ng / mL"),
    ],
)
def test_a_value_is_shown_as_it_was_sent(quantity: Quantity, received: str) -> None:
    found = amount(AFP, quantity, FACTORS)

    assert isinstance(found, Amount)
    assert found.as_received == received


@pytest.mark.parametrize(
    ("text", "low", "high", "closed"),
    [
        ("≤400 ng/mL", 0, 400, (True, True)),
        ("=<400 ng/mL", 0, 400, (True, True)),
        ("≥400 ng/mL", 400, None, (True, True)),
        ("=>400 ng/mL", 400, None, (True, True)),
        ("<400 ng/mL", 0, 400, (True, False)),
        (">400 ng/mL", 400, None, (False, True)),
        ("12,000 ng/mL", 12_000, 12_000, (True, True)),
        ("1,234,567 ng/mL", 1_234_567, 1_234_567, (True, True)),
        ("400 ng/mL".ljust(60), 400, 400, (True, True)),
    ],
)
def test_a_comparator_in_text_means_what_it_means_in_a_quantity(
    text: str, low: int, high: int | None, closed: tuple[bool, bool]
) -> None:
    found = amount_in_text(AFP, text, FACTORS)

    assert isinstance(found, Amount)
    assert found.low == low
    assert found.high == high
    assert (found.low_included, found.high_included) == closed
    assert found.as_received == " ".join(text.split())
    assert found.notes == (Phrase.of("note-read-from-text"),)


def test_remarks_on_unit_and_on_text_stand_together() -> None:
    found = amount_in_text(AFP, "330 U/mL", FACTORS)

    assert isinstance(found, Amount)
    assert found.notes == (*READ_AS_IU, Phrase.of("note-read-from-text"))


def test_a_longer_text_is_no_result() -> None:
    found = amount_in_text(AFP, "400 ng/mL".ljust(61), FACTORS)

    assert found == Phrase.of("ignored-text-not-readable")
