"""Lists of people as they are pasted or saved: what each line says, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.admin.people_lists import MOST_LINES, Line, Unreadable, read_people


def lines_of(text: str) -> list[tuple[str, str, str, bool]]:
    read = read_people(text).lines
    return [
        (line.person, line.cohort, f"{line.due_at:%Y-%m-%d %H:%M}" if line.due_at else "", bool(line.wrong))
        for line in read
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada", ("ada", "", "", False)),
        ("  ada@example.org  ", ("ada@example.org", "", "", False)),
        ("Ada Lovelace <ada@example.org>", ("ada@example.org", "", "", False)),
        ("ada, spring", ("ada", "spring", "", False)),
        ("ada;spring;2030-01-31", ("ada", "spring", "2030-01-31 23:59", False)),
        ("ada\t2030-01-31 18:00", ("ada", "", "2030-01-31 18:00", False)),
        ("ada, 2030-01-31, spring", ("ada", "spring", "2030-01-31 23:59", False)),
        ('"Lovelace, Ada", spring', ("Lovelace, Ada", "spring", "", False)),
        ("ada, 2030-13-31", ("ada", "", "", True)),
        ("ada, 9999-12-31", ("ada", "", "", True)),
        ("ada, spring, autumn", ("ada", "", "", True)),
        (", spring", ("", "", "", True)),
    ],
)
def test_a_line_is_a_person_and_what_may_follow(text: str, expected: tuple[str, str, str, bool]) -> None:
    assert lines_of(text) == [expected]


def test_headings_put_the_cells_in_another_order() -> None:
    read = read_people("\ufeffDue date;First name;E-Mail;Username\n2030-01-31;Ada;ada@b.org;\n;Grace;g@b.org;grace\n\n")
    assert [(line.number, line.person) for line in read.lines] == [(2, "ada@b.org"), (3, "grace")]
    assert read.lines[0].due_at is not None
    assert read.left_out == ["First name"]


def test_lines_are_numbered_as_in_the_text() -> None:
    assert [line.number for line in read_people("\n\nada\n\n , \ngrace\r\n").lines] == [3, 6]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" \n,,\n", "nobody"),
        ("email,cohort", "headings and nobody"),
        ("email,e-mail\na@b.org,a@b.org", "mean the same"),
        ("cohort,due\nspring,2030-01-31", "No column of this list says who"),
        ('"ada', "a list that can be read"),
        ("ada\n" * (MOST_LINES + 1), "at most 1000"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(text: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        read_people(text)


@given(st.text(alphabet=st.sampled_from('a@,;\t"\n\r <>-2030\u2028\u00e9'), max_size=60))
def test_any_text_is_a_list_or_is_refused(text: str) -> None:
    try:
        read = read_people(text)
    except Unreadable as error:
        assert str(error)  # noqa: PT017  either outcome is fine, a third is not
    else:
        assert read.lines
        assert all(isinstance(line, Line) and (line.person or line.wrong) for line in read.lines)
