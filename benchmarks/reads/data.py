"""A database of the size that the figures are for, made by SQL: one ``INSERT … SELECT`` a table.

The rows follow from their numbers, so that every run reads the same ones. Some of everything is hidden: of 200
programs 190 are listed, of the entries six in ten are published for everyone.
"""

import os
from dataclasses import dataclass

import psycopg
from psycopg import sql

PROGRAMS, TOPICS, UNITS_EACH, COHORTS_EACH, ENROLLMENTS, USERS = 200, 500, 20, 5, 50_000, 10_000
NEWEST = "timestamptz '2026-06-01 12:00:00+00'"


@dataclass(frozen=True)
class Size:
    """``entries`` is the number of entries; three in ten are challenges and three in ten solve one."""

    entries: int = 500_000

    @property
    def database(self) -> str:
        suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
        return f"prodev_bench{'_' + suffix if suffix else ''}_{self.entries}"


def _uuid(table: str, number: str = "n") -> str:
    return f"md5('{table}' || {number})::uuid"


_RECORD = "uuid, created_at, updated_at"


def _record(table: str, spread: str = "interval '1 minute'") -> str:
    return f"{_uuid(table)}, {NEWEST} - n * {spread}, {NEWEST} - n * {spread}"


def _statements(size: Size) -> list[str]:
    prefix = "django_prodev_"
    lessons = f"{PROGRAMS * UNITS_EACH}"
    enrollment = f"(1 + (n / 10 + n % 10 * 200) % {ENROLLMENTS})"
    return [
        f"""INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff,
            is_active, date_joined)
            SELECT n, '', false, 'learner' || n, 'Person', 'Number ' || n, '', false, true, {NEWEST}
            FROM generate_series(1, {USERS}) n""",
        f"""INSERT INTO {prefix}provider (id, {_RECORD}, slug, name, url, email, description)
            SELECT n, {_record("provider")}, 'school-' || n, 'School ' || n, 'https://school.example', '', ''
            FROM generate_series(1, 10) n""",
        f"""INSERT INTO {prefix}topic (id, {_RECORD}, kind, slug, name, description, uri, aliases)
            SELECT n, {_record("topic")}, (ARRAY['technology', 'concept', 'skill', 'practice'])[1 + n % 4],
                'topic-' || n, 'Topic ' || n, '', '', '[]' FROM generate_series(1, {TOPICS}) n""",
        f"""INSERT INTO {prefix}program (id, {_RECORD}, slug, title, summary, description, outcomes, level, language,
                effort_hours, status, visibility, admission, enforce_order, external_id, provider_id)
            SELECT n, {_record("program")}, 'program-' || n, 'Program ' || lpad(n::text, 3, '0'), 'What one does.',
                repeat('About it. ', 20), '["Can do it", "Can say why"]', 'beginner', 'en', 120,
                CASE WHEN n % 40 = 7 THEN 'draft' ELSE 'published' END,
                CASE WHEN n % 40 = 9 THEN 'unlisted' ELSE 'public' END, 'open', false, '', 1 + n % 10
            FROM generate_series(1, {PROGRAMS}) n""",
        f"""INSERT INTO {prefix}curriculum (id, {_RECORD}, version, status, notes, published_at, program_id)
            SELECT n, {_record("curriculum")}, 1, 'published', '', {NEWEST}, n FROM generate_series(1, {PROGRAMS}) n""",
        f"""INSERT INTO {prefix}unit (id, {_RECORD}, slug, kind, title, description, url, effort_minutes, external_id,
                provider_id)
            SELECT n, {_record("unit")}, 'unit-' || n, 'lesson', 'Unit ' || n, 'What one learns.', '', 45, '',
                1 + (1 + (n - 1) / {UNITS_EACH}) % 10 FROM generate_series(1, {lessons}) n""",
        f"""INSERT INTO {prefix}curriculumitem (id, {_RECORD}, position, is_required, weight, curriculum_id, unit_id,
                parent_id)
            SELECT n, {_record("item")}, n % {UNITS_EACH}, true, 1, 1 + (n - 1) / {UNITS_EACH}, n,
                CASE WHEN n % 4 <> 1 THEN n - (n - 1) % 4 END FROM generate_series(1, {lessons}) n""",
        f"""INSERT INTO {prefix}unittopic (id, {_RECORD}, role, topic_id, unit_id)
            SELECT n, {_record("unittopic")}, 'teaches', 1 + (n * 7) % {TOPICS}, 1 + n % {lessons}
            FROM generate_series(1, {lessons}) n""",
        f"""INSERT INTO {prefix}cohort (id, {_RECORD}, slug, title, status, timezone, mode, program_id)
            SELECT n, {_record("cohort")}, 'cohort-' || n, 'Cohort ' || n, 'published', 'UTC', 'online',
                1 + (n - 1) % {PROGRAMS} FROM generate_series(1, {PROGRAMS * COHORTS_EACH}) n""",
        f"""INSERT INTO {prefix}enrollment (id, {_RECORD}, email, status, source, enrolled_at, external_id, cohort_id,
                user_id, program_id)
            SELECT n, {_record("enrollment")}, '', 'active', 'self', {NEWEST}, '',
                1 + (n - 1) % {PROGRAMS * COHORTS_EACH},
                1 + ((n - 1) % {PROGRAMS} * 37 + (n - 1) / {PROGRAMS} * 40) % {USERS}, 1 + (n - 1) % {PROGRAMS}
            FROM generate_series(1, {ENROLLMENTS}) n""",
        f"""INSERT INTO {prefix}entry (id, {_RECORD}, kind, title, body, position, status, visibility, external_id,
                author_id, enrollment_id, parent_id, program_id, unit_id)
            SELECT n, {_record("entry", "interval '7 seconds'")},
                (ARRAY['challenge', 'challenge', 'challenge', 'solution', 'solution', 'solution', 'learning',
                    'practice', 'takeaway', 'reflection'])[1 + n % 10],
                'Entry ' || n || ' on ' || (ARRAY['joins', 'locks', 'tests', 'types'])[1 + n % 4],
                'What happened, and what it taught: ' || md5(n::text) || '.', 0,
                CASE WHEN n / 10 % 10 = 9 THEN 'draft' ELSE 'published' END,
                CASE WHEN n / 10 % 10 IN (6, 7, 8)
                    THEN (ARRAY['private', 'cohort', 'program'])[n / 10 % 10 - 5] ELSE 'public' END, '',
                1 + (({enrollment} - 1) % {PROGRAMS} * 37 + ({enrollment} - 1) / {PROGRAMS} * 40) % {USERS},
                {enrollment}, CASE WHEN n % 10 IN (3, 4, 5) THEN n - 3 END, 1 + ({enrollment} - 1) % {PROGRAMS},
                1 + (({enrollment} - 1) % {PROGRAMS}) * {UNITS_EACH} + n % {UNITS_EACH}
            FROM generate_series(10, {size.entries + 9}) n""",
        f"""INSERT INTO {prefix}entry_topics (id, entry_id, topic_id, created_at, uuid)
            SELECT 2 * id + s, id, 1 + (id * 7 + s * 31) % {TOPICS}, created_at, uuid
            FROM {prefix}entry, generate_series(0, 1) s""",
    ]


