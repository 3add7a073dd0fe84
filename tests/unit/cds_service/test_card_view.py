"""A card as the demonstration pages and the pictures show it."""

from cds_service.card_view import card_html, open_html

_DETAIL = "**Missing:** nothing.\n\n<details><summary>Data used</summary>\n\n- AFP\n\n</details>"
_FOLDED = "<details><summary>Data used</summary>\n<ul>\n<li>AFP</li>\n</ul>\n</details>"


def test_a_folded_part_stays_folded_on_a_page() -> None:
    assert card_html(_DETAIL).strip().endswith(_FOLDED)


def test_a_picture_shows_every_folded_part_open() -> None:
    assert open_html(_DETAIL).strip().endswith(_FOLDED.replace("<details>", "<details open>"))


def test_what_a_chart_smuggles_into_a_card_is_dropped() -> None:
    smuggled = '<img src=x onerror="alert(1)"><script>alert(2)</script><b onclick="x">AFP</b>'
    assert card_html(smuggled).strip() == "<p>AFP</p>"


def test_a_table_can_be_scrolled_by_keyboard() -> None:
    table = card_html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert table.startswith(
        '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>'
    )
    assert table.strip().endswith("</table></div>")
