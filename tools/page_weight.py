"""Weigh the workbench and the clinician's page: writes docs/reference/page-weight.md.

``python -m tools.page_weight`` starts the demonstration and a headless Chromium (on the PATH),
opens each page nine times with an empty cache, and publishes sizes and the medians of the times.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.weighing import Weight, addresses_of, weigh
from tests.real_server.processes import free_port, running

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "page-weight.md"
TIMES = 9
_PREAMBLE = """# Page weight

Each page opened with an empty cache in a headless Chromium, the demonstration on the same machine.
Compressed is what a proxy sends with gzip, as the shipped nginx does; the service itself does not
compress. Times are the medians of {times} openings after a first one, in milliseconds from the
request of the page, for the clinician's page of the launch that leads to it. Written by
`make page-weight`{machine}.

| page | files | compressed | as served | first contentful paint | interactive | loaded |
|---|---|---|---|---|---|---|
"""


def main() -> int:
    """Measure, print and write."""
    browser = next((found for name in ("chromium",) if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("page-weight: no Chromium on the PATH; install it (Debian: chromium)")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        port = free_port()
        demo = f"http://127.0.0.1:{port}"
        with running(
            [sys.executable, "-m", "cds_service.cli", "serve"],
            answers_at=f"{demo}/health/ready",
            log=Path(folder) / "log",
            environment=_environment(folder, port),
            cwd=ROOT,
        ):
            opened = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            rows = [_row(_median(opened, *one)) for one in addresses_of(demo).items()]
            opened.close()
    machine = f" on a machine with {os.cpu_count()} cores"
    written = _PREAMBLE.format(times=TIMES, machine=machine) + "\n".join(rows) + "\n"
    PAGE.write_text(written, encoding="utf-8")
    print(written)
    return 0


def _environment(folder: str, port: int) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": folder,
        "PYTHONPATH": str(ROOT),
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_BIND": f"127.0.0.1:{port}",
        "HCC_CDS_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HCC_CDS_DATABASE_URL": f"sqlite:///{folder}/demo.db",
    }


def _median(browser: Browser, name: str, address: str) -> Weight:
    weights = []
    for _ in range(TIMES + 1):
        context = browser.new_context()
        weights.append(weigh(context, name, address))
        context.close()
    weights = weights[1:]
    last = weights[-1]
    return Weight(
        name=name,
        files=last.files,
        compressed=last.compressed,
        served=last.served,
        first_paint_ms=statistics.median(one.first_paint_ms for one in weights),
        interactive_ms=statistics.median(one.interactive_ms for one in weights),
        loaded_ms=statistics.median(one.loaded_ms for one in weights),
    )


def _row(one: Weight) -> str:
    return (
        f"| {one.name} | {one.files} | {one.compressed / 1000:.1f} kB "
        f"| {one.served / 1000:.1f} kB "
        f"| {one.first_paint_ms:.0f} | {one.interactive_ms:.0f} | {one.loaded_ms:.0f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
