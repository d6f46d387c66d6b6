"""The limits: what no API over this data can be faster than.

(a) One SQL statement, written by hand, that returns the finished JSON through psycopg, prepared, in a bare Django
view. (b) Finished bytes from Redis in a bare Django view. Both check nothing and offer nothing.
"""

import os
from typing import Any

import psycopg
import redis
from django.db import connection
from django.http import HttpRequest, HttpResponse

from benchmarks.reads.settings import REDIS_URL

LISTED = "p.status = 'published' AND p.visibility = 'public'"
SHARED = "e.status = 'published' AND e.visibility = 'public'"
_SHOWN = "IN (SELECT p.id FROM django_prodev_program p WHERE p.status = 'published' AND p.visibility"

REST_PROGRAMS = f"""
SELECT json_agg(json_build_object('id', p.uuid, 'created_at', p.created_at, 'updated_at', p.updated_at,
  'slug', p.slug, 'title', p.title, 'summary', p.summary, 'description', p.description, 'outcomes', p.outcomes,
  'level', p.level, 'language', p.language, 'effort_hours', p.effort_hours, 'status', p.status,
  'visibility', p.visibility, 'admission', p.admission, 'enforce_order', p.enforce_order,
  'provider', (SELECT json_build_object('id', v.uuid, 'slug', v.slug, 'name', v.name)
    FROM django_prodev_provider v WHERE v.id = p.provider_id),
  'curriculum', (SELECT json_build_object('id', c.uuid, 'version', c.version, 'status', c.status, 'notes', c.notes,
    'published_at', c.published_at, 'items', (SELECT json_agg(json_build_object('id', i.uuid,
      'position', i.position, 'is_required', i.is_required, 'weight', i.weight::float8,
      'min_children', i.min_children,
      'parent', CASE WHEN i.parent_id IS NOT NULL THEN json_build_object('id', o.uuid) END,
      'unit', json_build_object('id', u.uuid, 'kind', u.kind, 'slug', u.slug, 'title', u.title,
        'description', u.description, 'url', u.url, 'effort_minutes', u.effort_minutes,
        'topics', (SELECT json_agg(json_build_object('role', t.role, 'topic', json_build_object('id', k.uuid,
          'kind', k.kind, 'slug', k.slug, 'name', k.name)) ORDER BY t.id)
          FROM django_prodev_unittopic t JOIN django_prodev_topic k ON k.id = t.topic_id WHERE t.unit_id = u.id)))
      ORDER BY i.position, i.id)
      FROM django_prodev_curriculumitem i JOIN django_prodev_unit u ON u.id = i.unit_id
      LEFT JOIN django_prodev_curriculumitem o ON o.id = i.parent_id WHERE i.curriculum_id = c.id))
    FROM django_prodev_curriculum c WHERE c.program_id = p.id AND c.status = 'published')))::text
FROM (SELECT * FROM django_prodev_program p WHERE {LISTED} ORDER BY title, uuid LIMIT 20) p
"""

GRAPHQL_PROGRAMS = f"""
SELECT json_agg(json_build_object('id', p.uuid, 'slug', p.slug, 'title', p.title, 'summary', p.summary,
  'curriculum', (SELECT json_build_object('id', c.uuid, 'version', c.version,
    'items', (SELECT json_agg(json_build_object('id', i.uuid, 'position', i.position, 'isRequired', i.is_required,
      'unit', json_build_object('id', u.uuid, 'kind', upper(u.kind), 'slug', u.slug, 'title', u.title,
        'topics', (SELECT json_agg(json_build_object('role', upper(t.role), 'topic', json_build_object('id', k.uuid,
          'name', k.name)) ORDER BY t.id)
          FROM django_prodev_unittopic t JOIN django_prodev_topic k ON k.id = t.topic_id WHERE t.unit_id = u.id)))
      ORDER BY i.position, i.id)
      FROM django_prodev_curriculumitem i JOIN django_prodev_unit u ON u.id = i.unit_id
      WHERE i.curriculum_id = c.id))
    FROM django_prodev_curriculum c WHERE c.program_id = p.id AND c.status = 'published')))::text
FROM (SELECT * FROM django_prodev_program p WHERE {LISTED} ORDER BY title, uuid LIMIT 20) p
"""

_NAME = """COALESCE(NULLIF(TRIM(a.first_name || ' ' || a.last_name), ''),
    CASE WHEN a.username LIKE '%%@%%' THEN '' ELSE a.username END)"""
_AUTHOR = f"""(SELECT json_build_object('name', {_NAME}) FROM auth_user a WHERE a.id = e.author_id)"""
_TOPICS = """COALESCE((SELECT json_agg(json_build_object('id', k.uuid, 'kind', k.kind, 'slug', k.slug,
    'name', k.name) ORDER BY t.id) FROM django_prodev_entry_topics t JOIN django_prodev_topic k ON k.id = t.topic_id
    WHERE t.entry_id = e.id), '[]')"""
_SOLUTION = f"""json_build_object('id', e.uuid, 'title', e.title, 'body', e.body, 'status', e.status,
    'visibility', e.visibility, 'accepted_at', e.accepted_at, 'created_at', e.created_at,
    'updated_at', e.updated_at, 'author', {_AUTHOR}, 'topics', {_TOPICS})"""


