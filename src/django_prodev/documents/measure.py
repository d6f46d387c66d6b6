"""How well overviews are read, against counts made by hand: ``python -m django_prodev.documents.measure CORPUS``.

Prints a table a shape, and ends with status 1 when a share lies under what is asked (``--at-least``, in percent) or a
word is lost. Reading itself does not belong here.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django_prodev.conf import ProdevSettings
from django_prodev.documents.decisions.settling import settle
from django_prodev.documents.decoding import decode_document
from django_prodev.documents.overview import read_overview
from django_prodev.documents.overview.ledger import accounted
from django_prodev.documents.records import Document, RecordKind
from django_prodev.exceptions import NotAnOverview


@dataclass(frozen=True, slots=True)
class Measured:
    """One document: what was expected of it and what was read."""

    name: str
    shape: str
    expected: tuple[int, int]
    found: tuple[int, int]
    lost: int
    readers: tuple[str, ...]
    refusal: str

    @property
    def is_right(self) -> bool:
        """Whether the counts are exactly those expected and no word is lost."""
        return self.expected == self.found and not self.lost


def read_anyway(path: Path) -> tuple[Document, str, str]:
    """A document with its text, whether or not it is an overview; the third value says why it is none."""
    text = decode_document(path.read_bytes())
    try:
        return read_overview(text), text, ""
    except NotAnOverview as refusal:
        document = refusal.document if isinstance(refusal.document, Document) else Document("markdown", (), ())
        return document, text, refusal.message


def count_challenges(document: Document) -> tuple[int, int]:
    """How many challenges a document has, and how many of them with a solution."""
    solved = {record.parent for record in document.of(RecordKind.SOLUTION)}
    challenges = document.of(RecordKind.CHALLENGE)
    return len(challenges), sum(1 for record in challenges if record.key in solved)


def lost_words(text: str, document: Document) -> dict[str, int]:
    """The words of a source that stand neither in a record nor in a piece left out."""
    kept = [part for record in document.records for part in (record.title, record.text)]
    return accounted(text, [*kept, *(piece.text for piece in document.left_out)])


def measure(corpus: Path) -> Iterator[Measured]:
    """Read every overview that has a gold count, and every document that is none."""
    with (corpus / "gold.tsv").open(encoding="utf-8", newline="") as gold:
        rows = list(csv.DictReader(gold, delimiter="\t"))
    for row in rows:
        expected = (int(row["challenges"]), int(row["with_solution"]))
        yield _measure_one(corpus / "overviews" / f"{row['document']}.md", row["markup"], expected)
    for path in sorted((corpus / "not-overviews").glob("*.md")):
        yield _measure_one(path, "(no overview)", (0, 0))


def _measure_one(path: Path, shape: str, expected: tuple[int, int]) -> Measured:
    document, text, refusal = read_anyway(path)
    readers = tuple(dict.fromkeys(record.reader for record in document.of(RecordKind.CHALLENGE)))
    lost = sum(lost_words(text, document).values())
    # What is only proposed is not written by a plain import, so it does not count.
    written = settle(document, (), sure_from=ProdevSettings.IMPORT_SURE_FROM.default).document
    return Measured(path.stem, shape, expected, count_challenges(written), lost, readers, refusal)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the return value is the exit status."""
    parser = argparse.ArgumentParser(description="Measure how overviews are read against counts made by hand.")
    parser.add_argument("corpus", type=Path, help="folder with overviews/, not-overviews/ and gold.tsv")
    parser.add_argument("--at-least", type=float, default=97.0, help="share of documents in percent")
    options = parser.parse_args(arguments)
    if not (options.corpus / "gold.tsv").is_file():
        sys.stdout.write(f"There is no corpus at {options.corpus}: nothing was measured.\n")
        return 0
    results = list(measure(options.corpus))
    sys.stdout.write(table(results))
    overviews = [result for result in results if result.shape != "(no overview)"]
    share = 100 * sum(result.is_right for result in overviews) / len(overviews)
    others = all(result.is_right for result in results if result.shape == "(no overview)")
    return 0 if share >= options.at_least and others and not any(result.lost for result in results) else 1


def table(results: Sequence[Measured]) -> str:
    """The results as text: a line a shape, a line a document that is wrong, and the shares."""
    shapes = Counter(result.shape for result in results)
    right = Counter(result.shape for result in results if result.is_right)
    lines = [f"{'shape':<20}{'right':>7}{'of':>5}"]
    lines += [f"{shape:<20}{right[shape]:>7}{count:>5}" for shape, count in sorted(shapes.items())]
    for result in results:
        if not result.is_right:
            lines.append(
                f"  {result.name} ({result.shape}): expected {result.expected}, found {result.found}, "
                f"{result.lost} words lost; read by {', '.join(result.readers) or 'none'}"
            )
        elif result.refusal:
            lines.append(f"  {result.name} ({result.shape}) gives nothing: {result.refusal}")
    overviews = [result for result in results if result.shape != "(no overview)"]
    exact = sum(result.is_right for result in overviews)
    lost = sum(result.lost for result in results)
    lines.append(
        f"{exact} of {len(overviews)} overviews exact ({100 * exact / len(overviews):.1f} %); {lost} words lost"
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
