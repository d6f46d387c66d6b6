"""The plan of a publication in plain values, the same for both APIs."""

from collections import Counter
from typing import Any
from uuid import UUID

from django_prodev import api


def plan_values(curriculum: UUID, plan: api.PublicationPlan) -> dict[str, Any]:
    """What publishing would move: how many enrolments from which percentage to which, most of them first."""
    counted = Counter((move.before, move.after) for move in plan.moves if move.before != move.after)
    return {
        "curriculum": curriculum,
        "version": plan.version,
        "summary": plan.summary(),
        "enrollments": len(plan.moves),
        "pinned": plan.pinned,
        "changes": [
            {"before": before, "after": after, "enrollments": count}
            for (before, after), count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
        ],
        "faults": list(plan.faults),
    }
