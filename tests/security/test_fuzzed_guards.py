"""atheris on the guards: minutes of bytes, each target in a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = int(os.environ.get("HCC_CDS_TEST_FUZZ_SECONDS", "60"))


@pytest.mark.slow
@pytest.mark.parametrize("target", ["url-guard", "strict-json", "tokens", "mapping"])
def test_no_bytes_make_a_guard_fail(target: str, tmp_path: Path) -> None:
    ended = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "tests.security.fuzzing", target, str(SECONDS)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS * 4 + 120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
    (runs,) = re.findall(r"Done (\d+) runs in \d+ second", ended.stdout)
    assert int(runs) > 10 * SECONDS
