"""Names and kinds that a reader found in twenty documents of the corpus, and how a reading compares with them.

The corpus is not part of this repository: only short names of technologies and concepts stand in the gold file as they
are, everything else as a fingerprint.
"""

import csv
import hashlib
import os
from collections import Counter
from pathlib import Path

from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.vocabulary import tokens

GOLD = Path(__file__).parent / "gold" / "overview_names.tsv"
CORPUS = Path(os.environ.get("PRODEV_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
LONGEST_WRITTEN_OUT = 3

Names = Counter[tuple[str, str]]


def fingerprint(kind: str, title: str) -> str:
    """A short name of a technology or concept as it stands, anything else as ten hexadecimal digits of its words."""
    words = tokens(title)
    text = " ".join(words)
    written_out = kind in {"technology", "concept"} and len(words) <= LONGEST_WRITTEN_OUT
    return text if written_out else "#" + hashlib.sha256(text.encode()).hexdigest()[:10]


def names_of(document: Document) -> Names:
    """The kinds and names of a document's records, solutions aside: they have no names of their own."""
    return Counter(
        (str(record.kind), fingerprint(record.kind, record.title))
        for record in document.records
        if record.kind is not RecordKind.SOLUTION
    )


def gold() -> dict[str, Names]:
    """The names in the gold file, by document."""
    found: dict[str, Names] = {}
    with GOLD.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["document"], Counter())[row["kind"], row["name"]] += 1
    return found
