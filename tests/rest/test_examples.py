"""The examples of the documentation run, and answer what it says."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.reading.library import Library
from tests.rest.asking import LISTS

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parents[2] / "docs"
SITE = "http://127.0.0.1:8000"

EXAMPLES = re.findall(rf"^curl \"?{SITE}([^\"\n]+)", (DOCS / "rest.md").read_text(), re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 8


@pytest.mark.parametrize("address", EXAMPLES)
def test_a_request_of_the_page_on_rest_is_answered(client: Client, address: str) -> None:
    Library(2)
    answer = client.get(address)
    assert answer.status_code == (400 if "colour" in address else 200)
    assert answer.json()


def test_the_refusal_on_the_page_is_the_one_that_is_given(client: Client) -> None:
    (address,) = (each for each in EXAMPLES if "colour" in each)
    problem = client.get(address).json()
    text = (DOCS / "rest.md").read_text()
    for part in ("type", "title", "detail", "code"):
        assert f'"{part}": "{problem[part]}"' in text
    assert problem["errors"]["page_size"][0] in text


def test_the_shell_session_of_the_page_on_the_reading_room_runs(capsys: pytest.CaptureFixture[str]) -> None:
    Library(2)
    source = "\n".join(re.findall(r"```python\n(.*?)```", (DOCS / "reading-room.md").read_text(), re.DOTALL))
    exec(compile(source, "reading-room.md", "exec"), {})  # noqa: S102  the page's own examples
    assert "'by': {'name': 'Provider" in capsys.readouterr().out


def test_the_page_on_rest_names_every_list() -> None:
    text = (DOCS / "rest.md").read_text()
    assert [prefix for prefix in LISTS if f"`{prefix}`" not in text] == []
