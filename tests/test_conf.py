from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from django_prodev import conf
from django_prodev.conf import declared, prodev_settings
from django_prodev.models.visibility import VisibilityPolicy


def test_every_setting_has_a_default_that_it_takes_and_a_help_text() -> None:
    assert declared()
    for name, setting in declared().items():
        assert setting.name == name == name.upper()
        assert setting.accepts(setting.default) == ""
        assert setting.help.endswith(".")
        assert getattr(prodev_settings, name) is not None


def test_a_site_that_sets_nothing_gets_the_defaults() -> None:
    for written in ({}, None, "not a dict", []):
        with override_settings(DJANGO_PRODEV=written):
            assert (prodev_settings.PAGE_SIZE, prodev_settings.GRAPHIQL) == (20, True)


def test_settings_are_read_when_they_are_used() -> None:
    with override_settings(DJANGO_PRODEV={"PAGE_SIZE": 7}):
        assert prodev_settings.PAGE_SIZE == 7
    assert prodev_settings.PAGE_SIZE == 20


def test_a_dotted_path_is_read_as_what_it_names_and_a_list_as_a_tuple() -> None:
    assert prodev_settings.VISIBILITY_POLICY is VisibilityPolicy
    with override_settings(DJANGO_PRODEV={"VOCABULARY_FILES": ["a.json"]}):
        assert prodev_settings.VOCABULARY_FILES == ("a.json",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGE_SIZE", "20"),
        ("PAGE_SIZE", 0),
        ("PAGE_SIZE", 1_001),
        ("PAGE_SIZE", True),
        ("PAGE_SIZE", 2.5),
        ("GRAPHIQL", "yes"),
        ("VISIBILITY_POLICY", "no.such.Policy"),
        ("VISIBILITY_POLICY", VisibilityPolicy),
        ("VOCABULARY_FILES", "a.json"),
        ("VOCABULARY_FILES", [1]),
    ],
)
def test_a_value_that_a_setting_does_not_take_is_never_used(name: str, value: Any) -> None:
    with override_settings(DJANGO_PRODEV={name: value}):
        with pytest.raises(ImproperlyConfigured, match=rf'^DJANGO_PRODEV\["{name}"\] '):
            getattr(prodev_settings, name)
        assert declared()[name].accepts(value)


@pytest.mark.parametrize(("value", "is_taken"), [("text", True), ("", False), (3, False)])
def test_a_text_is_taken_where_it_says_something(value: Any, is_taken: bool) -> None:
    assert (conf.text("x", "For a test.").accepts(value) == "") is is_taken
