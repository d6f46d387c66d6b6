"""Files as people have them: encodings, delimiters, headings, typed cells; and what is refused, with which words."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.test import override_settings

from django_prodev.exceptions import DocumentError, DocumentTooLarge, UndecodableDocument
from django_prodev.models import Topic
from tests.documents.tabling import actions, imported, planned, troubles, workbook

pytestmark = pytest.mark.django_db

TABLE = "kind,slug,name\nconcept,uber,Über\nconcept,cafe,Café\n"


@pytest.mark.parametrize(
    "data",
    [
        *(TABLE.encode(), TABLE.encode("utf-8-sig"), TABLE.encode("utf-16"), TABLE.encode("utf-16-le")),
        *(TABLE.encode("latin-1"), TABLE.encode("cp1252"), TABLE.encode("utf-32")),
    ],
    ids=["UTF-8", "UTF-8 with mark", "UTF-16 with mark", "UTF-16 without", "Latin-1", "Windows-1252", "UTF-32"],
)
def test_the_encoding_is_found(data: bytes) -> None:
    imported("topics", data)
    assert list(Topic.objects.order_by("slug").values_list("name", flat=True)) == ["Café", "Über"]


def test_a_legacy_encoding_is_found_behind_the_first_64_kilobytes() -> None:
    rows = "".join(f"concept,topic-{number},Plain topic {number},{'x' * 80}\n" for number in range(1_000))
    imported("topics", f"kind,slug,name,description\n{rows}concept,cafe,Café,\n".encode("cp1252"))
    assert Topic.objects.get(slug="cafe").name == "Café"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    imported("topics", TABLE.replace(",", delimiter))
    assert Topic.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\nkind;slug;name\nconcept;a;A\n",
        "\n\nkind,slug,name\n\nconcept,a,A\n\n",
        'kind,slug,name\r\nconcept,a,"A"\r\n',
        "kind,slug,name\rconcept,a,A\r",
        "kind,slug,name,,\nconcept,a,A,,\n",
        "KIND , Slug,Title\nConcept,a,A",
        "name;slug;kind;Notes, with commas\nA;a;concept;x, y, z\n",
    ],
    ids=["declared", "blank rows", "quoted", "carriage returns", "empty columns", "other headings", "other columns"],
)
def test_what_people_have_is_read(content: str) -> None:
    imported("topics", content)
    assert Topic.objects.values_list("kind", "slug", "name").get() == ("concept", "a", "A")


def test_a_quoted_cell_holds_delimiters_line_ends_and_quotes() -> None:
    imported("topics", 'kind,slug,name,description\nconcept,a,"A, ""B""","one\r\ntwo"\n')
    topic = Topic.objects.get()
    assert (topic.name, topic.description) == ('A, "B"', "one\ntwo")


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    report = planned("topics", 'kind,name\n\nconcept,"a\nb"\nbad,x\n')
    assert actions(report) == {3: "create", 4: "error"}


def test_a_row_may_be_short_and_a_cell_too_many_is_an_error() -> None:
    report = planned("topics", "kind,name,description\nconcept,a\nconcept,b,,,\nconcept,c,,x\n")
    assert actions(report) == {2: "create", 3: "create", 4: "error"}
    assert "Cell 4 ('x') has no heading; the header row has 3 cells" in troubles(report)[4][""]


