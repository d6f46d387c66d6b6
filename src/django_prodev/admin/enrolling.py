"""Enrolling people from a list in the admin: paste or upload it, see what would become of each line, and confirm.

What is confirmed is what is done: the list is carried out in one transaction, which is taken back where it came to
something else than the page had said, because others enrolled in between.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.forms import add_refusal
from django_prodev.admin.people_lists import Line, PeopleList, Unreadable, read_people
from django_prodev.exceptions import ProdevError
from django_prodev.models import Cohort, Enrollment, Program
from django_prodev.writing.naming import Names

MOST_BYTES = 1_000_000

_EXAMPLE = "ada@example.org\ngrace, spring-2027\nlinus, spring-2027, 2027-06-30"


class PeopleForm(forms.Form):
    """Where to, and who. After validation ``people`` is the text of the list and ``read`` what it says."""

    program = forms.ModelChoiceField(label=_("program"), queryset=Program.objects.none())
    cohort = forms.ModelChoiceField(
        label=_("cohort"),
        queryset=Cohort.objects.none(),
        required=False,
        help_text=_("For every line that names none of its own."),
    )
    people = forms.CharField(
        label=_("people"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80, "class": "vLargeTextField", "placeholder": _EXAMPLE}),
        help_text=_(
            "One person to a line: a user name, who is enrolled, or an e-mail address, which is invited. A cohort (its "
            "short name) and a due date (2027-06-30) may follow, parted by commas, semicolons or tabs."
        ),
    )
    file = forms.FileField(
        label=_("or a CSV file"),
        required=False,
        help_text=_("The same, as a spreadsheet saves it; headings: username or email, cohort, due."),
    )

    def __init__(self, *args: Any, viewer: Any, site: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("program", Program), ("cohort", Cohort)):
            field: Any = self.fields[name]
            field.queryset = model._default_manager.visible_to(viewer)
            field.widget = AutocompleteSelect(Enrollment._meta.get_field(name), site)
            field.widget.choices = field.choices
        self.read = PeopleList(())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        text, file = given.get("people", ""), given.get("file")
        if bool(text.strip()) == bool(file):
            if "people" not in self.errors and "file" not in self.errors:
                self.add_error("people", gettext("Paste a list or choose a file: one of them."))
            return given
        try:
            given["people"] = "\n".join((_text_of(file) if file else text).splitlines())
            self.read = read_people(given["people"])
        except Unreadable as error:
            self.add_error("file" if file else "people", str(error))
        except ProdevError as error:
            self.add_error("file", error.message or str(error))
        return given


def _text_of(file: Any) -> str:
    if file.size is None or file.size > MOST_BYTES:
        raise ValidationError({"file": gettext("A list has at most %d bytes.") % MOST_BYTES})
    return api.decode_document(file.read(), max_bytes=MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one line."""

    line: Line
    enrollment: Enrollment | None
    code: str
    message: str

    @property
    def state(self) -> str:
        return self.enrollment.get_status_display() if self.enrollment else gettext("left out")


def outcomes_of(form: PeopleForm, actor: Any, *, carry_out: bool) -> list[Outcome]:
    """Plan the list, or carry it out. Raises what the service refuses of the list as a whole."""
    lines: Sequence[Line] = form.read.lines
    program, cohort = form.cleaned_data["program"], form.cleaned_data["cohort"]
    names = Names(actor)
    found = names.people([line.person for line in lines])
    cohorts = _cohorts_named(program, actor, {line.cohort for line in lines if line.cohort})
    people = [_person(line, found, cohorts) for line in lines]
    act = api.bulk_enroll if carry_out else api.plan_bulk_enroll
    results = act(program=program, cohort=cohort, people=people, actor=actor)
    return [
        Outcome(line, result.enrollment, result.code, result.message)
        for line, result in zip(lines, results, strict=True)
    ]


def _cohorts_named(program: Program, actor: Any, names: set[str]) -> dict[str, Cohort]:
    """The cohorts of the program that the actor sees, by their short names, and by titles that no other has."""
    visible = Cohort.objects.visible_to(actor).filter(program=program).select_related("program").order_by("pk")
    cohorts = list(visible.filter(Q(slug__in=names) | Q(title__in=names)))
    titles = Counter(cohort.title for cohort in cohorts)
    titled = {cohort.title: cohort for cohort in cohorts if titles[cohort.title] == 1}
    return titled | {cohort.slug: cohort for cohort in cohorts}


