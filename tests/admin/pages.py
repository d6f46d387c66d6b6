"""Asking the admin for its pages, as one person or another."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client
from django.urls import reverse

from django_prodev.testing import make_user


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def superuser_client() -> Client:
    return client_of(make_user(is_superuser=True, is_staff=True))


def make_staff(**fields: Any) -> Any:
    """Somebody with every permission that Django's admin can give over this package, and no role in it."""
    user: Any = make_user(is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="django_prodev"))
    return user


def told(response: Any) -> list[str]:
    """The messages on the page that followed."""
    return [str(message) for message in response.context["messages"]]
