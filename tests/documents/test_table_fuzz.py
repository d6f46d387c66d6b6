"""Any bytes at all are a table, or refused with a document error: nothing else comes out, and nothing is written."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from django_prodev.documents.tables.catalog import TABLES
from django_prodev.documents.tables.csv_text import DELIMITERS, sniff
from django_prodev.exceptions import DocumentError
from tests.documents.tabling import planned, workbook

SEEDS = [
    b"kind,slug,name\nconcept,a,A\n",
    "program;username;unit;status;score\nweb;ada;html;completed;0,5\n".encode("utf-16"),
    b'program,email,status,due_at\nweb,"a@b.c","active",2030-01-01\n',
    workbook(("kind", "name", "parent"), ("concept", "A", "concept/b")),
]


def damaged() -> st.SearchStrategy[bytes]:
    """A good file with some bytes cut, changed or put in."""

    def change(parts: tuple[bytes, int, int, bytes]) -> bytes:
        seed, start, length, put = parts
        at = start % (len(seed) + 1)
        return seed[:at] + put + seed[at + length :]

    return st.tuples(st.sampled_from(SEEDS), st.integers(0, 10_000), st.integers(0, 20), st.binary(max_size=12)).map(
        change
    )


def damaged_parts() -> st.SearchStrategy[bytes]:
    """A workbook whose zip is whole and one of whose parts is not."""

    def change(parts: tuple[int, int, int, bytes]) -> bytes:
        which, start, length, put = parts
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(SEEDS[-1])) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            for name in names:
                data = old.read(name)
                if name == names[which % len(names)]:
                    at = start % (len(data) + 1)
                    data = data[:at] + put + data[at + length :]
                new.writestr(name, data)
        return out.getvalue()

    return st.tuples(
        st.integers(0, 50), st.integers(0, 10_000), st.integers(0, 30), st.sampled_from([b"", b"<", b"9", b"&x;", b'"'])
    ).map(change)


class TestAnyBytes(TestCase):
    @settings(max_examples=150)
    @given(st.sampled_from(sorted(TABLES)), st.one_of(st.binary(max_size=200), damaged(), damaged_parts()))
    def test_bytes_are_a_table_or_a_document_error(self, table: str, data: bytes) -> None:
        with contextlib.suppress(DocumentError):
            assert sum(planned(table, data).counts.values()) < 1_000


@given(
    st.sampled_from(sorted(TABLES)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.lists(st.sampled_from(TABLES[name].names), min_size=1, unique=True),
            st.sampled_from(DELIMITERS),
        )
    ),
    st.lists(st.text(st.sampled_from(",;\t| aé1"), max_size=12), min_size=1, max_size=5),
)
def test_the_delimiter_of_a_header_is_found_whatever_stands_below(
    header: tuple[str, list[str], str], below: list[str]
) -> None:
    name, headings, delimiter = header
    sample = delimiter.join(headings) + "\n" + "\n".join(below)
    found, _ = sniff(sample, TABLES[name])
    assert found == delimiter or len(headings) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_example_of_a_table_can_be_read(table: str) -> None:
    from django_prodev.documents.tables.exports import example_table

    for kind in ("csv", "xlsx"):
        report = planned(table, b"".join(example_table(TABLES[table], format=kind)))
        assert sum(report.counts.values()) == 1
