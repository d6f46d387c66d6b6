"""Each system check: silent where all is well, and with its own id and a hint where it is not."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.checks import CheckMessage, Error, run_checks
from django.core.checks import Warning as CheckWarning
from django.db import connections
from django.test import override_settings
from django.urls import include, path

from django_prodev import checks, conf
from django_prodev.models.visibility import VisibilityPolicy

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "checks.md").read_text()


def _urls(*patterns: Any) -> ModuleType:
    """A URLconf with these patterns."""
    module = ModuleType("urls")
    vars(module)["urlpatterns"] = list(patterns)
    return module


def _found(*, deploy: bool = False, databases: list[str] | None = None) -> list[CheckMessage]:
    return [
        message
        for message in run_checks(include_deployment_checks=deploy, databases=databases)
        if str(message.id).startswith("django_prodev.")
    ]


def _one(wanted: str, kind: type[CheckMessage], **kwargs: Any) -> CheckMessage:
    """The only message there is: of this id and kind, with a hint, and on the page of the documentation."""
    [message] = _found(**kwargs)
    assert message.id == f"django_prodev.{wanted}"
    assert type(message) is kind
    assert message.hint
    assert f"`{message.id}`" in PAGE
    return message


def test_a_site_that_followed_the_steps_hears_nothing() -> None:
    assert _found() == []


def test_the_page_lists_every_id_once() -> None:
    source = (ROOT / "src/django_prodev/checks.py").read_text() + (ROOT / "src/django_prodev/urls.py").read_text()
    ids = re.findall(r'id="(django_prodev\.[EW]\d{3})"', source)
    assert len(ids) == len(set(ids))
    assert sorted(re.findall(r"^\| `(django_prodev\.\w+)`", PAGE, re.MULTILINE)) == sorted(ids)


@pytest.mark.parametrize("value", [[], "PAGE_SIZE=20", 20])
def test_settings_that_are_no_dict_are_an_error(value: Any) -> None:
    with override_settings(DJANGO_PRODEV=value):
        message = _one("E002", Error)
    assert type(value).__name__ in message.msg


@pytest.mark.parametrize("name", conf.declared())
def test_a_value_that_a_setting_does_not_take_is_an_error(name: str) -> None:
    with override_settings(DJANGO_PRODEV={name: object()}):
        message = _one("E003", Error)
    assert f'DJANGO_PRODEV["{name}"]' in message.msg
    assert conf.declared()[name].help in str(message.hint)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PAGE_SIZE", 0), ("PAGE_SIZE", True), ("MAX_PAGE_SIZE", 10**9), ("GRAPHIQL", 1), ("VISIBILITY_POLICY", "a.B")],
)
def test_a_value_out_of_its_range_is_an_error(name: str, value: Any) -> None:
    with override_settings(DJANGO_PRODEV={name: value}):
        assert repr(value) in _one("E003", Error).msg


def test_pages_larger_than_the_largest_page_are_an_error() -> None:
    with override_settings(DJANGO_PRODEV={"PAGE_SIZE": 50, "MAX_PAGE_SIZE": 30}):
        _one("E004", Error)
    with override_settings(DJANGO_PRODEV={"PAGE_SIZE": 101}):
        _one("E004", Error)
    with override_settings(DJANGO_PRODEV={"PAGE_SIZE": 100}):
        assert _found() == []


@pytest.mark.parametrize("name", ["VISIBILITY_POLICY", "PERMISSION_POLICY"])
def test_a_policy_that_is_none_is_an_error(name: str) -> None:
    for value in ("json.dumps", "json.JSONEncoder"):
        with override_settings(DJANGO_PRODEV={name: value}):
            assert value in _one("E009", Error).msg


class OwnPolicy(VisibilityPolicy):
    pass


def test_settings_that_fit_are_silent() -> None:
    written = {name: setting.default for name, setting in conf.declared().items()}
    with override_settings(DJANGO_PRODEV=written | {"VISIBILITY_POLICY": f"{__name__}.OwnPolicy"}):
        assert _found() == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [("PAGESIZE", "PAGE_SIZE"), ("page_size", "PAGE_SIZE"), ("GRAPHQL_MAX_DEPHT", "GRAPHQL_MAX_DEPTH")],
)
def test_a_name_that_is_no_setting_is_a_warning_that_says_which_was_meant(written: str, meant: str) -> None:
    with override_settings(DJANGO_PRODEV={written: 20}):
        assert _one("W001", CheckWarning).hint == f"Did you mean {meant}?"


def test_a_name_like_no_setting_is_a_warning_that_lists_them() -> None:
    with override_settings(DJANGO_PRODEV={"colour": "red", 7: 8}):
        first, second = _found()
    assert first.id == second.id == "django_prodev.W001"
    assert "PAGE_SIZE, MAX_PAGE_SIZE" in str(first.hint)


def test_a_site_that_mounts_nothing_is_warned() -> None:
    with override_settings(ROOT_URLCONF=_urls()):
        _one("W002", CheckWarning)


def test_a_site_that_mounts_a_part_is_not_warned() -> None:
    for part in ("rest", "graphql", "pages"):
        with override_settings(ROOT_URLCONF=_urls(path("x/", include(f"django_prodev.{part}.urls")))):
            assert _found() == []


@pytest.mark.parametrize(
    ("missing", "wanted", "kind"),
    [
        ("rest_framework", "E005", Error),
        ("drf_spectacular", "E006", Error),
        ("drf_spectacular_sidecar", "W003", CheckWarning),
    ],
)
def test_a_companion_that_is_needed_and_not_installed_is_told(missing: str, wanted: str, kind: Any) -> None:
    installed = [app for app in settings.INSTALLED_APPS if app != missing]
    with override_settings(INSTALLED_APPS=installed):
        assert f'Add "{missing}"' in str(_one(wanted, kind).hint)
    graphql_alone = _urls(path("", include("django_prodev.graphql.urls")))
    with override_settings(INSTALLED_APPS=installed, ROOT_URLCONF=graphql_alone):
        assert _found() == []


@pytest.mark.parametrize("missing", ["django_filters", "graphene_django"])
def test_what_need_not_be_installed_is_not_asked_for(missing: str) -> None:
    with override_settings(INSTALLED_APPS=[app for app in settings.INSTALLED_APPS if app != missing]):
        assert _found() == []


def test_pages_without_a_template_engine_are_an_error() -> None:
    with override_settings(TEMPLATES=[]):
        _one("E007", Error)


@pytest.mark.parametrize(
    ("vendor", "name"), [("mysql", "MySQL or MariaDB"), ("oracle", "Oracle"), ("microsoft", "Microsoft SQL Server")]
)
def test_a_database_without_partial_indexes_is_an_error_that_says_why(
    monkeypatch: pytest.MonkeyPatch, vendor: str, name: str
) -> None:
    monkeypatch.setattr(checks, "connections", {"default": SimpleNamespace(vendor=vendor)})
    message = _one("E008", Error)
    assert name in message.msg
    assert "no partial unique indexes" in message.msg


def test_a_database_whose_driver_is_missing_is_known_by_its_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    class Connections:
        def __getitem__(self, alias: str) -> Any:
            raise django.core.exceptions.ImproperlyConfigured("Error loading MySQLdb module.")

    monkeypatch.setattr(checks, "connections", Connections())
    monkeypatch.setitem(settings.DATABASES, "default", {"ENGINE": "django.db.backends.mysql"})
    assert "MySQL or MariaDB" in _one("E008", Error).msg


class ToElsewhere:
    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return "elsewhere" if model._meta.app_label == "django_prodev" else None

    db_for_read = db_for_write


def test_only_the_database_that_holds_the_tables_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    vendors = {"default": SimpleNamespace(vendor="mysql"), "elsewhere": SimpleNamespace(vendor="postgresql")}
    monkeypatch.setattr(checks, "connections", vendors)
    with override_settings(DATABASE_ROUTERS=[f"{__name__}.ToElsewhere"]):
        assert _found() == []


@pytest.mark.parametrize(
    ("options", "is_warned"),
    [
        ({}, True),
        ({"transaction_mode": None}, True),
        ({"transaction_mode": "DEFERRED"}, True),
        ({"transaction_mode": "immediate"}, False),
        ({"transaction_mode": "EXCLUSIVE"}, False),
    ],
)
def test_sqlite_that_does_not_wait_is_warned_of_where_a_site_is_deployed(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], is_warned: bool
) -> None:
    connection = SimpleNamespace(vendor="sqlite", settings_dict={"OPTIONS": options})
    monkeypatch.setattr(checks, "connections", {"default": connection})
    assert _found() == []
    if is_warned:
        assert '"transaction_mode": "IMMEDIATE"' in str(_one("W004", CheckWarning, deploy=True).hint)
    else:
        assert _found(deploy=True) == []


@pytest.mark.parametrize("version", [(5, 2, 18), (6, 0, 9), (6, 1, 0)])
def test_a_vulnerable_django_is_warned_of(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]) -> None:
    monkeypatch.setattr(django, "VERSION", (*version, "final", 0))
    wanted = ".".join(map(str, checks.FIXED_DJANGO[version[:2]]))
    assert f">={wanted}," in str(_one("W005", CheckWarning).hint)


@pytest.mark.parametrize("version", [(5, 2, 19), (6, 0, 10), (6, 1, 3), (6, 2, 0), (7, 0, 0)])
def test_a_django_without_known_vulnerabilities_is_silent(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(django, "VERSION", (*version, "final", 0))
    assert _found() == []


@pytest.mark.django_db
def test_missing_tables_are_told_where_the_database_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found(databases=["default"]) == []
    monkeypatch.setattr(connections["default"].introspection, "table_names", list)
    assert _one("W006", CheckWarning, databases=["default"]).hint == "Run manage.py migrate."
    assert _found() == []
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate"])
    assert _found(databases=["default"]) == []


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of its own, whose installed apps an environment variable takes away from."""
    (tmp_path / "less.py").write_text(
        "import os\n"
        "from tests.settings import *\n"
        "INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in os.environ['LESS'].split()]\n"
        f"DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', 'NAME': '{tmp_path / 'db.sqlite3'}'}}}}\n"
    )
    return tmp_path


def _manage(site: Path, *arguments: str, less: str = "") -> str:
    environment = os.environ | {
        "LESS": less,
        "DJANGO_SETTINGS_MODULE": "less",
        "PYTHONPATH": os.pathsep.join(map(str, (site, ROOT, ROOT / "src"))),
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env=environment,
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_site_that_forgot_the_app_itself_gets_a_hint_and_no_traceback(site: Path) -> None:
    said = _manage(site, "check", less="django_prodev")
    assert "Traceback" not in said
    assert "(django_prodev.E001)" in said
    assert 'HINT: Add "django_prodev" to INSTALLED_APPS.' in said


def test_a_site_that_forgot_to_migrate_gets_a_hint_and_can_migrate(site: Path) -> None:
    said = _manage(site, "check", "--database", "default")
    assert "(django_prodev.W006)" in said
    assert "HINT: Run manage.py migrate." in said
    assert "W006" not in _manage(site, "migrate", "--verbosity", "0")
    assert "no issues" in _manage(site, "check", "--database", "default")
