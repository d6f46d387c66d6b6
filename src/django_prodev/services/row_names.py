"""What rows of a table name: programs, cohorts, units and people, found for a whole batch at once.

Each class reads what a batch names in a fixed number of statements, and then answers row by row. What the actor may not
see is answered like what is not there.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower

from django_prodev.exceptions import Invalid
from django_prodev.models import Cohort, Membership, Program, Unit
from django_prodev.services.actors import Actor, User, email_of
from django_prodev.services.batch_permissions import names_of, narrowed
from django_prodev.services.enrollments import check_address
from django_prodev.services.row_batches import Row


class NamedPrograms:
    """The programs in the columns ``program`` and ``provider``."""

    def __init__(self, rows: Sequence[Row], actor: Actor) -> None:
        found = narrowed(Program.objects.filter(slug__in=names_of(rows, "program")), actor)
        self.by_slug: dict[str, list[Program]] = defaultdict(list)
        for program in found.select_related("provider").defer("description", "outcomes").order_by("provider__slug"):
            self.by_slug[program.slug].append(program)

    def of(self, row: Row) -> Program:
        slug, provider = row.values["program"], row.get("provider")
        programs = [one for one in self.by_slug[slug] if provider in {None, one.provider.slug}]
        if len(programs) == 1:
            return programs[0]
        if programs:
            names = ", ".join(program.provider.slug for program in programs)
            raise Invalid(fields={"provider": [f"Several providers have a program {slug!r}; name one of: {names}."]})
        of = f" of the provider {provider!r}" if provider else ""
        raise Invalid(fields={"program": [f"There is no program {slug!r}{of}, or none that you may see."]})

    @property
    def keys(self) -> list[int]:
        return [program.pk for programs in self.by_slug.values() for program in programs]


class NamedCohorts:
    """The cohorts in the column ``cohort``."""

    def __init__(self, rows: Sequence[Row], programs: NamedPrograms, actor: Actor) -> None:
        slugs = names_of(rows, "cohort")
        found = narrowed(Cohort.objects.filter(program__in=programs.keys, slug__in=slugs), actor) if slugs else ()
        self.by_slug: dict[Any, Cohort] = {(cohort.program_id, cohort.slug): cohort for cohort in found}

    def of(self, row: Row, program: Program) -> Cohort | None:
        slug = row.get("cohort")
        if slug is None:
            return None
        cohort = self.by_slug.get((program.pk, slug))
        if cohort is None:
            raise Invalid(fields={"cohort": [f"The program has no cohort {slug!r}, or none that you may see."]})
        cohort.program = program
        return cohort


class NamedUnits:
    """The units of programs' providers in the column ``unit``."""

    def __init__(self, rows: Sequence[Row], programs: NamedPrograms, actor: Actor) -> None:
        providers = {one.provider_id for group in programs.by_slug.values() for one in group}
        found = narrowed(Unit.objects.filter(provider__in=providers, slug__in=names_of(rows, "unit")), actor)
        self.by_slug: dict[Any, Unit] = {(unit.provider_id, unit.slug): unit for unit in found.defer("description")}

    def of(self, row: Row, program: Program) -> Unit:
        slug = row.values["unit"]
        unit = self.by_slug.get((program.provider_id, slug))
        if unit is None:
            raise Invalid(fields={"unit": [f"The provider has no unit {slug!r}, or none that you may see."]})
        return unit


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a row is about: a user, or an address that belongs to no account (or to several)."""

    user: User | None
    email: str = ""

    @property
    def key(self) -> Any:
        return self.user.pk if self.user is not None else self.email.lower()


class NamedPeople:
    """The people in the columns ``username`` and ``email``.

    Whoever holds a role may name everyone, as everywhere; anyone else only themselves, so that nobody finds out who has
    an account. An address means the one account that has it.
    """

    def __init__(self, rows: Sequence[Row], actor: Actor) -> None:
        users = self._nameable(actor)
        names = _as_login(names_of(rows, "username"))
        emails = {email.lower() for email in names_of([row for row in rows if "username" not in row.values], "email")}
        model = get_user_model()
        by_login = users.filter(**{f"{model.USERNAME_FIELD}__in": names}) if names else ()
        self.by_name = {str(user.get_username()): user for user in by_login}
        self.by_email: dict[str, list[User]] = defaultdict(list)
        if emails:
            address = getattr(model, "get_email_field_name", lambda: "email")()
            for user in users.annotate(prodev_address=Lower(address)).filter(prodev_address__in=emails):
                self.by_email[email_of(user).lower()].append(user)

    def of(self, row: Row) -> Person:
        name, email = row.get("username"), row.get("email")
        if name is not None:
            return self._by_name(name, email)
        if email is None:
            raise Invalid(fields={"username": ["A row is about a person: give a username or an email."]})
        email = check_address(email)
        users = self.by_email.get(email.lower(), [])
        if len(users) > 1:
            raise Invalid(fields={"email": ["Several accounts have this address; give a username."]})
        return Person(users[0] if users else None, email)

    def users(self) -> list[User]:
        """Everybody who was found."""
        return [*self.by_name.values(), *(user for users in self.by_email.values() for user in users)]

    def _by_name(self, name: str, email: str | None) -> Person:
        user = self.by_name.get(name)
        if user is None:
            raise Invalid(fields={"username": [f"There is no account {name!r}, or none that you may name."]})
        if email is not None and email.lower() != email_of(user).lower():
            raise Invalid(fields={"email": ["This is not the address of the account that username names."]})
        return Person(user)

    @staticmethod
    def _nameable(actor: Actor) -> Any:
        users = get_user_model()._default_manager.all()
        if actor is None or (actor.is_authenticated and actor.is_active and actor.is_superuser):
            return users
        if not actor.is_authenticated or not actor.is_active:
            return users.none()
        return users if Membership.objects.filter(user_id=actor.pk).exists() else users.filter(pk=actor.pk)


def _as_login(names: set[str]) -> list[Any]:
    """The names as the host's field takes them; one that it cannot take is nobody's."""
    model = get_user_model()
    field: Any = model._meta.get_field(model.USERNAME_FIELD)
    taken = []
    for name in names:
        try:
            taken.append(field.to_python(name))
        except ValidationError:
            continue
    return taken