def test_an_error_names_the_row_the_column_the_trouble_and_what_is_allowed() -> None:
    content = (
        "program,username,unit,status,score,completed_at\nweb,ada,a b,learning,85,31/12/2026\n,,,,,\nweb,,html,,,\n"
    )
    assert troubles(planned("progress", content)) == {
        2: {
            "unit": "'a b' is not a slug: it takes letters, digits, hyphens and underscores.",
            "status": "'learning' is not one of: in_progress, submitted, completed, waived, skipped.",
            "score": "'85' is not a number from 0 to 1 with at most four decimals, such as 0.85.",
            "completed_at": (
                "'31/12/2026' is not a date: it takes one by ISO 8601, such as 2030-01-31 or 2030-01-31T09:00:00Z."
            ),
        },
        4: {"status": "This is required."},
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "file: Row 1 is no header row: none of 'a', 'b' is a heading. The table topics has the columns"),
        ("kind,name,Title\n", "'name' and 'Title' both mean the column name"),
        ("name,slug\n", "Row 1 has no heading kind."),
        ("kinds,name\n", "Did you mean kind?"),
        ("\n\n  \n", "empty"),
        ('kind,name\nconcept,"a\n', "A quoted cell is not closed (the row begins in line 2)"),
        ('kind,name\nconcept,a\nconcept,"a"b\n', "Text follows a closing quote"),
        ("kind,name\nconcept,a\0b\n", "NUL bytes"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old Excel workbook (.xls), or has a password"),
        (b"%PDF-1.7 and so on", "a binary format"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"", "empty"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: str | bytes, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        planned("topics", content)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.message == str(caught.value)


def test_a_score_may_have_a_comma() -> None:
    from django_prodev.documents.tables.columns import fraction

    assert fraction("0,85") == fraction("0.85") == fraction(0.85)


def test_a_heading_that_is_not_known_is_passed_over_and_told() -> None:
    assert planned("topics", "kind,name,Slugs,Colour\n").notes == [
        "The column 'Slugs' is not read. Did you mean slug?",
        "The column 'Colour' is not read.",
    ]


@override_settings(DJANGO_PRODEV={"TABLE_MAX_ROWS": 2, "TABLE_MAX_BYTES": 1_000})
def test_the_settings_cap_rows_and_bytes() -> None:
    planned("topics", "kind,name\nconcept,a\n\nconcept,b\n")
    with pytest.raises(DocumentTooLarge, match="more than the 2 rows"):
        planned("topics", "kind,name\nconcept,a\nconcept,b\nconcept,c\n")
    with pytest.raises(DocumentTooLarge, match="1,001 bytes; at most 1,000"):
        planned("topics", b"k" * 1_001)


# Workbooks


def book(*rows: tuple[Any, ...], change: Callable[[Any], object] = lambda _: None) -> bytes:
    """A workbook as other programs write it: with shared texts, styles and typed cells."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    change(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_cells_of_a_workbook_are_read_as_they_are_typed() -> None:
    headings = ("program", "username", "unit", "status", "score", "completed_at")
    report = planned(
        "progress",
        book(
            headings,
            ("web", 12345, "html", "In progress", 0.85, datetime(2026, 1, 31, 9, 30)),  # noqa: DTZ001  as cells have it
            ("web", 1.0, "html", True, 0.1 + 0.2, date(2026, 1, 31)),
            ("web", "ada", "html", "completed", "=1/2", "#N/A"),
        ),
    )
    assert [sorted(said) for said in troubles(report).values()] == [["program"], ["status"], ["completed_at"]]
    assert troubles(report)[3]["status"].startswith("'true' is not one of")
    assert troubles(report)[4]["completed_at"] == "The workbook has the error #N/A here; it takes a value."


def test_a_day_in_a_cell_is_a_day_in_the_sites_zone() -> None:
    with override_settings(TIME_ZONE="UTC"):
        from django_prodev.documents.tables.enrollments import ENROLLMENTS

        due = next(column for column in ENROLLMENTS.columns if column.name == "due_at")
        in_a_cell = datetime(2030, 6, 30)  # noqa: DTZ001
        assert due.read(in_a_cell) == due.read("2030-06-30") == datetime(2030, 6, 30, 23, 59, 59, tzinfo=UTC)


def test_the_first_sheet_is_read_or_the_one_that_is_named() -> None:
    def change(made: Any) -> None:
        other = made.create_sheet("Other")
        other.append(("kind", "name"))
        other.append(("skill", "Rowing"))

    data = book(("kind", "name"), ("concept", "A"), change=change)
    assert planned("topics", data).rows[0].changes == {"slug": "a"}
    assert planned("topics", data, sheet="Other").rows[0].changes == {"slug": "rowing"}
    with pytest.raises(DocumentError, match="no sheet 'Third'; it has Sheet, Other"):
        planned("topics", data, sheet="Third")


def test_hidden_and_merged_cells_change_nothing() -> None:
    def change(made: Any) -> None:
        made.active.merge_cells("A4:C4")
        made.active.row_dimensions[2].hidden = True

    imported("topics", book(("kind", "name", "slug"), ("concept", "A", "a"), ("concept", "B", "b"), (), change=change))
    assert Topic.objects.count() == 2


def _zip(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def _with(part: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook(("kind", "name"), ("concept", "A")))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _zip(parts | {part: data})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
BOMB = b"<worksheet><sheetData>" + b" " * 30_000_000 + b"</sheetData></worksheet>"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><sst>&c;</sst>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_with("xl/worksheets/sheet1.xml", BOMB), "unpacks to more"),
        (_with("xl/media/image1.png", b"\0" * 40_000_000), "unpacks to more"),
        (_with("xl/sharedStrings.xml", LAUGHS), "declares XML entities"),
        (_with("xl/sharedStrings.xml", LAUGHS.decode().encode("utf-16")), "declares XML entities"),
        (_with("xl/workbook.xml", b"<workbook"), "damaged"),
        (_with("xl/worksheets/sheet1.xml", SHEET % b"<row r='x'/>"), "damaged"),
        (_zip({"word/document.xml": b"<a/>"}), "a Word document, not an XLSX workbook"),
        (_zip({"content.xml": b"<a/>"}), "an OpenDocument file (.ods)"),
        (_zip({"xl/workbook.bin": b"x"}), "a binary workbook (.xlsb)"),
        (_zip({"a.txt": b"x"}), "a zip archive"),
    ],
    ids=["bomb", "bomb beside", "entities", "entities in UTF-16", "cut", "bad row", "docx", "ods", "xlsb", "zip"],
)
@override_settings(DJANGO_PRODEV={"TABLE_MAX_BYTES": 1_000_000})
def test_a_workbook_that_is_none_or_means_harm_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        planned("topics", data)
    assert words in str(caught.value)


def test_rows_and_cells_far_away_do_not_take_room() -> None:
    far = SHEET % b"<row r='99999999999'><c r='A99999999999' t='inlineStr'><is><t>x</t></is></c></row>"
    with pytest.raises(DocumentTooLarge, match="most of them empty"):
        planned("topics", _with("xl/worksheets/sheet1.xml", far))
    wide = SHEET % b"<row r='1'><c r='XFD1' t='inlineStr'><is><t>x</t></is></c></row>"
    with pytest.raises(DocumentTooLarge, match="600 cells"):
        planned("topics", _with("xl/worksheets/sheet1.xml", wide))


def test_a_row_without_end_is_not_held() -> None:
    head = b"kind,slug,name\n"
    with pytest.raises(DocumentTooLarge, match="A row has more than 2,000,000 characters"):
        planned("topics", head + b"concept" + b",a" * 1_500_000)
    with pytest.raises(DocumentTooLarge, match="A row has more than 2,000,000 characters"):
        planned("topics", head + b'concept,a,A,"' + b'a\n","' * 500_000)
    with pytest.raises(DocumentError, match="a header row has at most 500"):
        planned("topics", b"kind,name" + b",x" * 500)
    report = planned("topics", head + b"concept,a,A" + b",x" * 10_000)
    assert len(report.errors[0].troubles[""]) == 1


def test_empty_rows_are_not_read_for_ever() -> None:
    with pytest.raises(DocumentTooLarge, match="most of them empty"):
        planned("topics", b"kind,name\n" + b",\n" * 300_001)
    with pytest.raises(DocumentTooLarge, match="most of them empty"):
        planned("topics", b"\n" * 300_001 + b"kind,name\n")


def test_a_format_that_is_named_is_kept_to() -> None:
    with pytest.raises(DocumentError, match="not an XLSX workbook"):
        planned("topics", TABLE, format="xlsx")
    with pytest.raises(UndecodableDocument, match="not CSV"):
        planned("topics", workbook(("kind",)), format="csv")
    with pytest.raises(DocumentError, match="the formats are auto, csv, xlsx"):
        planned("topics", TABLE, format="ods")
    with pytest.raises(DocumentError, match="no sheets"):
        planned("topics", TABLE, sheet="Other")
