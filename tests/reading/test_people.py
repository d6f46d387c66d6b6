"""What is shown of a person, whatever user model a site has."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models
from django.test.utils import isolate_apps

from django_prodev.reading import people
from django_prodev.reading.catalog import ENTRY, PERSON
from django_prodev.reading.people import display_name
from django_prodev.testing import make_entry, make_published_program, make_user
from tests.reading.asking import page, select


def shown() -> list[str]:
    model = people.get_user_model()
    return list(model._default_manager.order_by("pk").annotate(shown=display_name("")).values_list("shown", flat=True))


@pytest.mark.djangos_user
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "login", "expected"),
    [
        ("Ada", "Lovelace", "ada", "Ada Lovelace"),
        ("Ada", "", "ada", "Ada"),
        ("", "Lovelace", "ada", "Lovelace"),
        ("", "", "ada", "ada"),
        (" ", " ", "ada", "ada"),
        ("", "", "ada@example.com", ""),
        ("Ada", "", "ada@example.com", "Ada"),
    ],
)
def test_a_person_goes_by_name_or_else_by_a_user_name_that_is_no_address(
    first: str, last: str, login: str, expected: str
) -> None:
    get_user_model().objects.create(username=login, first_name=first, last_name=last, email="secret@example.com")
    assert shown() == [expected]


@pytest.mark.djangos_user
@pytest.mark.django_db
def test_nothing_but_the_name_is_shown_of_an_author() -> None:
    author = make_user("grace", email="secret@example.com")
    make_entry(author=author, program=make_published_program(), status="published", visibility="public")
    make_entry(author=None, program=make_published_program(), status="published", visibility="public")
    assert [attribute.name for attribute in PERSON.attributes] == ["name"]
    assert not PERSON.relations
    nodes = page(select(ENTRY, author=select(PERSON, "name")), order="created_at").nodes
    assert nodes == [{"author": {"name": "grace"}}, {"author": None}]


@pytest.fixture
def _table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The user model of another site, with its table."""
    with isolate_apps("django_prodev"):
        model = request.param()
        monkeypatch.setattr(people, "get_user_model", lambda: model)
        with connection.schema_editor() as editor:
            editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(model)


def by_address() -> type[AbstractBaseUser]:
    class Account(AbstractBaseUser):
        email = models.EmailField(unique=True)
        USERNAME_FIELD = "email"

        class Meta:
            app_label = "django_prodev"

    return Account


def by_address_with_names() -> type[AbstractBaseUser]:
    class Member(AbstractBaseUser):
        login = models.EmailField(unique=True)
        first_name = models.CharField(max_length=50)
        last_name = models.CharField(max_length=50)
        USERNAME_FIELD = "login"

        class Meta:
            app_label = "django_prodev"

    return Member


def by_number() -> type[AbstractBaseUser]:
    class Employee(AbstractBaseUser):
        number = models.IntegerField(unique=True)
        USERNAME_FIELD = "number"

        class Meta:
            app_label = "django_prodev"

    return Employee


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_table")
@pytest.mark.parametrize("_table", [by_address], indirect=True)
def test_a_person_who_has_an_address_alone_has_no_name() -> None:
    people.get_user_model()._default_manager.create(email="secret@example.com")
    assert shown() == [""]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_table")
@pytest.mark.parametrize("_table", [by_address_with_names], indirect=True)
def test_a_person_who_signs_in_by_address_goes_by_name() -> None:
    manager = people.get_user_model()._default_manager
    manager.create(login="a@example.com", first_name="Ada", last_name="")
    manager.create(login="b@example.com", first_name="", last_name="")
    assert shown() == ["Ada", ""]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_table")
@pytest.mark.parametrize("_table", [by_number], indirect=True)
def test_a_login_that_is_a_number_is_shown_as_text() -> None:
    people.get_user_model()._default_manager.create(number=7)
    assert shown() == ["7"]
