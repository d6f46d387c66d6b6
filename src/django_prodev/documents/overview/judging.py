"""Whether a document that was read is an overview at all, and if not, why. Nothing is read here."""

from dataclasses import dataclass

from django_prodev.documents.records import RecordKind
from django_prodev.exceptions import EmptySkeleton, NotAnOverview, UnfilledTemplate

_CONCLUDED = frozenset({RecordKind.CHALLENGE, RecordKind.PRACTICE, RecordKind.TAKEAWAY})
_LEARNT = _CONCLUDED | {RecordKind.CONCEPT, RecordKind.LEARNING}


@dataclass(slots=True)
class Evidence:
    """What was seen while reading that makes no record."""

    challenge_sections: int = 0
    empty_challenge_sections: int = 0
    empty_statement_sections: int = 0
    placeholder_sections: int = 0
    placeholders: int = 0


def judge(evidence: Evidence, kinds: list[RecordKind], described: list[bool]) -> NotAnOverview | None:
    """The refusal of a document that holds no learning record, or ``None`` for one that does.

    ``kinds`` are the kinds read, ``described`` whether each says more than its title.
    """
    concluded = [kind for kind in kinds if kind in _CONCLUDED]
    learnt = [kind for kind in kinds if kind in _LEARNT]
    if evidence.placeholders and not concluded:
        return UnfilledTemplate(
            f"The document is a template: {evidence.placeholders} of its places were never filled in, "
            "and no challenge, practice or takeaway was."
        )
    unsaid = evidence.empty_challenge_sections and not any(kind is RecordKind.CHALLENGE for kind in kinds)
    told = any(has_text for kind, has_text in zip(kinds, described, strict=True) if kind in _LEARNT)
    if unsaid and not told:
        return EmptySkeleton("The document has headings for challenges and practices and nothing is said under them.")
    if not learnt:
        return NotAnOverview("The document tells of no challenge, concept, practice, takeaway or learning.")
    return None
