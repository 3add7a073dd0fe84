"""Scopes of both versions: what is asked for, and what a grant lets the page read and write."""

import pytest

from smart_app.launch.scopes import Grant, scopes_to_ask

TYPES = ("Patient", "Condition", "Observation")


@pytest.mark.parametrize(
    ("configured", "standalone", "v1_only", "asked"),
    [
        ("launch openid patient/Observation.rs", False, False, None),
        ("openid", False, False, "launch openid"),
        ("launch openid", True, False, "launch/patient openid"),
        ("launch/patient openid", False, False, "launch openid"),
        ("launch launch/patient launch", True, False, "launch/patient"),
        ("launch patient/Observation.rs", False, True, "launch patient/Observation.read"),
        (
            "launch patient/Observation.crs",
            False,
            True,
            "launch patient/Observation.read patient/Observation.write",
        ),
        ("launch user/*.cruds", False, True, "launch user/*.read user/*.write"),
        ("launch patient/Observation.read", False, True, None),
        ("launch online_access patient/*.*", False, True, None),
    ],
)
def test_what_is_asked_for(
    configured: str,
    standalone: bool,  # noqa: FBT001 (a column of the table)
    v1_only: bool,  # noqa: FBT001 (a column of the table)
    asked: str | None,
) -> None:
    found = scopes_to_ask(configured, standalone=standalone, v1_only=v1_only)
    assert found == (asked or configured)


@pytest.mark.parametrize(
    ("scope", "reads", "some_only", "creates"),
    [
        ("patient/Observation.rs", True, False, False),
        ("patient/Observation.r", True, False, False),
        ("patient/Observation.s", True, False, False),
        ("patient/Observation.c", False, False, True),
        ("patient/Observation.crs", True, False, True),
        ("patient/Observation.cruds", True, False, True),
        ("patient/Observation.ud", False, False, False),
        ("patient/*.rs", True, False, False),
        ("user/Observation.crs", True, False, True),
        ("patient/Observation.read", True, False, False),
        ("patient/Observation.write", False, False, True),
        ("patient/Observation.*", True, False, True),
        ("patient/*.*", True, False, True),
        ("patient/Observation.rs?category=laboratory", True, True, False),
        ("patient/Observation.cruds?category=laboratory", True, True, False),
        ("patient/Observation.rs patient/Observation.rs?code=x", True, False, False),
        ("patient/Condition.rs", False, False, False),
        ("system/Observation.cruds", False, False, False),
        ("patient/Observation.sr", False, False, False),  # rights have an order
        ("patient/Observation.", False, False, False),
        ("patient/observation.rs", False, False, False),
        ("patient/ObservationX.rs", False, False, False),
        ("xpatient/Observation.rs", False, False, False),
        ("Observation.Read (Vendor)", False, False, False),
        ("", False, False, False),
    ],
)
def test_what_a_grant_allows(
    scope: str,
    reads: bool,  # noqa: FBT001 (a column of the table)
    some_only: bool,  # noqa: FBT001 (a column of the table)
    creates: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    grant = Grant("patient/Observation.crs", scope)
    assert grant.reads("Observation") is reads
    assert grant.reads_some_only("Observation") is some_only
    assert grant.creates("Observation") is creates
    assert grant.not_granted(TYPES) == (() if reads else ("Observation",))


def test_what_was_not_asked_for_is_not_created_whatever_is_granted() -> None:
    assert not Grant("patient/Observation.rs", "patient/*.cruds").creates("Observation")


def test_a_type_that_was_never_asked_for_is_not_missed() -> None:
    grant = Grant("patient/Patient.rs patient/Condition.rs", "patient/Patient.rs")
    assert grant.not_granted(TYPES) == ("Condition",)
    assert not grant.asks("Observation")
