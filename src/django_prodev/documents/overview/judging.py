"""Whether a document that was read is an overview at all, and if not, why. Nothing is read here."""

from dataclasses import dataclass

from django_prodev.documents.records import RecordKind
from django_prodev.exceptions import EmptySkeleton, NotAnOverview, UnfilledTemplate

_CONCLUDED = frozenset({RecordKind.CHALLENGE, RecordKind.PRACTICE, RecordKind.TAKEAWAY})
_REFLECTED = frozenset({RecordKind.TAKEAWAY, RecordKind.CONCEPT})
_LEARNT = _CONCLUDED | {RecordKind.CONCEPT, RecordKind.LEARNING}


@dataclass(slots=True)
class Evidence:
    """What was seen while reading that makes no record."""

    challenge_sections: int = 0
    empty_challenge_sections: int = 0
    empty_statement_sections: int = 0
    placeholder_sections: int = 0
    placeholders: int = 0
    titled_otherwise: bool = False


def judge(evidence: Evidence, read: list[tuple[RecordKind, bool]]) -> NotAnOverview | None:
    """The refusal of a document that holds no learning record, or ``None`` for one that does.

    ``read`` has, for each record, its kind and whether it says more than its title.
    """
    kinds = {kind for kind, _ in read}
    if evidence.placeholders and not kinds & _CONCLUDED:
        return UnfilledTemplate(
            f"The document is a template: {evidence.placeholders} of its places were never filled in, "
            "and no challenge, practice or takeaway was."
        )
    unsaid = evidence.empty_challenge_sections and RecordKind.CHALLENGE not in kinds
    told = any(has_text for kind, has_text in read if kind in _LEARNT)
    if unsaid and not told:
        return EmptySkeleton("The document has headings for challenges and practices and nothing is said under them.")
    if evidence.titled_otherwise and not (kinds & _REFLECTED or kinds >= {RecordKind.CHALLENGE, RecordKind.PRACTICE}):
        return NotAnOverview("By its title the document is something else, and nothing in it tells what was learnt.")
    if not kinds & _LEARNT:
        return NotAnOverview("The document tells of no challenge, concept, practice, takeaway or learning.")
    return None
