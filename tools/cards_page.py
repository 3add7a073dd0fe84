"""Render the cards of all samples to one HTML page: what a clinician would see, side by side.

``python -m tools.cards_page [--output build/cards.html] [--unfold] [--sample NAME ...]``
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from flask import render_template_string

import cds_service
from cds_service.app import create_app
from cds_service.card_view import open_html
from cds_service.composition import compose
from cds_service.sample_pages import SampleCards
from cds_service.settings import read_settings

LOOK = (Path(cds_service.__file__).parent / "static" / "site.css").read_text("utf-8")
ROOT = Path(__file__).resolve().parent.parent
_PAGE = """{% extends "page.html" %}{% from "card.html" import show_card with context %}
{% block title %}Cards of the samples{% endblock %}
{% block look %}<style>{{ look|safe }}</style>{% endblock %}
{% block main %}{% for sample in samples %}
<section id="{{ sample.name }}"><h2>{{ sample.name }}</h2><p class="soft">{{ sample.shows }}</p>
{% for card in sample.cards %}{{ show_card(card, unfold) }}{% else %}<p>No card.</p>{% endfor %}
</section>{% endfor %}{% endblock %}"""


def cards_page(names: list[str], *, unfold: bool) -> str:
    """Give the page with the cards of these samples (all, if none is named)."""
    settings = read_settings({"HCC_CDS_MODE": "demo"})
    app = create_app(settings)
    app.add_template_global(open_html)
    samples = SampleCards(compose(settings)).listed()
    shown = [sample for sample in samples if not names or sample["name"] in names]
    with app.app_context():
        return render_template_string(_PAGE, samples=shown, unfold=unfold, look=LOOK)


def main() -> int:
    """Write the page and say where it is; 2 when no sample has one of the names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "cards.html")
    parser.add_argument("--unfold", action="store_true", help="open every folded part")
    parser.add_argument("--sample", action="append", default=[], help="only this one")
    arguments = parser.parse_args()
    page = cards_page(arguments.sample, unfold=arguments.unfold)
    if "<section" not in page:
        print(f"cards: no sample is called {', '.join(arguments.sample)}", file=sys.stderr)
        return 2
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(page, encoding="utf-8")
    print(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
