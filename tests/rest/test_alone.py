"""A site that wants the REST API alone mounts it alone, and never imports Graphene or what else it does not use."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SITE = """
import sys, types

urls = types.ModuleType("site_urls")
sys.modules["site_urls"] = urls

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF="site_urls",
    USE_TZ=True,
    STATIC_URL="static/",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "django_prodev",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

from django.urls import include, path

urls.urlpatterns = [path("rest/", include("django_prodev.rest.urls"))]

from django.core.management import call_command
from django.test import Client
from django_prodev.models import Program, Provider

call_command("migrate", verbosity=0)
Program.objects.create(
    provider=Provider.objects.create(slug="p", name="P"), slug="s", title="T", status="published"
)
client = Client()
answer = client.get("/rest/programs/?include=curriculum")
assert answer.status_code == 200, answer.content
assert [row["slug"] for row in answer.json()["results"]] == ["s"]
assert client.get("/rest/").json()["programs"] == "http://testserver/rest/programs/"
assert client.get("/rest/schema/", headers={"accept": "application/json"}).status_code == 200

foreign = {"graphene", "graphene_django", "graphql", "graphql_relay", "celery", "kombu", "hypothesis", "pytest"}
print(sorted(foreign & {name.partition(".")[0] for name in sys.modules}))
"""


def test_mounting_the_rest_addresses_alone_works_and_never_imports_graphene() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", SITE],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[]"
