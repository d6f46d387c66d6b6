"""System checks: a forgotten step of the installation is a message with a hint, never a traceback.

The ids are published and never move: ``docs/checks.md`` lists them. ``django_prodev.E001`` stands in ``urls``, since
nothing here is asked where the app is not installed. No check opens a connection, but the one with Django's tag for it.
"""

import sys
from collections.abc import Container, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from django_prodev import api, conf
from django_prodev.cache import installation
from django_prodev.cache.triggers import DIALECTS
from django_prodev.models import Program, search, topic_places
from django_prodev.models.tables import has_tables
from django_prodev.models.visibility import VisibilityPolicy

SUPPORTED_VENDORS = ("postgresql", "sqlite")

FIXED_DJANGO = {(5, 2): (5, 2, 19), (6, 0): (6, 0, 10), (6, 1): (6, 1, 3)}
"""The first release of each series without a published vulnerability, on the day this version was released."""

Apps = Sequence[AppConfig] | None


@register
def check_settings(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E002 to E004, E009, W001: ``DJANGO_PRODEV`` is a dict of settings that exist, with values that they take."""
    written = getattr(settings, conf.NAME, None)
    if written is None:
        return []
    if not isinstance(written, dict):
        return [
            Error(
                f"{conf.NAME} is {type(written).__name__}, not a dict.",
                hint=f'Write {conf.NAME} = {{"PAGE_SIZE": 20}}, or nothing at all: no setting is obligatory.',
                id="django_prodev.E002",
            )
        ]
    return [*_check_names(written), *_check_values(written), *_check_page_sizes(written), *_check_policies(written)]


def _check_names(written: dict[Any, Any]) -> Iterator[CheckMessage]:
    known = conf.declared()
    for name in written:
        if name not in known:
            close = get_close_matches(str(name).upper(), known, n=1)
            yield checks.Warning(
                f'{conf.NAME}["{name}"] is no setting, and does nothing.',
                hint=f"Did you mean {close[0]}?" if close else f"The settings are {', '.join(known)}.",
                id="django_prodev.W001",
            )


def _check_values(written: dict[Any, Any]) -> Iterator[CheckMessage]:
    for name, setting in conf.declared().items():
        if name in written and (trouble := setting.accepts(written[name])):
            yield Error(
                f'{conf.NAME}["{name}"] {trouble}.',
                hint=f"{setting.help} The default is {setting.default!r}.",
                id="django_prodev.E003",
            )


def _check_page_sizes(written: dict[Any, Any]) -> Iterator[CheckMessage]:
    declared = conf.declared()
    size, most = (written.get(name, declared[name].default) for name in ("PAGE_SIZE", "MAX_PAGE_SIZE"))
    if isinstance(size, int) and isinstance(most, int) and size > most:
        yield Error(
            f'{conf.NAME}["PAGE_SIZE"] is {size}, more than the {most} of MAX_PAGE_SIZE.',
            hint="Lower PAGE_SIZE, or raise MAX_PAGE_SIZE.",
            id="django_prodev.E004",
        )


def _check_policies(written: dict[Any, Any]) -> Iterator[CheckMessage]:
    declared = conf.declared()
    for name, base in {"VISIBILITY_POLICY": VisibilityPolicy, "PERMISSION_POLICY": api.PermissionPolicy}.items():
        if name not in written or declared[name].accepts(written[name]):
            continue
        policy = declared[name].read(written[name])
        if not (isinstance(policy, type) and issubclass(policy, base)):
            yield Error(
                f'{conf.NAME}["{name}"] names {written[name]!r}, which is no subclass of {base.__name__}.',
                hint=f"Subclass {declared[name].default}, and override the rule that shall be another.",
                id="django_prodev.E009",
            )


@register(Tags.urls)
def check_addresses(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E005 to E007, W002, W003: something is mounted, and what it needs beside it is installed."""
    try:
        served = set(_served(get_resolver().url_patterns)) if getattr(settings, "ROOT_URLCONF", None) else set()
    except (ImportError, ImproperlyConfigured):
        return []  # Django's own checks say what is wrong with the URLs.
    if not served:
        return [
            checks.Warning(
                "Nothing of django_prodev is mounted: the site has its tables, but no pages and no API.",
                hint='Add path("learning/", include("django_prodev.urls")) to the URLs. A site that only uses the '
                "models and the admin silences this check.",
                id="django_prodev.W002",
            )
        ]
    return [*_check_companions(served), *_check_templates(served)]


def _served(patterns: Sequence[Any]) -> Iterator[str]:
    """The modules of ours whose views the patterns lead to."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _served(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", getattr(pattern.callback, "cls", pattern.callback))
            module = str(getattr(view, "__module__", ""))
            if module.startswith("django_prodev."):
                yield module


def _check_companions(served: set[str]) -> Iterator[CheckMessage]:
    has_rest = any(module.startswith("django_prodev.rest.") for module in served)
    has_documentation = "django_prodev.rest.documentation" in served
    if has_rest and not apps.is_installed("rest_framework"):
        yield Error(
            "The REST API is mounted, but rest_framework is not in INSTALLED_APPS: its pages cannot be shown.",
            hint='Add "rest_framework" to INSTALLED_APPS.',
            id="django_prodev.E005",
        )
    if has_documentation and not apps.is_installed("drf_spectacular"):
        yield Error(
            "The REST API's documentation is mounted, but drf_spectacular is not in INSTALLED_APPS.",
            hint='Add "drf_spectacular" to INSTALLED_APPS.',
            id="django_prodev.E006",
        )
    if has_documentation and not apps.is_installed("drf_spectacular_sidecar"):
        yield checks.Warning(
            "drf_spectacular_sidecar is not in INSTALLED_APPS: Swagger UI and Redoc stay blank, since their scripts "
            "are served from this site.",
            hint='Add "drf_spectacular_sidecar" to INSTALLED_APPS, and run collectstatic where the site is deployed.',
            id="django_prodev.W003",
        )


def _check_templates(served: set[str]) -> Iterator[CheckMessage]:
    if not any(module.startswith("django_prodev.pages.") for module in served):
        return
    try:
        get_template("django_prodev/base.html")
    except (TemplateDoesNotExist, ImproperlyConfigured):
        yield Error(
            "The pages are mounted, but no template engine finds django_prodev/base.html.",
            hint='Add an engine to TEMPLATES with "BACKEND": "django.template.backends.django.DjangoTemplates" and '
            '"APP_DIRS": True.',
            id="django_prodev.E007",
        )


@register
def check_database(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """E008: the database that holds the tables keeps the rules that they declare."""
    found: list[CheckMessage] = []
    for alias in _aliases():
        vendor = _vendor(alias)
        if vendor in SUPPORTED_VENDORS:
            continue
        found.append(
            Error(
                f'The database "{alias}" is {_NAMES.get(vendor, vendor)}, which django_prodev does not support: '
                "it has no partial unique indexes, so that two open enrolments of one person, two published "
                "curricula of one program and two answers to one retried request would all be stored.",
                hint="Use PostgreSQL (14 or later) or SQLite, or route the app django_prodev to one with "
                "DATABASE_ROUTERS.",
                id="django_prodev.E008",
            )
        )
    return found


_NAMES = {"mysql": "MySQL or MariaDB", "oracle": "Oracle", "microsoft": "Microsoft SQL Server"}


def _aliases() -> set[str]:
    return {router.db_for_write(Program), router.db_for_read(Program)}


def _vendor(alias: str) -> str:
    """The kind of database, also where its driver is not installed."""
    try:
        return str(connections[alias].vendor)
    except ImproperlyConfigured:
        return str(settings.DATABASES[alias].get("ENGINE", "")).rpartition(".")[2]


@register(deploy=True)
def check_sqlite_transactions(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W004, with ``check --deploy``: SQLite's writers wait for each other.

    It is asked of deployments only: ``startproject`` writes such a database, and one person does not meet another.
    """
    return [
        checks.Warning(
            f'The SQLite database "{alias}" begins its transactions as readers: of two requests that then write at '
            'the same moment, one fails at once with "database is locked".',
            hint=f'DATABASES["{alias}"]["OPTIONS"] = {{"transaction_mode": "IMMEDIATE", "timeout": 20}}',
            id="django_prodev.W004",
        )
        for alias in sorted(_aliases())
        if _vendor(alias) == "sqlite"
        and str(connections[alias].settings_dict.get("OPTIONS", {}).get("transaction_mode") or "").upper()
        not in {"IMMEDIATE", "EXCLUSIVE"}
    ]


@register(Tags.security)
def check_django_version(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """W005: this Django has no vulnerability that a later release of its series mends."""
    fixed = FIXED_DJANGO.get(django.VERSION[:2])
    if fixed is None or django.VERSION[:3] >= fixed:
        return []
    wanted = ".".join(map(str, fixed))
    return [
        checks.Warning(
            f"Django {django.get_version()} has published vulnerabilities.",
            hint=f'Upgrade it: pip install "Django>={wanted},<{fixed[0]}.{fixed[1] + 1}"',
            id="django_prodev.W005",
        )
    ]


@register(Tags.database)
def check_tables(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W006, with ``check --database``: the tables are there."""
    if "migrate" in sys.argv[1:2]:
        return []  # It asks before it does what this would ask for.
    return [
        checks.Warning(
            f'The database "{alias}" has no tables of django_prodev: every page and every answer needs them.',
            hint=f"Run manage.py migrate{'' if alias == 'default' else f' --database {alias}'}.",
            id="django_prodev.W006",
        )
        for alias in sorted(_aliases() & set(databases or ()))
        if not has_tables(alias)
    ]


def _with_tables(databases: Sequence[str] | None, vendors: Container[str]) -> list[str]:
    """Those of the databases that are asked about which have the tables, and are of one of these vendors."""
    asked = sorted(_aliases() & set(databases or ()))
    return [alias for alias in asked if _vendor(alias) in vendors and has_tables(alias)]


@register(Tags.database)
def check_stamps(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W007, with ``check --database``: every table moves its stamps."""
    if sys.argv[1:2] in (["migrate"], ["prodev_stamps"]):
        return []
    return [
        checks.Warning(
            f'In the database "{alias}" changes of some tables would not be noticed, so nothing is cached: '
            f"{', '.join(sorted({*state.missing, *state.stale})) or 'the tables of stamps are missing'}.",
            hint=f"Run manage.py prodev_stamps --install{'' if alias == 'default' else f' --database {alias}'}.",
            id="django_prodev.W007",
        )
        for alias in _with_tables(databases, DIALECTS)
        if not (state := installation.inspect(connections[alias])).is_whole
    ]


@register(Tags.database)
def check_search(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W008, with ``check --database``: words are looked up in an index."""
    if sys.argv[1:2] == ["migrate"]:
        return []
    return [
        checks.Warning(
            f'In the database "{alias}" every search reads the whole table: there is no {", ".join(absent)}.',
            hint="Let a superuser run CREATE EXTENSION pg_trgm in it, and then run manage.py migrate.",
            id="django_prodev.W008",
        )
        for alias in _with_tables(databases, ("postgresql",))
        if (absent := search.missing(connections[alias]))
    ]


@register(Tags.database)
def check_topic_places(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W009, with ``check --database``: rows that are tagged get their place in the lists of their topics."""
    if sys.argv[1:2] == ["migrate"]:
        return []
    return [
        checks.Warning(
            f'In the database "{alias}" triggers or an index are missing that keep rows in the order of their topics\' '
            f"lists: {', '.join(f'django_prodev_{name}_topics' for name in absent)}. Without triggers it takes no row.",
            hint=f"Run manage.py migrate{'' if alias == 'default' else f' --database {alias}'}.",
            id="django_prodev.W009",
        )
        for alias in _with_tables(databases, ("postgresql",))
        if (absent := topic_places.missing(connections[alias]))
    ]
