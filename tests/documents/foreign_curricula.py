"""Small curricula in the forms of others, made up for the tests: one of each shape that an adapter reads."""

from typing import Any

TRACK: dict[str, Any] = {
    "language": "Harbourish",
    "slug": "harbourish",
    "active": True,
    "blurb": "A language for tide tables.",
    "concepts": [
        {"uuid": "c-1", "slug": "basics", "name": "Harbour Basics"},
        {"uuid": "c-2", "slug": "tides", "name": "Tides"},
        {"uuid": "c-3", "slug": "unused", "name": "Never Practised"},
    ],
    "exercises": {
        "concept": [
            {"slug": "low-water", "name": "Low Water", "uuid": "u-1", "concepts": ["basics"], "prerequisites": []},
            {"slug": "spring", "name": "Spring", "uuid": "u-2", "concepts": ["tides"], "prerequisites": ["basics"]},
            {
                "slug": "neap",
                "name": "Neap",
                "uuid": "u-3",
                "concepts": ["moons"],
                "prerequisites": [],
                "status": "wip",
            },
        ],
        "practice": [
            {
                "slug": "buoy",
                "name": "Buoy",
                "uuid": "u-4",
                "practices": ["tides"],
                "prerequisites": [],
                "difficulty": 4,
            },
            {"slug": "old", "name": "Old", "uuid": "u-5", "practices": [], "prerequisites": [], "status": "deprecated"},
        ],
        "foregone": ["lens"],
    },
    "tags": ["typing/strong"],
}

SUPERBLOCK: dict[str, Any] = {
    "chapters": [
        {
            "dashedName": "harbour-data",
            "comingSoon": True,
            "modules": [
                {
                    "dashedName": "reading-tide-tables",
                    "blocks": ["lecture-nodejs-buoys", "lab-tide-clock", "quiz-tides"],
                },
                {"dashedName": "empty-harbour", "blocks": []},
            ],
        },
        {
            "chapterType": "exam",
            "dashedName": "harbour-exam",
            "modules": [{"dashedName": "harbour-exam", "blocks": ["exam-harbour"]}],
        },
    ]
}

COURSE = """\
slug: lighthouse
name: Build a lighthouse
short_name: Redis
description_md: |
  A lighthouse in stages.
short_description_md: Stages of a lighthouse
concept_slugs: [light-sources]
languages:
  - slug: go
  - slug: python
marketing:
  difficulty: medium
  testimonials:
    - text: None of this is kept.
extensions:
  - slug: fog
    name: Fog horn
    description_markdown: Sound in fog.
stages:
  - slug: aa1
    name: Lay the ground
    difficulty: very_easy
    concept_slugs: [go-tcp-server]
    marketing_md: Lay it.
  - slug: bb2
    primary_extension_slug: fog
    name: Blow the horn
  - slug: cc3
    name: Light the lamp
"""

OUTLINE = """\
# Harbour School

Everything a pilot needs.

## Learning goals

- Read a tide table
- Bring a ship in

## Curriculum

### Pilotage

How ships come in.

**Topics covered**: `tide tables`, `PostgreSQL`, `and more`

Courses | Duration | Effort | Prerequisites | Discussion
:-- | :--: | :--: | :--: | :--:
[Tides One](https://courses.example.org/tides-1) ([notes](notes.md)) | 4 weeks | 2-4 hours/week | none | [chat](https://chat.example.org)
[Tides Two: Springs](https://courses.example.org/tides-2) | 6 weeks | 5 hours/week | Tides One, arithmetic | -
[Harbour Law](law/README.md) | 2h 30m | - | Tides Two and Tides One | -

Choose **one** of the following:

Courses | Duration | Effort
:-- | :--: | :--:
[Ropes](https://courses.example.org/ropes) | 1 week | 2 hours/week
[Knots with Python](https://courses.example.org/knots) | 1 week | 2 hours/week

## Contributing

- [Open an issue](https://issues.example.org)

## Team

- [Nobody](https://people.example.org/nobody)
"""

WEEKS = """\
# Harbour course

A course in weeks.

## Syllabus

### Week 1: [Docker at sea](https://weeks.example.org/1)

- Containers and crates
  - Lashing
  - Stowing
- Homework

### Week 2: Signals

By the end of this week you will:

- Wave a flag

1. Flags (45 min)
2. [Lamps](https://weeks.example.org/lamps) - how to blink

## Final project

Sail home.

## FAQ

- Is it wet? Yes.
"""
