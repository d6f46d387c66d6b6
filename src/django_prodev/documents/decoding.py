"""Bytes of an uploaded document to text: byte-order marks, detection, and the cap on size. No format is known here."""

import codecs
import unicodedata

from charset_normalizer import from_bytes

from django_prodev.exceptions import DocumentTooLarge, UndecodableDocument

MAX_BYTES = 10 * 1024 * 1024

# The UTF-32 marks begin like the UTF-16 ones, so they are tried first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Detection reads this much; a longer sample costs time and changes no answer.
_SAMPLE = 64 * 1024

_BINARY_SIGNATURES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
)


def decode_document(data: bytes, *, max_bytes: int = MAX_BYTES) -> str:
    """The text of a document.

    A byte-order mark decides; without one UTF-8 is tried, then UTF-16 by its pattern of zero bytes, then a legacy
    encoding is detected. ``max_bytes`` is the cap in bytes.

    Raises ``DocumentTooLarge`` over the cap, and ``UndecodableDocument`` for an empty file, NUL bytes, a binary
    format, or bytes that are no text.
    """
    if len(data) > max_bytes:
        raise DocumentTooLarge(f"The file has {len(data):,} bytes; at most {max_bytes:,} are read.")
    if not data.strip():
        raise UndecodableDocument("The file is empty.")
    if data.startswith(_BINARY_SIGNATURES):
        raise UndecodableDocument("The file is not text but a binary format.")
    text = _decode(data)
    if "\x00" in text:
        raise UndecodableDocument("The file has NUL bytes and is not text.")
    controls = sum(
        1 for char in text[:_SAMPLE] if unicodedata.category(char) == "Cc" and char not in "\t\n\r\f\v\x1b\x85"
    )
    if controls * 50 > len(text[:_SAMPLE]):
        raise UndecodableDocument("The file is not text: it is full of control characters.")
    if not text.strip():
        raise UndecodableDocument("The file is empty.")
    return text


def _decode(data: bytes) -> str:
    encoding, mark = encoding_of(data)
    return _strictly(data[mark:], encoding)


def encoding_of(data: bytes, *, is_whole: bool = True) -> tuple[str, int]:
    """The encoding of a text, and the length of its byte-order mark.

    ``is_whole`` says that ``data`` is all of it, so that what is no UTF-8 to its end is in a legacy encoding. Raises
    ``UndecodableDocument`` for NUL bytes in a text of single bytes.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=is_whole)
    except UnicodeDecodeError:
        pass
    else:
        if b"\x00" not in data:
            return "utf-8", 0
    pattern = _utf16_without_mark(data)
    if pattern:
        return pattern, 0
    if b"\x00" in data:
        raise UndecodableDocument("The file has NUL bytes and is not text.")
    return _legacy(data), 0


def _legacy(data: bytes) -> str:
    best = from_bytes(data[:_SAMPLE], threshold=0.3, enable_fallback=False).best()
    if best is not None and not _is_latin(str(best)):
        try:
            data.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            pass
        else:
            return str(best.encoding)
    # Among Latin encodings a short sample cannot tell; Windows-1252 is what an unmarked file almost always is.
    return "cp1252"


def _is_latin(sample: str) -> bool:
    letters = {char for char in sample if char.isalpha() and not char.isascii()}
    return all(unicodedata.name(char, "").startswith(("LATIN", "FEMININE", "MASCULINE", "MICRO")) for char in letters)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableDocument(f"The file is not {encoding} text: byte {error.start} cannot be read.") from error


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4096]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None
