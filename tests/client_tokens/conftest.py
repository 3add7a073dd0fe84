"""Keys and the production service are made once; each test finds its memory empty."""

import pytest

from tests.client_tokens.hospital import Hospital, hospital
from tests.client_tokens.tokens import Signer, es384, rs384


@pytest.fixture(scope="session")
def in_file() -> Signer:
    """Return the key of EHR a, which stands in its file."""
    return es384("a-1")


@pytest.fixture(scope="session")
def at_address() -> Signer:
    """Return the key of EHR b, which its address gives."""
    return rs384("b-1")


@pytest.fixture(scope="session")
def stranger() -> Signer:
    """Return a key that nobody registered."""
    return es384("a-1")


@pytest.fixture(scope="session")
def one_hospital(
    tmp_path_factory: pytest.TempPathFactory, in_file: Signer, at_address: Signer
) -> Hospital:
    return hospital(tmp_path_factory.mktemp("hospital"), in_file, at_address)


@pytest.fixture
def service(one_hospital: Hospital) -> Hospital:
    one_hospital.memory.used.clear()
    one_hospital.memory.fails = False
    one_hospital.host.asked.clear()
    return one_hospital
