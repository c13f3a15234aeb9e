"""Markdown of guidelines: nothing that a writer can write runs, loads from elsewhere, or breaks out of the page."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.markdown import render

ALLOWED = {
    "p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "target", "rel"}, "img": {"src", "alt", "title", "loading", "decoding"}, "ol": {"start"},
    "code": {"class"}, "th": {"class"}, "td": {"class"},
}  # fmt: skip
PICTURES = {1: "/pictures/a.webp", 2: "/pictures/b.webp"}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def is_safe(html: str) -> bool:
    for tag, attributes in Tags(html).found:
        if tag not in ALLOWED or not set(attributes) <= ATTRIBUTES.get(tag, set()):
            return False
        if tag == "img" and attributes["src"] not in PICTURES.values():
            return False
        if tag == "a" and not attributes["href"].lower().startswith(("http:", "https:", "mailto:", "/", "#", "?", ".")):
            scheme = attributes["href"].partition(":")
            if scheme[1] and "/" not in scheme[0]:
                return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "<example:1>",
        "[x](example:9)",
        "![x](https://elsewhere.example/spy.gif)",
        "![x](/pictures/somebody.webp)",
        "![x](javascript:alert(1))",
        '![<b>x</b>" onload=alert(1) "](example:9)',
        '![a" onload="alert(1)](example:1)',
        '```js" onclick="alert(1)\nx\n```',
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_what_would_run_or_spy_does_not_get_through(text: str) -> None:
    html = render(text, PICTURES)
    assert is_safe(html), html


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([
    "<", ">", "\"", "'", "script", "[", "]", "(", ")", "!", "javascript:", "data:", "example:1", "https://a.b", "\n",
    "`", "|", "-", ":", "#", " ", "&", "onload=", "\\", "*", "alert(1)", "&#x6a;", "\t", "\0",
]), max_size=30).map("".join))  # fmt: skip
def test_nothing_that_can_be_put_together_does(text: str) -> None:
    assert is_safe(render(text, PICTURES))


def test_tables_lists_and_headings_are_what_they_are() -> None:
    html = render("# One\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n- x\n\n1. y\n")
    assert "<h3>One</h3>" in html
    assert '<th>a</th>\n<th class="num">b</th>' in html
    assert "style" not in html
    assert "<ul>\n<li>x</li>" in html
    assert "<ol>\n<li>y</li>" in html


def test_links_open_beside_the_desk_and_give_nothing_away() -> None:
    assert render("[x](https://a.example)") == (
        '<p><a href="https://a.example" target="_blank" rel="noopener noreferrer">x</a></p>\n'
    )


def test_examples_can_be_shown_in_the_text() -> None:
    html = render("![A rim](example:2) ![gone](example:3)", PICTURES)
    assert 'src="/pictures/b.webp"' in html
    assert 'alt="A rim"' in html
    assert 'loading="lazy"' in html
    assert "gone" in html
    assert html.count("<img") == 1
