"""Large tables with rare rows among them, made by SQL: one ``INSERT … SELECT`` a table.

The rows follow from their numbers, so every run reads the same ones. Beside what is common there is what makes a plan
go wrong: a program, a unit and a topic with a few entries, a word that a few entries hold, a person who sees little.
"""

from dataclasses import dataclass
from typing import Any

PROGRAMS, TOPICS, UNITS, COHORTS = 200, 500, 4_000, 1_000
NEWEST = "timestamptz '2026-06-01 12:00:00+00'"
RARE = 3
"""How many entries the rare program, unit, topic and word have each."""

LARGE = ("entry", "entry_topics", "enrollment", "progress", "project", "project_topics")
"""The tables that grow with the size, without the prefix of the app."""


@dataclass(frozen=True)
class Size:
    """``entries`` is the number of entries; the other large tables are a fraction of it.

    Of a thousand entries ``public`` are shared with everyone; the others are private, or for a cohort or a program.
    """

    entries: int
    public: int = 600

    @property
    def enrollments(self) -> int:
        return max(self.entries // 5, COHORTS)

    @property
    def progress(self) -> int:
        return self.entries // 2

    @property
    def projects(self) -> int:
        return self.entries // 4

    @property
    def users(self) -> int:
        return max(self.entries // 50, 500)


def _place(table: str, spread: str = "1 minute") -> str:
    return f"md5('{table}' || n)::uuid, {NEWEST} - n * interval '{spread}'"


def _record(table: str, spread: str = "1 minute") -> str:
    return f"{_place(table, spread)}, {NEWEST} - n * interval '{spread}'"


_PLACE = "uuid, created_at"
_RECORD = f"{_PLACE}, updated_at"


def _teaching(size: Size) -> list[tuple[str, str]]:
    listed = (
        "CASE WHEN n % 40 = 7 THEN 'draft' ELSE 'published' END, CASE WHEN n % 40 = 9 THEN 'unlisted' ELSE 'public' END"
    )
    return [
        (
            "auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)",
            f"n, '', n = 1, 'person-' || n, 'Person', 'Number ' || n, '', false, true, {NEWEST} FROM generate_series(1, {size.users}) n",
        ),
        (
            f"provider (id, {_RECORD}, slug, name, url, email, description)",
            f"n, {_record('provider')}, 'school-' || n, 'School ' || n, '', '', '' FROM generate_series(1, 10) n",
        ),
        (
            f"topic (id, {_RECORD}, kind, slug, name, description, uri, aliases)",
            f"""n, {_record("topic")}, 'concept', 'topic-' || n, 'Topic ' || n, '', '', '[]'
            FROM generate_series(1, {TOPICS + 1}) n""",
        ),
        (
            f"""program (id, {_RECORD}, slug, title, summary, description, outcomes, level, language, status, visibility,
                admission, enforce_order, external_id, provider_id)""",
            f"""n, {_record("program")}, 'program-' || n, 'Program ' || n, '', '', '[]', '', 'en', {listed}, 'open', false, '',
                1 + n % 10 FROM generate_series(1, {PROGRAMS + 1}) n""",
        ),
        (
            f"curriculum (id, {_RECORD}, version, status, notes, published_at, program_id)",
            f"n, {_record('curriculum')}, 1, 'published', '', {NEWEST}, n FROM generate_series(1, {PROGRAMS + 1}) n",
        ),
        (
            f"unit (id, {_RECORD}, slug, kind, title, description, url, external_id, provider_id)",
            f"""n, {_record("unit")}, 'unit-' || n, 'lesson', 'Unit ' || n, '', '', '', 1 + (1 + (n - 1) % {PROGRAMS}) % 10
            FROM generate_series(1, {UNITS + 1}) n""",
        ),
        (
            f"curriculumitem (id, {_RECORD}, position, is_required, weight, curriculum_id, unit_id)",
            f"n, {_record('item')}, n, true, 1, 1 + (n - 1) % {PROGRAMS}, n FROM generate_series(1, {UNITS + 1}) n",
        ),
        (
            f"unittopic (id, {_RECORD}, role, topic_id, unit_id)",
            f"n, {_record('unittopic')}, 'teaches', 1 + n % {TOPICS}, n FROM generate_series(1, {UNITS}) n",
        ),
        (
            f"cohort (id, {_RECORD}, slug, title, status, timezone, mode, program_id)",
            f"""n, {_record("cohort")}, 'cohort-' || n, 'Cohort ' || n, 'published', 'UTC', 'online', 1 + (n - 1) % {PROGRAMS}
            FROM generate_series(1, {COHORTS}) n""",
        ),
        (
            f"membership (id, {_RECORD}, role, user_id, provider_id, program_id, cohort_id)",
            f"""n, {_record("membership")}, 'mentor', n + 1, 1 + n % 10, CASE WHEN n < 100 THEN n END, NULL
            FROM generate_series(1, 105) n""",
        ),
    ]


def _learning(size: Size) -> list[tuple[str, str]]:
    enrollment = f"1 + (n * 7) % {size.enrollments}"
    # The last of the people have no enrolment: person ``users - 1`` sees what is public and ten entries of their own.
    learner = f"1 + ({{}} - 1) % {size.users - 10}"
    circle = f"""CASE WHEN (n * 61) % 1000 < {size.public} THEN 'public'
                ELSE (ARRAY['private', 'private', 'cohort', 'program'])[1 + n % 4] END"""
    last = size.entries
    return [
        (
            f"enrollment (id, {_RECORD}, email, status, source, enrolled_at, external_id, cohort_id, user_id, program_id)",
            f"""n, {_record("enrollment", "3 seconds")}, '', (ARRAY['active', 'active', 'paused', 'withdrawn'])[1 + n % 4], 'self',
                {NEWEST}, '', 1 + (n - 1) % {COHORTS}, {learner.format("n")}, 1 + (n - 1) % {PROGRAMS}
            FROM generate_series(1, {size.enrollments}) n""",
        ),
        (
            f"progress (id, {_RECORD}, status, source, started_at, enrollment_id, unit_id)",
            f"""n, {_record("progress", "3 seconds")}, 'in_progress', 'learner', {NEWEST}, 1 + n % {size.enrollments},
                1 + n / {size.enrollments} FROM generate_series(1, {size.progress}) n""",
        ),
        (
            f"""project (id, {_RECORD}, title, summary, body, repository_url, demo_url, position, status, visibility, external_id, owner_id,
                program_id)""",
            f"""n, {_record("project", "3 seconds")}, 'Project ' || n, '', md5(n::text), '', '', 0, 'submitted', {circle}, '',
                {learner.format("n")}, 1 + n % {PROGRAMS} FROM generate_series(1, {size.projects}) n""",
        ),
        (
            f"project_topics (id, {_PLACE}, project_id, topic_id)",
            f"n, {_place('project', '3 seconds')}, n, 1 + n % {TOPICS} FROM generate_series(1, {size.projects}) n",
        ),
        (
            f"""entry (id, {_RECORD}, kind, title, body, position, status, visibility, external_id, author_id, enrollment_id,
                parent_id, program_id, unit_id, accepted_at)""",
            f"""n, {_record("entry", "2 seconds")},
                (ARRAY['challenge', 'solution', 'learning', 'practice', 'takeaway', 'reflection'])[1 + n % 6],
                'Entry ' || n || ' on ' || (ARRAY['joins', 'locks', 'tests', 'types'])[1 + n % 4],
                'What happened, and what it taught: ' || md5(n::text) ||
                    CASE WHEN n % ({last} / {RARE}) = 1 THEN ' quokka.' ELSE '.' END,
                0, CASE WHEN n % 10 = 9 AND n % ({last} / {RARE}) > 9 THEN 'draft' ELSE 'published' END,
                CASE WHEN n % ({last} / {RARE}) < 9 THEN 'public' WHEN n % ({last} / 10) = 9 THEN 'private' ELSE {circle} END, '',
                CASE WHEN n % ({last} / 10) = 9 THEN {size.users - 1} ELSE {learner.format(f"({enrollment})")} END,
                CASE WHEN n % ({last} / 10) <> 9 THEN {enrollment} END,
                CASE WHEN n % 6 = 1 THEN n - 1 END,
                CASE WHEN n % ({last} / {RARE}) = 2 THEN {PROGRAMS + 1} ELSE 1 + (n * 7) % {PROGRAMS} END,
                CASE WHEN n % ({last} / {RARE}) = 3 THEN {UNITS + 1} ELSE 1 + (n * 7) % {UNITS} END,
                CASE WHEN n % 12 = 1 THEN {NEWEST} END
            FROM generate_series(6, {last + 5}) n""",
        ),
        (
            f"entry_topics (id, {_PLACE}, entry_id, topic_id)",
            f"""2 * n + s, {_place("entry", "2 seconds")}, n, CASE WHEN n % ({last} / {RARE}) = 4 AND s = 1 THEN {TOPICS + 1} ELSE 1 + (n * 7 + s * 31) % {TOPICS} END
            FROM generate_series(6, {last + 5}) n, generate_series(0, 1) s""",
        ),
    ]


def fill(cursor: Any, size: Size) -> None:
    """Fill the empty tables, as a superuser of PostgreSQL: without triggers, and without checks of foreign keys."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    for target, rows in (*_teaching(size), *_learning(size)):
        cursor.execute(f"INSERT INTO {'' if target.startswith('auth_') else 'django_prodev_'}{target} SELECT {rows}")
    cursor.execute("SET LOCAL session_replication_role = origin")
