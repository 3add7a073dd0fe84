"""Take the README's pictures: one card and the front page, as a headless Chromium shows them.

``python -m tools.pictures`` writes docs/pictures/card.png and docs/pictures/page.png. It needs
Chromium on the PATH (Debian: ``apt-get install chromium``) and nothing from a network.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cds_service.app import create_app
from cds_service.settings import read_settings
from tools.cards_page import cards_page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CARD_SAMPLE = "tolerant-afp-high"
# What keeps Chromium quiet, local and free of a profile; no sandbox, for use as root in CI.
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def take(page: str, picture: Path, *, width: int, height: int) -> None:
    """Show an HTML page of its own (no other file, no script) and save what is seen."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("pictures: no Chromium on the PATH; install it (Debian: chromium)")
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shown = Path(folder) / "page.html"
        shown.write_text(page, encoding="utf-8")
        subprocess.run(  # noqa: S603 - our own page in the browser found above
            [browser, *_QUIET, f"--user-data-dir={folder}/profile",
             f"--window-size={width},{height}", f"--screenshot={picture}", shown.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def main() -> int:
    """Take both pictures."""
    take(cards_page([CARD_SAMPLE], unfold=False), PICTURES / "card.png", width=1000, height=1190)
    app = create_app(read_settings({"HCC_CDS_MODE": "demo"}))
    front = app.test_client().get("/").get_data(as_text=True)
    take(front, PICTURES / "page.png", width=1100, height=1000)
    return 0


if __name__ == "__main__":
    sys.exit(main())