def _entry(shown: str) -> str:
    """An entry as JSON; ``shown`` is which programs may be looked into."""
    return f"""json_build_object('id', e.uuid, 'created_at', e.created_at, 'updated_at', e.updated_at,
  'kind', e.kind, 'title', e.title, 'body', e.body, 'position', e.position, 'status', e.status,
  'visibility', e.visibility, 'occurred_on', e.occurred_on, 'accepted_at', e.accepted_at, 'author', {_AUTHOR},
  'program', (SELECT json_build_object('id', p.uuid, 'slug', p.slug, 'title', p.title)
    FROM django_prodev_program p WHERE p.id = e.program_id AND p.status = 'published' AND p.visibility {shown}),
  'parent', (SELECT json_build_object('id', o.uuid, 'kind', o.kind, 'title', o.title) FROM django_prodev_entry o
    WHERE o.id = e.parent_id AND o.status = 'published' AND o.visibility = 'public'
    AND o.program_id {_SHOWN} {shown})),
  'topics', {_TOPICS},
  'solutions', COALESCE((SELECT json_agg({_SOLUTION} ORDER BY e.accepted_at NULLS LAST, e.position, e.id)
    FROM django_prodev_entry e WHERE e.parent_id = outer_e.id AND {SHARED} AND e.program_id {_SHOWN} {shown})), '[]'))
"""


_PUBLIC, _ADDRESSED = "= 'public'", "IN ('public', 'unlisted')"

REST_ENTRIES = f"""
SELECT json_agg({_entry(_PUBLIC).replace("outer_e", "e_")})::text
FROM (SELECT e.*, e.id AS outer_id FROM django_prodev_entry e WHERE {SHARED} AND e.program_id {_SHOWN} {_PUBLIC})
  ORDER BY e.created_at DESC, e.uuid DESC LIMIT 50) e
""".replace("e_.id", "outer_id")

REST_ENTRY = f"""
SELECT {_entry(_ADDRESSED).replace("outer_e", "e_")}::text
FROM (SELECT e.*, e.id AS outer_id FROM django_prodev_entry e
  WHERE e.uuid = %s AND {SHARED} AND e.program_id {_SHOWN} {_ADDRESSED})) e
""".replace("e_.id", "outer_id")

GRAPHQL_ENTRIES = f"""
SELECT json_agg(json_build_object('id', e.uuid, 'kind', upper(e.kind), 'title', e.title, 'body', e.body,
  'createdAt', e.created_at, 'author', {_AUTHOR},
  'topics', COALESCE((SELECT json_agg(json_build_object('id', k.uuid, 'name', k.name) ORDER BY t.id)
    FROM django_prodev_entry_topics t JOIN django_prodev_topic k ON k.id = t.topic_id WHERE t.entry_id = e.id), '[]'),
  'solutions', COALESCE((SELECT json_agg(json_build_object('id', s.uuid, 'title', s.title, 'body', s.body)
      ORDER BY s.accepted_at NULLS LAST, s.position, s.id)
    FROM django_prodev_entry s WHERE s.parent_id = e.id AND s.status = 'published' AND s.visibility = 'public'
    AND s.program_id {_SHOWN} {_PUBLIC})), '[]')))::text
FROM (SELECT * FROM django_prodev_entry e WHERE {SHARED} AND e.program_id {_SHOWN} {_PUBLIC})
  ORDER BY e.created_at DESC, e.uuid DESC LIMIT 50) e
"""

GRAPHQL_ENTRY = f"""
SELECT json_build_object('id', e.uuid, 'kind', upper(e.kind), 'title', e.title, 'body', e.body,
  'createdAt', e.created_at, 'author', {_AUTHOR})::text
FROM django_prodev_entry e
WHERE e.uuid = %s AND {SHARED} AND e.program_id {_SHOWN} {_ADDRESSED})
"""

STATEMENTS = {
    "rest-programs": REST_PROGRAMS,
    "rest-entries": REST_ENTRIES,
    "rest-entry": REST_ENTRY,
    "graphql-programs": GRAPHQL_PROGRAMS,
    "graphql-entries": GRAPHQL_ENTRIES,
    "graphql-entry": GRAPHQL_ENTRY,
}


def statement(request: HttpRequest, name: str, identifier: str = "") -> HttpResponse:
    """Limit (a)."""
    connection.ensure_connection()
    driver: Any = connection.connection
    driver.prepare_threshold = 5
    row = psycopg.Cursor(driver).execute(STATEMENTS[name], [identifier] if identifier else [], prepare=True).fetchone()
    return HttpResponse(row[0], content_type="application/json")


_redis = redis.Redis.from_url(REDIS_URL)
_KEY = f"prodev-bench-{os.getpid()}"


def stored(request: HttpRequest) -> HttpResponse:
    """Limit (b)."""
    return HttpResponse(_redis.get(_KEY), content_type="application/json")


def store(body: bytes) -> None:
    """Put the bytes that limit (b) fetches."""
    _redis.set(_KEY, body, ex=3_600)
