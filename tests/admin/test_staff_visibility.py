"""Staff who are no superusers see in every list and search what visibility lets them see, and no more."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from tests.admin.pages import address, client_of, make_staff
from tests.models.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]

MODELS: list[Any] = list(apps.get_app_config("django_prodev").get_models())
STAFF = ("stranger", "mentor", "editor")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Everyone and everything, with some of the people as staff. Made once, and undone with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        permissions = make_staff().user_permissions.all()
        for name in STAFF:
            user = world.people[name]
            user.is_staff = True
            user.save()
            user.user_permissions.set(permissions)
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("viewer", STAFF)
def test_lists_hold_what_the_person_may_see(world: World, viewer: str) -> None:
    user = world.people[viewer]
    client = client_of(user)
    for model in MODELS:
        visible = set(model.objects.visible_to(user))
        changelist = client.get(address(model, "changelist"), {"all": ""}).context["cl"]
        assert set(changelist.result_list) == visible
        assert changelist.result_count == len(visible)


def test_searches_do_not_find_what_is_hidden(world: World) -> None:
    user = world.people["mentor"]
    client = client_of(user)
    for model in MODELS:
        visible = [row.pk for row in model.objects.visible_to(user)]
        hidden = model.objects.exclude(pk__in=visible).first()
        if hidden is not None:
            found = client.get(address(model, "changelist"), {"q": str(hidden.uuid)}).context["cl"]
            assert found.result_count == 0
