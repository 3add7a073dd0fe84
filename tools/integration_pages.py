"""Write what the code says into the manuals of docs/integrate: services, prefetch, scopes.

``python -m tools.integration_pages`` writes the parts between the markers; with ``--check`` it
writes nothing and exits 1 when a manual holds something else than the code.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from cds_service.composition import compose
from cds_service.settings import read_settings
from hooks import SERVICES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "integrate"
_PART = re.compile(r"(<!-- from the code: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
# what a client has to send for an answer; everything else is optional and then unknown
_NEEDED = {
    "conditions": "yes",
    "medicationRequests": "at least one of the three",
    "medicationStatements": "at least one of the three",
    "medicationAdministrations": "at least one of the three",
}


def parts() -> dict[str, str]:
    """Give each part by its name, as Markdown."""
    prefetch = compose(read_settings({"HCC_CDS_MODE": "demo"})).prefetch
    return {
        "services": _services(),
        "prefetch": _prefetch(prefetch),
        "scopes": _scopes(prefetch),
    }


def _services() -> str:
    rows = ["| hook | address below the public URL of the service |", "|---|---|"]
    rows += [f"| {one.hook} | `/cds-services/{one.id}` |" for one in SERVICES]
    return "\n".join(rows) + "\n"


def _prefetch(prefetch: dict[str, str]) -> str:
    """Write each key with its template in a block of its own, to be copied as it stands."""
    said = [
        f"`{key}` (needed: {_NEEDED.get(key, 'no')})\n\n```text\n{template}\n```\n"
        for key, template in prefetch.items()
    ]
    return "\n".join(said)


def _scopes(prefetch: dict[str, str]) -> str:
    types = dict.fromkeys(re.split(r"[/?]", template)[0] for template in prefetch.values())
    scopes = " ".join(f"patient/{kind}.rs" for kind in types)
    return f"```text\n{scopes}\n```\n"


def written(text: str) -> str:
    """Fill the marked parts of a manual."""
    now = parts()
    return _PART.sub(lambda found: f"{found[1]}\n{now[found[2]]}\n{found[3]}", text)


def findings() -> list[str]:
    """Name the manuals that say something else than the code."""
    return [
        f"docs/integrate/{page.name} is not current: run make docs"
        for page in sorted(FOLDER.glob("*.md"))
        if page.read_text(encoding="utf-8") != written(page.read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Write or check the manuals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        complaints = findings()
        for each in complaints:
            print(each, file=sys.stderr)
        return 1 if complaints else 0
    for page in sorted(FOLDER.glob("*.md")):
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
