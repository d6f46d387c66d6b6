"""No exported cell is a formula to a spreadsheet, whatever it takes for a delimiter, and nothing is lost by that."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from django_prodev.documents.tables.csv_text import write_csv
from django_prodev.documents.tables.formulas import guard, guard_look_alikes, unguard

SIGNS = "=+-@＝＋－＠"
NASTY = st.text(alphabet=st.sampled_from([*SIGNS, *"'\",;|\t\r\n ", "\u00a0", "a", "1", "é"]), max_size=24)


def is_formula(cell: str) -> bool:
    return cell.lstrip('" \u00a0\u3000\t\r').startswith((*SIGNS,))


@pytest.mark.parametrize(
    "text",
    [
        *(
            '=HYPERLINK("http://x")',
            "+1",
            "-1",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            " =1",
            "\u00a0=1",
        ),
        *("a;=1", "a,=1", "a\t=1", 'a"=1', "a\n=1", 'a";=1', "a; =1", "a|@x"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_a_quote_before_it(text: str) -> None:
    assert guard(text) != text
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    "text", ["", "plain", "a=b", "x - y", "ada@example.org", "'quoted'", "it's", "2026-01-31", "C++"]
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert guard(text) == guard_look_alikes(text) == unguard(text) == text


@given(st.one_of(NASTY, st.text(max_size=20)))
@example("''=")
@example("'\t'=")
def test_every_text_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert unguard(guard_look_alikes(text)) == text


@given(st.lists(NASTY, min_size=1, max_size=3), st.sampled_from(",;\t|"), st.booleans())
def test_no_cell_is_a_formula_by_any_delimiter_with_or_without_quotes(
    cells: list[str], delimiter: str, knows_quotes: bool
) -> None:
    *_, line = write_csv(["a"], [cells])
    quoting = csv.QUOTE_MINIMAL if knows_quotes else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(line.decode(), newline=""), delimiter=delimiter, quoting=quoting)
    assert not [cell for row in reader for cell in row if is_formula(cell)]