def _person(line: Line, found: dict[str, Any], cohorts: dict[str, Cohort]) -> Any:
    if line.wrong:
        return api.BulkOutcome(code="invalid", message=line.wrong)
    if line.cohort and line.cohort not in cohorts:
        message = gettext("This program has no cohort “%s”, or none that you may see.") % line.cohort
        return api.BulkOutcome(code="no_such_cohort", message=message)
    person = found.get(line.person) or (line.person if "@" in line.person else None)
    if person is None:
        message = gettext("There is no such person, or none that you may name.")
        return api.BulkOutcome(code="no_such_person", message=message)
    return api.BulkPerson(person, cohorts.get(line.cohort), line.due_at)


def _seal(form: PeopleForm, outcomes: Sequence[Outcome]) -> str:
    """What a page said would be done, so that it can be told whether the same is done."""
    said = [(each.line, each.enrollment.status if each.enrollment else each.code) for each in outcomes]
    where = [form.cleaned_data[name] and form.cleaned_data[name].pk for name in ("program", "cohort")]
    return salted_hmac("django_prodev.admin.enrolling", repr((where, said)), algorithm="sha256").hexdigest()


class _ChangedMeanwhile(Exception):
    """Carried out, the list came to something else than was confirmed."""


class EnrollingPage:
    """The view, over the admin of enrolments."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask who (``GET``), say what would become of them (``POST``), and do it (with ``seal``)."""
        if not self.admin.has_add_permission(request):
            raise PermissionDenied
        request.current_app = self.admin.admin_site.name
        options: dict[str, Any] = {"viewer": request.user, "site": self.admin.admin_site}
        if request.method != "POST":
            chosen = {
                name: request.GET[name] for name in ("program", "cohort") if request.GET.get(name, "").isdecimal()
            }
            return self._ask(request, PeopleForm(initial=chosen, **options))
        form = PeopleForm(request.POST, request.FILES, **options)
        if not form.is_valid() or "again" in request.POST:
            return self._ask(request, form)
        try:
            seal = request.POST.get("seal", "")
            return self._carry_out(request, form, seal) if seal else self._confirm(request, form)
        except ProdevError as refusal:
            add_refusal(form, refusal)
            return self._ask(request, form)

    def _ask(self, request: HttpRequest, form: PeopleForm) -> HttpResponse:
        adminform = AdminForm(cast("Any", form), [(None, {"fields": list(form.fields)})], {})
        media = self.admin.media + form.media
        return self._page(request, "enroll_ask", {"form": form, "adminform": adminform, "media": media})

    def _confirm(self, request: HttpRequest, form: PeopleForm) -> HttpResponse:
        outcomes = outcomes_of(form, request.user, carry_out=False)
        return self._page(request, "enroll_confirm", self._told(form, outcomes) | {"seal": _seal(form, outcomes)})

    def _carry_out(self, request: HttpRequest, form: PeopleForm, seal: str) -> HttpResponse:
        try:
            with api.one_transaction():
                outcomes = outcomes_of(form, request.user, carry_out=True)
                if not constant_time_compare(seal, _seal(form, outcomes)):
                    raise _ChangedMeanwhile
        except _ChangedMeanwhile:
            text = gettext("Nobody was enrolled: things have changed since this page was made. This is how they are.")
            messages.warning(request, text)
            return self._confirm(request, form)
        made = [each.enrollment for each in outcomes if each.enrollment]
        LogEntry.objects.log_actions(
            user_id=cast("Any", request.user.pk),
            queryset=cast("Any", made),
            action_flag=ADDITION,
            change_message=gettext("enrolled from a list"),
        )
        text = ngettext("%d person was enrolled or invited.", "%d people were enrolled or invited.", len(made))
        messages.success(request, text % len(made))
        return self._page(request, "enroll_done", self._told(form, outcomes))

    def _told(self, form: PeopleForm, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        counted: dict[str, int] = {}
        for each in outcomes:
            counted[each.state] = counted.get(each.state, 0) + 1
        return {
            "form": form,
            "outcomes": outcomes,
            "program": form.cleaned_data["program"],
            "cohort": form.cleaned_data["cohort"],
            "counted": counted,
            "able": sum(each.enrollment is not None for each in outcomes),
            "left_out": form.read.left_out,
        }

    def _page(self, request: HttpRequest, name: str, more: dict[str, Any]) -> HttpResponse:
        context = {
            **self.admin.admin_site.each_context(request),
            "title": gettext("Enrol people from a list"),
            "opts": self.admin.opts,
            **more,
        }
        return TemplateResponse(request, f"admin/django_prodev/{name}.html", context)
