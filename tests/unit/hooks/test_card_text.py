"""Text of a chart stays text: in no renderer does it become markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hcc_pathway.catalogue import MissingSentence
from hcc_pathway.errors import UnknownLanguage
from hooks.card_text import (
    LONGEST_CHART_TEXT,
    load_card_texts,
    markdown_escape,
    plain,
)

RENDERER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
FRAMES = ("{}", "- {}", "**x**: {} y", "| a | {} |\n|---|---|\n| {} | b |")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](http://evil.example)",
    "![pixel](http://evil.example/x.png)",
    "**bold** _it_ `code` ~~gone~~ | cell | # head",
    "# head",
    "- item",
    "1. item",
    "+ item",
    "> quote",
    "---",
    "===",
    "&lt;b&gt; &#60;b&#62;",
    "http://evil.example www.evil.example a@evil.example",
    "line\nbreak\r\n\n# head",
    "\u202egnp.exe \u2066x\u2069 \u200b",
    "back\\slash \\<b>",
    "    code block",
    "```fence",
    "$math$",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", FRAMES)
def test_hostile_text_renders_as_the_same_characters_and_nothing_else(
    text: str, frame: str
) -> None:
    wanted = RENDERER.render(frame.replace("{}", "X"))
    rendered = RENDERER.render(frame.replace("{}", markdown_escape(text)))
    assert tags(rendered) == tags(wanted)


def tags(html: str) -> list[str]:
    return [part.split(">")[0].split()[0] for part in html.split("<")[1:]]


@given(st.text(max_size=80))
def test_no_text_makes_an_element_in_a_paragraph_or_cell(text: str) -> None:
    safe = markdown_escape(text)
    assert tags(RENDERER.render(f"x {safe} y")) == ["p", "/p"]
    table = "| a | {0} |\n|---|---|\n| {0} | b |"
    found = tags(RENDERER.render(table.format(safe)))
    assert found == tags(RENDERER.render(table.format("X")))


@pytest.mark.parametrize(
    "text", ["Observation/afp-1", "3.9 g/dL", "AFP 812 ng/mL on 2026-11-01 (x); y, 95%", "Müller"]
)
def test_everyday_text_is_left_as_it_is(text: str) -> None:
    assert markdown_escape(text) == text


def test_invisible_and_direction_characters_go_and_lines_become_one() -> None:
    assert plain("a\u202eb\u200bc\x00d\ne\tf") == "abcd e f"


@pytest.mark.parametrize("length", [LONGEST_CHART_TEXT, LONGEST_CHART_TEXT + 1, 50_000])
def test_long_text_is_cut_with_a_sign_of_it(length: int) -> None:
    cut = plain("é" * length)
    assert len(cut) <= LONGEST_CHART_TEXT
    assert cut.endswith("…") == (length > LONGEST_CHART_TEXT)


def test_a_sentence_or_gap_that_is_missing_is_named() -> None:
    texts = load_card_texts()
    with pytest.raises(MissingSentence, match=r"summary\.none"):
        texts.say("summary.none")
    with pytest.raises(MissingSentence, match="options"):
        texts.say("summary.options", line="second line")


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(UnknownLanguage, match=r"cards-xx\.yaml"):
        load_card_texts("xx")
