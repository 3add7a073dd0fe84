from pathlib import Path

import pytest

from tests.docs.how_to import ROOT, carry_out, copy_project

PAGES = sorted((ROOT / "docs/how-to").glob("add-*.md"))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_whoever_follows_the_page_gets_what_it_says(page: Path, tmp_path: Path) -> None:
    assert carry_out(page, copy_project(tmp_path)) > 0


def test_every_kind_of_addition_has_its_page() -> None:
    assert [page.stem for page in PAGES] == [
        "add-a-drug",
        "add-a-hook",
        "add-a-lab-input",
        "add-an-evidence-item",
    ]
