"""Commands in the admin: which page or action offers each, and what came out, in the words of ``asking``.

Forms are filled in as a browser would send them back, from the admin's own form classes, without a page being made.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.db import connection, models
from django.test import Client, RequestFactory
from django.urls import reverse

from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Membership,
    Program,
    Progress,
    Project,
    Provider,
    Topic,
    Unit,
)
from django_prodev.models.base import Record
from tests.writing.asking import Answer

Model = type[models.Model]


@dataclass(frozen=True)
class Way:
    """A page of the admin of ``model``: ``add``, ``change``, ``delete``, or an action by its name."""

    model: Model
    page: str

    def __str__(self) -> str:
        return f"{self.page} {self.model._meta.model_name}"


def _ways(model: Model, **pages: str) -> dict[str, tuple[Way, ...]]:
    return {command: tuple(Way(model, page) for page in names.split()) for command, names in pages.items()}


WAYS: dict[str, tuple[Way, ...]] = {
    **_ways(Provider, create_provider="add", edit_provider="change"),
    **_ways(Topic, create_topic="add", edit_topic="change"),
    **_ways(Unit, create_unit="add", edit_unit="change", set_unit_topics="change"),
    **_ways(
        Program,
        create_program="add",
        edit_program="change",
        publish_program="publish_programs",
        retire_program="retire_programs",
    ),
    **_ways(Curriculum, edit_curriculum="change", discard_draft="delete", publish_curriculum="publish_curricula"),
    "draft_curriculum": (Way(Curriculum, "add"), Way(Program, "draft_curricula")),
    **_ways(CurriculumItem, add_item="add", edit_item="change", remove_item="delete"),
    **_ways(
        Cohort,
        create_cohort="add",
        edit_cohort="change",
        publish_cohort="publish_cohorts",
        move_up_waiting="move_up_waiting",
        cancel_cohort="cancel_cohorts",
        archive_cohort="archive_cohorts",
    ),
    **_ways(
        Enrollment,
        enroll="add",
        invite="add enroll",
        edit_enrollment="change",
        approve_request="approve_request",
        reject_request="reject_request",
        pause_enrollment="pause_enrollment",
        resume_enrollment="resume_enrollment",
        complete_enrollment="complete_enrollment",
        reopen_enrollment="reopen_enrollment",
        withdraw_enrollment="withdraw_enrollment",
        expire_enrollment="expire_enrollment",
    ),
    **_ways(Progress, complete_unit="complete_unit", waive_unit="waive_unit", reopen_unit="reopen_unit"),
    **_ways(Membership, grant_role="add", revoke_role="delete"),
    **_ways(
        Entry,
        write_entry="add",
        answer_challenge="add",
        edit_entry="change",
        share_entry="change",
        delete_entry="delete",
        publish_entry="publish_entries",
        unpublish_entry="unpublish_entries",
        accept_solution="accept_solutions",
        unaccept_solution="unaccept_solutions",
    ),
    **_ways(
        Project,
        create_project="add",
        edit_project="change",
        share_project="change",
        set_project_members="change",
        withdraw_project="withdraw_projects",
        approve_project="approve_projects",
        request_project_changes="request_project_changes",
    ),
}
"""The ways to each command. What is not here is for learners, on their own: the admin does not offer it."""

FOR_LEARNERS = {
    *("request_enrollment", "accept_invitation", "decline_invitation", "claim_invitation", "re_enroll"),
    *("start_unit", "submit_unit", "skip_unit"),
    *("submit_project",),
    "add_unit",  # two pages: the unit, and its place
}


def over_admin(client: Client, way: Way, command: str, subject: Any, given: Mapping[str, Any], filler: Any) -> Answer:
    """Go one way to ``command``. ``filler`` is a superuser, whose forms hold every field."""
    client.cookies.pop("messages", None)  # what was told on another page
    values: dict[str, Any] = {"curated": False, **given}
    row = subject
    if command == "answer_challenge":
        values |= {"program": subject.program, "kind": "solution", "parent": subject}
        row = None
    elif command == "add_item":
        del values["parent"]  # a place goes to the top first
    elif way.model is Progress:
        row = Progress.objects.get(enrollment=values["enrollment"], unit=values["unit"])
    elif command == "draft_curriculum" and way.model is Program:
        row = values["program"]
    if way.page == "enroll":
        return _answer(_by_list(client, values))
    if way.page == "add":
        return _answer(client.post(_address(way.model, "add"), filled(way.model, None, values, filler)))
    if way.page == "change":
        return _answer(client.post(_address(way.model, "change", row.pk), filled(way.model, row, values, filler)))
    if way.page == "delete":
        return _answer(client.post(_address(way.model, "delete", row.pk), {"post": "yes"}))
    return _answer(_act(client, way, row))


def _act(client: Client, way: Way, row: Any) -> Any:
    address = _address(way.model, "act", row.pk, way.page)
    [action] = [each for each in admin.site.get_model_admin(way.model).actions if each.__name__ == way.page]
    if not action.describe:
        return client.post(address, {"confirmed": "yes"})
    asked = client.get(address)
    if asked.status_code != 200:
        return asked
    return client.post(address, {"confirmed": "yes", "seal": asked.context_data["seal"]})


def _by_list(client: Client, given: Mapping[str, Any]) -> Any:
    data = {name: encoded for name in ("program", "cohort") if (encoded := _encoded(given.get(name)))}
    data["people"] = given["email"]
    page = client.post(_address(Enrollment, "enroll"), data)
    if page.status_code != 200 or "seal" not in page.context_data:
        return page
    return client.post(_address(Enrollment, "enroll"), data | {"seal": page.context_data["seal"]})


def filled(model: Model, row: Any, values: Mapping[str, Any], filler: Any) -> dict[str, Any]:
    """What a browser would send of the row's form, or of an empty one, with ``values`` filled in."""
    request: Any = RequestFactory().get("/")
    request.user = filler
    model_admin = admin.site.get_model_admin(model)
    form = model_admin.get_form(request, row, change=row is not None)(instance=row)
    sent: dict[str, Any] = {}
    shown = flatten_fieldsets(model_admin.get_fieldsets(request, row))
    for bound in (each for each in form if each.name in shown):
        value = bound.field.prepare_value(values.get(bound.name, bound.value()))
        _put(sent, bound, value)
    for formset, _ in model_admin.get_formsets_with_inlines(request, row):
        prefix = formset.get_default_prefix()
        rows = values.get("topics", []) if prefix == "unittopic_set" or model is Unit else []
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, each in enumerate(rows):
            sent |= {f"{prefix}-{number}-{name}": _encoded(value) for name, value in each.items()}
    return sent


