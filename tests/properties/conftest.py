from collections.abc import Iterator

import pytest

from tests.properties.counting import Counts


@pytest.fixture(scope="module")
def counts(request: pytest.FixtureRequest) -> Iterator[Counts]:
    """Count generated cases and print how many there were."""
    seen = Counts()
    yield seen
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("", *seen.lines(), sep="\n")  # noqa: T201 - a figure for whoever runs the tests