def prepare(size: Size, *, anew: bool = False) -> None:
    """Make the database and fill it, unless an earlier run did."""
    from django.conf import settings
    from django.core.management import call_command

    server = settings.DATABASES["default"]
    address = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    name = sql.Identifier(size.database)
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as admin:
        if anew:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [size.database]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
    call_command("migrate", verbosity=0)
    with psycopg.connect(dbname=size.database, autocommit=True, **address) as connection:
        if connection.execute("SELECT 1 FROM django_prodev_entry_topics LIMIT 1").fetchone():
            return
        print(f"Filling {size.database} …", flush=True)
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for statement in _statements(size):
                connection.execute(statement)
            for table in ("program", "unit", "curriculumitem", "enrollment", "entry", "entry_topics", "topic"):
                full = f"django_prodev_{table}"
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{full}', 'id'), (SELECT max(id) FROM {full}))"
                )
        connection.execute("VACUUM ANALYZE")


def entry_of_the_run() -> tuple[str, int]:
    """The identifier and key of a challenge, and of a program, that everyone sees, with one solution."""
    from django_prodev.models import Entry

    challenges = Entry.objects.visible_to(None).filter(kind="challenge", solutions__in=Entry.objects.visible_to(None))
    identifier, key = challenges.order_by("-created_at").values_list("uuid", "pk")[100]
    return str(identifier), key
