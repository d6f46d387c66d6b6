"""Using the admin as one person or another: asking for pages, sending forms back, carrying actions out."""

from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client
from django.urls import reverse

from django_prodev.models import Event
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


def errors_of(response: Any) -> dict[str, list[str]]:
    """What a form that was shown again says is wrong, by field."""
    assert response.status_code == 200, response.headers
    form = response.context["adminform"].form
    return {name: list(texts) for name, texts in form.errors.items()}


def form_of(client: Client, row: Any) -> dict[str, Any]:
    """What a browser would send back of a row's page if nothing were changed."""
    response = client.get(address(type(row), "change", row.pk))
    sent: dict[str, Any] = {}
    adminform = response.context["adminform"]
    shown = flatten_fieldsets(adminform.fieldsets)
    forms = [[bound for bound in adminform.form if bound.name in shown]]
    for formset in response.context["inline_admin_formsets"]:
        forms += [list(each) for each in (formset.formset.management_form, *formset.formset.forms)]
    for form in forms:
        for bound in form:
            value = bound.value()
            value = bound.field.prepare_value(value)
            if bound.field.disabled or value is None or value is False:
                continue
            sent[bound.html_name] = value
    return sent


def act(client: Client, row: Any, action: str, *others: Any) -> Any:
    """Choose rows of a list, carry an action out, and confirm it."""
    data = {"action": action, "_selected_action": [row.pk, *(other.pk for other in others)]}
    page = client.post(address(type(row), "changelist"), data)
    seal = page.context["seal"] if page.status_code == 200 else ""
    confirmed = {"confirmed": "yes", "seal": seal}
    return client.post(address(type(row), "changelist"), data | confirmed, follow=True)


def recorded() -> list[str]:
    """The types of the events, in the order in which they were recorded."""
    return list(Event.objects.order_by("pk").values_list("type", flat=True))
