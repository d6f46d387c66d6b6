"""The six curricula of the corpus as somebody read them, unit by unit, and how a reading compares with that.

The corpus is not part of this repository: titles stand in the gold files as fingerprints, topics by their names where
those are short. A line of a gold file is a unit, in the order of the document: how deep it stands, its kind, its title,
whether it is required and of how many parts any are enough, its minutes, and its topics by role.
"""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from django_prodev.documents.records import Document, RecordKind
from tests.documents.gold_names import fingerprint

FOLDER = Path(__file__).parent / "gold" / "curricula"
CORPUS = Path(os.environ.get("PRODEV_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus")) / "curricula"
COLUMNS = ("depth", "kind", "title", "required", "min_children", "minutes", "teaches", "practices", "requires")

Row = tuple[str, ...]


def rows_of(document: Document) -> list[Row]:
    """The units of a document as the gold files have them."""
    depths: dict[str, int] = {}
    rows = []
    for record in document.of(RecordKind.UNIT):
        depths[record.key] = depths.get(record.parent or "", -1) + 1
        extra = record.extra
        rows.append(
            (
                str(depths[record.key]),
                extra["kind"],
                fingerprint("unit", record.title),
                "yes" if extra["required"] else "no",
                str(extra["min_children"] or ""),
                str(extra["effort_minutes"] or ""),
                *(
                    _joined(topic["name"] for topic in extra["topics"] if topic["role"] == role)
                    for role in ("teaches", "practices", "requires")
                ),
            )
        )
    return rows


def _joined(names: Iterable[str]) -> str:
    return ", ".join(sorted({fingerprint("concept", name) for name in names}))


def gold(name: str) -> list[Row]:
    """The units in a gold file."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in COLUMNS) for row in csv.DictReader(file, delimiter="\t")]
