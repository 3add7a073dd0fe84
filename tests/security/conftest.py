"""The applications of the neighbouring folders, for tests that look at all of them."""

from tests.client_tokens.conftest import at_address, in_file, one_hospital, service
from tests.service.conftest import client, demo_app

__all__ = ["at_address", "client", "demo_app", "in_file", "one_hospital", "service"]
