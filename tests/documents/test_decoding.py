"""Bytes to text: marks, encodings, and what is refused in one line."""

import pytest

from django_prodev.documents.decoding import decode_document
from django_prodev.exceptions import DocumentTooLarge, UndecodableDocument

TEXT = "# Défis\n\n- Problème : cœur – “lent”\n" * 20


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 mark", "utf-16 le", "utf-16 be", "utf-32", "unmarked le", "unmarked be", "windows-1252"],
)
def test_the_same_text_comes_out_of_every_encoding(data: bytes) -> None:
    assert decode_document(data) == TEXT


def test_latin_1_is_detected() -> None:
    text = "Les défis rencontrés étaient nombreux, à l'évidence très formateurs.\n" * 10
    assert decode_document(text.encode("latin-1")) == text


def test_another_script_is_detected() -> None:
    text = "التحديات التي واجهتها في البرنامج كانت كثيرة والحلول كانت بسيطة.\n" * 20
    assert decode_document(text.encode("cp1256")) == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"# Title\n\x00\x00\x00 and more text here, mostly fine\n", "NUL"),
        (b"%PDF-1.7 x", "binary"),
        (b"PK\x03\x04rest", "binary"),
        (b"\xff\xfea", "utf-16-le"),
        (bytes(range(1, 32)) * 20, "control characters"),
    ],
)
def test_what_is_no_text_gets_one_clear_line(data: bytes, said: str) -> None:
    with pytest.raises(UndecodableDocument) as refused:
        decode_document(data)
    assert said in refused.value.message
    assert "\n" not in refused.value.message


def test_the_cap_is_checked_before_anything_is_decoded() -> None:
    with pytest.raises(DocumentTooLarge) as refused:
        decode_document(b"\xff" * 101, max_bytes=100)
    assert "101" in refused.value.message
    with pytest.raises(DocumentTooLarge):
        decode_document(bytes(50 * 1024 * 1024))


def test_a_document_at_the_cap_is_read() -> None:
    assert decode_document(b"a" * 100, max_bytes=100) == "a" * 100