def _put(sent: dict[str, Any], bound: Any, value: Any) -> None:
    if isinstance(value, datetime):
        sent |= {f"{bound.html_name}_0": f"{value:%Y-%m-%d}", f"{bound.html_name}_1": f"{value:%H:%M:%S}"}
    elif (encoded := _encoded(value)) is not None:
        sent[bound.html_name] = encoded


def _encoded(value: Any) -> Any:
    match value:
        case None | False:
            return None
        case True:
            return "on"
        case Record():
            return value.pk
        case person if isinstance(person, get_user_model()):
            return person.pk
        case date():
            return value.isoformat()
        case list():
            return [_encoded(each) for each in value]
    return str(value)


def _address(model: Model, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def _answer(response: Any) -> Answer:
    """What came out. A redirection alone says nothing: also a row that is not there redirects."""
    if response.status_code == 403:
        return Answer("permission_denied", status=403, raw=response)
    if response.status_code == 302 and "/login/" in response.headers["Location"]:
        return Answer("not_authenticated", status=302, raw=response)
    told = list(get_messages(response.wsgi_request))
    if any(message.level == messages.SUCCESS for message in told):
        return Answer(status=200, raw=response)
    refusals = [message for message in told if message.level == messages.ERROR and message.extra_tags]
    if refusals:
        return Answer(refusals[0].extra_tags, status=200, raw=response)
    if response.status_code == 200:
        errors = _errors_of(response)
        return Answer(next(error["code"] for texts in errors.values() for error in texts), raw=response)
    return Answer("not_found", status=response.status_code, raw=response)


def _errors_of(response: Any) -> Mapping[str, Any]:
    context = response.context_data
    errors: Mapping[str, Any] = context["adminform"].form.errors.get_json_data()
    if not errors:
        errors = {"inlines": [{"code": str(context["errors"])}]}
    return errors


@contextmanager
def only_services_write() -> Iterator[list[str]]:
    """Gather the statements that write a table of the package while no service is at work."""
    passed_by: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.lstrip()[:6].upper()
        if verb in {"INSERT", "UPDATE", "DELETE"} and '"django_prodev_' in sql and not _in_a_service():
            passed_by.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield passed_by


def _in_a_service() -> bool:
    frame: Any = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("django_prodev.services."):
            return True
        frame = frame.f_back
    return False
