from html.parser import HTMLParser
from time import process_time

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.markdown import MAX_CHARACTERS, render_markdown

PLAIN = "blockquote br code del em h3 h4 h5 h6 hr li p pre s strong table tbody td th thead tr ul"
ALLOWED: dict[str, set[str]] = {tag: set() for tag in PLAIN.split(" ")}
ALLOWED |= {"a": {"href", "title", "rel"}, "ol": {"start"}}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](http://e.com/"onerror="alert(1))',
    '[x](http://e.com "\\" onmouseover=alert(1) \\"")',
    "[x]: javascript:alert(1)\n\n[x]",
    '```html" onload="alert(1)\n</code></pre><script>alert(1)</script>\n```',
    "`<script>`",
    "| <script> |\n|---|\n| </td><script>alert(1)</script> |",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>",
    "<form action=//evil><input name=password></form>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
]


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _hold_safe(html: str) -> None:
    for tag, attributes in _Tags(html).found:
        assert set(attributes) <= ALLOWED[tag]
        if "href" in attributes:
            address = (attributes["href"] or "").strip().lower()
            scheme = address.partition(":")[0] if ":" in address.split("/")[0] else ""
            assert scheme in {"", "http", "https", "mailto"}
            assert attributes["rel"] == "nofollow noopener"


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_becomes_harmless(payload: str) -> None:
    for source in (payload, f"> - {payload}", f"# {payload}", f"**{payload}**"):
        _hold_safe(render_markdown(source))


@given(
    st.text() | st.lists(st.sampled_from([*HOSTILE, "[", "](", ")", "`", "*", "\n", "> ", "|", "<", '"'])).map("".join)
)
def test_no_text_at_all_makes_unsafe_html(text: str) -> None:
    _hold_safe(render_markdown(text))


def test_what_people_write_is_formatted() -> None:
    html = render_markdown("Some *emphasis*, **weight**, ~~regret~~ and `code`.\n\n1. one\n2. two\n\n---\n\n> quoted")
    for piece in (
        "<em>emphasis</em>",
        "<strong>weight</strong>",
        "<s>regret</s>",
        "<code>code</code>",
        "<li>one</li>",
        "<hr>",
        "<blockquote>",
    ):
        assert piece in html


def test_the_answer_is_safe_to_put_into_a_template() -> None:
    assert isinstance(render_markdown("x"), SafeString)
    assert render_markdown("") == ""


def test_tables_are_tables() -> None:
    html = render_markdown("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert "<th>a</th>" in html
    assert "<td>2</td>" in html


def test_raw_html_is_shown_as_it_was_written() -> None:
    assert render_markdown("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


@pytest.mark.parametrize(("level", "tag"), [(1, "h3"), (2, "h4"), (3, "h5"), (4, "h6"), (5, "h6"), (6, "h6")])
def test_headings_stand_below_those_of_the_page(level: int, tag: str) -> None:
    assert render_markdown(f"{'#' * level} Title") == f"<{tag}>Title</{tag}>\n"


def test_an_image_is_a_link_so_that_nothing_is_fetched() -> None:
    html = render_markdown("![a chart](https://example.com/chart.png)")
    assert html == '<p><a href="https://example.com/chart.png" rel="nofollow noopener">a chart</a></p>\n'
    assert "chart.png</a>" in render_markdown("![](https://example.com/chart.png)")


def test_links_inside_the_site_stay_links() -> None:
    assert 'href="/learning/"' in render_markdown("[here](/learning/)")


def test_text_at_the_cap_is_whole_and_beyond_it_the_reader_is_told() -> None:
    line = "word " * 9 + "\n"
    text = line * (MAX_CHARACTERS // len(line))
    assert "too long" not in render_markdown(text)
    longer = render_markdown(text + line * 100 + "the very end")
    assert "the very end" not in longer
    assert longer.endswith("too long to be shown here.</em></p>\n")


def test_one_endless_line_is_cut_too() -> None:
    html = render_markdown("a" * (MAX_CHARACTERS + 1))
    assert html.count("a" * MAX_CHARACTERS) == 1
    assert "too long" in html


@pytest.mark.parametrize(
    "payload",
    [
        "[" * 100_000,
        "![" * 50_000,
        "*a **a " * 15_000,
        "> " * 10_000,
        "- " * 10_000,
        "`a``" * 25_000,
        "\0" * 100_000,
        "".join("  " * level + "- a\n" for level in range(2_000)),
        "|" * 20_000 + "\n" + "|-" * 15_000,
    ],
)
def test_hostile_nesting_takes_bounded_time(payload: str) -> None:
    started = process_time()
    _hold_safe(render_markdown(payload))
    assert process_time() - started < 20
