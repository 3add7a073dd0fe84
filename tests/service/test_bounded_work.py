"""Bodies that are small and would be slow: the work stays in proportion to the body."""

import time

import pytest

from cds_service.strict_json import object_members, value
from hooks.messages import RequestRejected

# seconds where work grows with the square of the members; hundredths where it does not
FAR_TOO_LONG_S = 5.0
MEMBERS = 60_000


def test_a_name_that_is_there_twice_among_very_many_is_found_at_once() -> None:
    members = ",".join(f'"k{number}":0' for number in range(MEMBERS))
    body = f'{{"extension":{{"a":{{{members},"k{MEMBERS - 1}":0}}}}}}'.encode()
    part = object_members(body)["extension"]
    began = time.process_time()
    with pytest.raises(RequestRejected, match="twice"):
        value(part, "extension")
    assert time.process_time() - began < FAR_TOO_LONG_S


def test_a_name_of_megabytes_comes_back_in_no_answer() -> None:
    name = "a" * 1_000_000
    body = f'{{"{name}": {{"b": 1, "b": 2}}}}'.encode()
    with pytest.raises(RequestRejected, match="twice") as refused:
        object_members(body)
    assert len(str(refused.value)) < 200
