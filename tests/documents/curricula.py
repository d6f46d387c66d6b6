"""Curricula for the tests of this room: one of every feature, and a strategy that makes any."""

from typing import Any

from hypothesis import strategies as st

OVERVIEW = """# Backend apprenticeship

Twelve weeks of building services that other people depend on.

## Technologies

- **Django:** the framework every service of ours began with.
- **PostgreSQL:** where the rows lived, and where most of the speed was won.

## Concepts

- **Idempotency:** doing a thing twice has the effect of doing it once.

## Challenges and solutions

- **Challenge:** The nightly export took longer than the night.
  - **Solution:** One query with a window function replaced a loop of thousands.
- **Challenge:** Two workers paid the same invoice.
  - **Solution:** A unique key on the payment made the second attempt fail.

## Best practices

- Write the test that fails before the fix.

## Takeaways

- Logs are read by tired people; write them so.
"""

CURRICULUM: dict[str, Any] = {
    "prodev": 1,
    "provider": {"slug": "harbour", "name": "Harbour School", "url": "https://harbour.example"},
    "program": {
        "slug": "services",
        "title": "Services that last",
        "summary": "From a first endpoint to a service on call.",
        "description": "Two terms.\n\n# Not a title\n\n<!-- prodev:unit {} -->",
        "outcomes": ["Run a service", "Explain a failure"],
        "level": "intermediate",
        "language": "en-GB",
        "effort_hours": 320,
        "admission": "open",
        "enforce_order": True,
        "id": "H-1",
    },
    "topics": [
        {"name": "Observability", "kind": "concept", "slug": "observability", "aliases": ["o11y"]},
        {"name": "Django", "kind": "technology", "slug": "django", "description": "A web framework."},
    ],
    "units": [
        {
            "slug": "foundations",
            "title": "Foundations",
            "kind": "module",
            "units": [
                {
                    "slug": "first-endpoint",
                    "title": "A first endpoint",
                    "kind": "lesson",
                    "description": "Say hello over HTTP.",
                    "url": "https://harbour.example/first",
                    "effort_minutes": 90,
                    "topics": ["Django", {"name": "Observability", "role": "practices"}],
                },
                {"slug": "errors", "title": "Errors", "kind": "lesson", "required": False, "weight": 2.5},
            ],
            "min_children": 1,
        },
        {
            "slug": "on-call",
            "title": "A week on call",
            "kind": "project",
            "requires": ["Observability"],
            "id": "H-U-9",
        },
    ],
    "entries": [
        {
            "kind": "challenge",
            "title": "The queue that grew",
            "body": "Every deploy doubled it.",
            "unit": "errors",
            "topics": ["Observability"],
            "occurred_on": "2026-03-04",
            "solutions": [
                {"body": "Measure first.\n\n**Solution:** then bound it.", "accepted_at": "2026-03-05T08:00:00+00:00"},
                {"title": "Another way", "body": "Drop what is stale."},
            ],
        },
        {"kind": "practice", "body": "Name things once.", "visibility": "program"},
        {"kind": "takeaway", "title": "Slow is smooth", "status": "draft"},
        {"kind": "reflection", "title": "Afterwards", "body": "It was worth it.", "id": "E-7"},
    ],
    "projects": [
        {
            "title": "Tide tables",
            "summary": "An API of tides.",
            "body": "Built in a week.",
            "repository_url": "https://harbour.example/tides.git",
            "unit": "on-call",
            "topics": ["Django"],
        }
    ],
}
"""Everything that the format can say, at least once."""

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_AWKWARD = st.sampled_from(
    [
        "## Challenges",
        "### A heading",
        "**Solution:** no",
        "- **Challenge:** x",
        "<!-- prodev:entry {} -->",
        "<!-- /prodev -->",
        "<!-- \\/prodev -->",
        "---",
        "```",
        "| a | b |",
        "  indented",
        "null",
        "2026-01-01",
        "1e3",
        "0o14",
        "yes",
        "# x",
        "a: b",
        "{",
        "*",
        "\\",
        "--",
        "tab\there",
        "trailing  ",
        "",
        "é—🎓",
        "\u2028",
        "\x85",
        "\x07",
        "\ufeff",
    ]
)
_LINES = st.lists(st.one_of(_AWKWARD, st.text(_CHARACTERS, max_size=30)), max_size=5)
TEXTS = _LINES.map("\n".join)
TITLES = st.one_of(_AWKWARD, st.text(_CHARACTERS, max_size=300)).map(lambda text: " ".join(text.split())[:250])
NAMES = st.one_of(
    st.sampled_from(["Django", "django", "PostgreSQL", "Caching", "C", "C++", "C#", "Node.js", "NodeJS", "DRF", "--"]),
    TITLES.map(lambda text: text[:200].strip()),
).filter(bool)
_FILLED = TITLES.filter(bool)
_KINDS = st.sampled_from(["technology", "concept", "skill", "practice"])
_REFERENCES = st.one_of(NAMES, st.fixed_dictionaries({"name": NAMES}, optional={"kind": _KINDS}))
_TOPICS = st.lists(_REFERENCES, max_size=3)
_ROLES = st.sampled_from(["teaches", "practices", "assesses", "requires"])


def _units() -> st.SearchStrategy[list[dict[str, Any]]]:
    leaf = st.fixed_dictionaries(
        {"title": _FILLED, "kind": st.sampled_from(["module", "lesson", "event"])},
        optional={
            "description": TEXTS,
            "url": st.just("https://example.org/a"),
            "effort_minutes": st.integers(0, 1000),
            "required": st.booleans(),
            "weight": st.integers(1, 500).map(lambda hundredths: hundredths / 100),
            "topics": st.lists(
                st.one_of(_REFERENCES, st.fixed_dictionaries({"name": NAMES, "role": _ROLES})), max_size=3
            ),
        },
    )
    trees = st.recursive(
        st.lists(leaf, max_size=3),
        lambda inner: st.lists(st.tuples(leaf, inner).map(lambda pair: pair[0] | {"units": pair[1]}), max_size=3),
        max_leaves=6,
    )
    return trees.map(_with_slugs)


def _with_slugs(units: list[dict[str, Any]], prefix: str = "u") -> list[dict[str, Any]]:
    for number, unit in enumerate(units):
        unit["slug"] = f"{prefix}-{number}"
        unit["units"] = _with_slugs(unit.get("units", []), unit["slug"])
    return units


def _filled(row: dict[str, Any]) -> bool:
    return bool(row.get("title", "").strip() or row.get("body", "").strip())


_SOLUTIONS = st.lists(
    st.fixed_dictionaries({"body": TEXTS}, optional={"title": TITLES, "topics": _TOPICS}).filter(_filled), max_size=2
)
_ENTRIES = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("challenge"), "body": TEXTS}, optional={"title": TITLES, "solutions": _SOLUTIONS}
    ),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["learning", "practice", "takeaway", "reflection"]), "body": TEXTS},
        optional={"title": TITLES, "topics": _TOPICS, "visibility": st.sampled_from(["private", "public"])},
    ),
).filter(_filled)

CURRICULA: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "prodev": st.just(1),
        "program": st.fixed_dictionaries(
            {"title": _FILLED, "slug": st.just("made")},
            optional={"description": TEXTS, "summary": TITLES, "outcomes": st.lists(TEXTS, max_size=2)},
        ),
        "units": _units(),
        "entries": st.lists(_ENTRIES, max_size=4),
        "projects": st.lists(
            st.fixed_dictionaries({"title": _FILLED}, optional={"body": TEXTS, "topics": _TOPICS}), max_size=2
        ),
    }
)
