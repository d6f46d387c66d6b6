"""A site that forgot ``migrate`` is told so by everything it serves, and shows no traceback."""

import subprocess
import sys
from pathlib import Path

SITE = """
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="x", ROOT_URLCONF="tests.urls", ALLOWED_HOSTS=["testserver"], USE_TZ=True, STATIC_URL="static/",
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.sessions", "django.contrib.messages", "rest_framework", "drf_spectacular", "django_prodev"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()
from django.test import Client
client = Client()
page = client.get("/learning/")
rest = client.get("/learning/api/v1/programs/")
body = {"query": "{ programs { nodes { title } } }"}
graphql = client.post("/learning/graphql/", body, content_type="application/json")
print(page.status_code, page.content.decode())
print(rest.status_code, rest.json()["code"])
print(graphql.status_code, graphql.json()["errors"][0]["extensions"]["code"])
"""


def test_without_tables_each_interface_says_to_migrate() -> None:
    root = Path(__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, "-c", SITE],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{root}"},
    )
    assert ran.stdout.splitlines() == [
        "503 The tables of django-prodev are missing. Run manage.py migrate.",
        "503 not_migrated",
        "200 NOT_MIGRATED",
    ], ran.stderr
