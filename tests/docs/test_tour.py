"""The tour shows every picture that was taken for it, and no other."""

import json
import re

from tests.docs.how_to import ROOT

PICTURES = ROOT / "docs" / "pictures"
TOUR = (ROOT / "docs" / "tour.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
NAMED = set(json.loads((PICTURES / "tour.json").read_text("utf-8")))


def test_every_picture_of_the_walk_is_there_and_in_the_tour() -> None:
    shown = re.findall(r"\(pictures/([\w-]+)\.png\)", TOUR)
    assert set(shown) == NAMED == {one.stem for one in PICTURES.glob("*.png")}
    assert len(shown) == len(NAMED)


def test_the_pictures_of_the_first_page_are_of_the_tour() -> None:
    shown = re.findall(r"\(docs/pictures/([\w-]+)\.png\)", README)
    assert len(shown) == 2
    assert set(shown) <= NAMED


def test_a_picture_is_small_enough_to_be_kept() -> None:
    assert max(one.stat().st_size for one in PICTURES.glob("*.png")) < 150_000


def test_the_words_of_the_tour_are_those_of_the_pages() -> None:
    outline = json.loads((PICTURES / "tour.json").read_text("utf-8"))
    assert "Override" in outline["tour-4-answer"]
    assert any("overridden" in line for line in outline["tour-5-stored"])
