"""The register of personal data: every column of every table, and what it says about a person.

It is complete on purpose. A test compares it with the models, so that a column cannot be added without a decision
about it here; the export takes its columns from it, and the erasure is tested against it.
"""

from enum import StrEnum


class Says(StrEnum):
    """What a column says about a person, and what erasing the person does to it."""

    NOTHING = "nothing"
    """It belongs to the catalogue, or to the bookkeeping of the table."""

    WHO = "who"
    """It names a person of the site. Emptied, or gone with the row."""

    ADDRESS = "address"
    """It names a person outside the site. Emptied, or gone with the row."""

    TEXT = "text"
    """A person wrote it, or somebody else wrote it about them. Emptied, or gone with the row."""

    TRACE = "trace"
    """What a person did, and when. Kept without the person where statistics are kept, otherwise gone with the row."""


def _columns(nothing: str, **personal: str) -> dict[str, Says]:
    columns = dict.fromkeys(f"id uuid created_at updated_at {nothing}".split(), Says.NOTHING)
    for says, names in personal.items():
        columns |= dict.fromkeys(names.split(), Says(says))
    return columns


COLUMNS: dict[str, dict[str, Says]] = {
    "provider": _columns("slug name url email description"),
    "topic": _columns("kind slug name description parent uri aliases"),
    "program": _columns(
        "provider slug title summary description outcomes level language effort_hours status visibility admission "
        "enforce_order external_id"
    ),
    "curriculum": _columns("program version status notes published_at", who="published_by"),
    "unit": _columns("provider slug kind title description url effort_minutes external_id topics"),
    "curriculumitem": _columns("curriculum unit parent position is_required weight min_children"),
    "unittopic": _columns("unit topic role"),
    "cohort": _columns(
        "program curriculum slug title status starts_at ends_at enrollment_opens_at enrollment_closes_at capacity "
        "timezone mode"
    ),
    "membership": _columns("", who="user", trace="provider program cohort role"),
    "enrollment": _columns(
        "anonymized_at",
        who="user external_id",
        address="email",
        trace="program curriculum cohort status source enrolled_at completed_at ended_at due_at",
    ),
    "progress": _columns("", trace="enrollment unit status score source started_at completed_at"),
    "entry": _columns(
        "position",
        who="author external_id",
        text="title body",
        trace="kind parent program enrollment unit project status visibility occurred_on accepted_at topics",
    ),
    "project": _columns(
        "position",
        who="owner members reviewer external_id",
        text="title summary body repository_url demo_url",
        trace="program enrollment unit status visibility submitted_at reviewed_at topics",
    ),
    "event": _columns(
        "key recorded_at dispatched_at",
        who="actor subject",
        trace="type occurred_at program object_type object_uuid data",
    ),
    "job": _columns(
        "",
        who="requested_by idempotency_key",
        text="message error result",
        trace="kind status total done started_at finished_at attempts",
    ),
    "receipt": _columns("fingerprint", who="user key", text="answer"),
}
"""What each column says, by the model's name and the field's. Many-to-many fields are columns too."""


def personal_columns(model_name: str) -> list[str]:
    """The columns of a model that say something about a person, in the order of the register."""
    return [name for name, says in COLUMNS[model_name].items() if says is not Says.NOTHING]
