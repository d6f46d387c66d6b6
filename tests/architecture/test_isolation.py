"""A site that mounts one API does not import the other one's libraries."""

import json
import subprocess
import sys
import textwrap

import pytest

SITE = """
    import json, sys
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="x",
        ALLOWED_HOSTS=["testserver"],
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", *{apps!r}, "django_prodev"],
        ROOT_URLCONF={urls!r},
        DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}},
        TEMPLATES=[{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}}],
        USE_TZ=True,
    )
    django.setup()

    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    {request}
    modules = sorted({{name.partition(".")[0] for name in sys.modules}})
    print(json.dumps({{"answer": answer.json(), "modules": modules}}))
"""

REST_ONLY = {
    "apps": ["rest_framework", "drf_spectacular", "drf_spectacular_sidecar"],
    "urls": "django_prodev.rest.urls",
    "request": 'answer = Client().get("/programs/")',
}
GRAPHQL_ONLY = {
    "apps": [],
    "urls": "django_prodev.graphql.urls",
    "request": (
        'answer = Client().post("/", {"query": "{ programs { edges { node { slug } } } }"}, '
        'content_type="application/json")'
    ),
}


@pytest.mark.parametrize(
    ("site", "stranger", "answer"),
    [
        (REST_ONLY, "graphene", {"next": None, "previous": None, "results": []}),
        (GRAPHQL_ONLY, "rest_framework", {"data": {"programs": {"edges": []}}}),
    ],
    ids=["REST only", "GraphQL only"],
)
def test_a_site_with_one_api_never_imports_the_library_of_the_other(
    site: dict[str, object], stranger: str, answer: object
) -> None:
    program = textwrap.dedent(SITE).format(**site)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["answer"] == answer
    assert stranger not in seen["modules"]
