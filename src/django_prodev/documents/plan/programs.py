"""Which provider and program the documents of an import are about: found, or made as drafts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.text import slugify

from django_prodev.documents.plan.outcome import Request, SourceDocument
from django_prodev.documents.records import Record, RecordKind
from django_prodev.documents.wording import clean_text, fit, short_digest
from django_prodev.exceptions import DocumentError
from django_prodev.models import Program, Provider
from django_prodev.services.catalogue_import import CatalogueChanges

_SLUG_LIMIT = 100


def program_record(source: SourceDocument) -> Record | None:
    """The record that tells of the program itself, if the document has one."""
    return next(iter(source.document.of(RecordKind.PROGRAM)), None)


class Programs:
    """Finds the program of each document, and makes each missing one once."""

    def __init__(self, request: Request, changes: CatalogueChanges) -> None:
        self.request = request
        self.changes = changes
        self.providers: dict[str, Provider] = {}
        self.programs: dict[tuple[str, str], Program] = {}
        for name, slug in (("program", request.program), ("provider", request.provider)):
            _check_slug(name, slug)

    def program_of(self, source: SourceDocument) -> Program:
        """The document's program, locked or not saved yet.

        Raises ``DocumentError`` where the document does not say which program it is about, or several are meant.
        """
        record = program_record(source)
        slug = self.request.program or _slug_in(record)
        if not slug:
            raise DocumentError(f"{source.name}: the document has no title; say which program it is for (--program).")
        provider = self.provider_of(record, slug)
        key = (provider.slug, slug)
        if key not in self.programs:
            self.programs[key] = self.stored(provider, slug) or self.made(provider, slug, record)
        return self.programs[key]

    def stored(self, provider: Provider, slug: str) -> Program | None:
        if provider._state.adding:
            return None
        program = Program.objects.select_for_update(no_key=True).filter(provider=provider, slug=slug).first()
        if program:
            program.provider = provider
        return program

    def made(self, provider: Provider, slug: str, record: Record | None) -> Program:
        title, text = fit(record.title, record.text) if record else ("", "")
        program = Program(provider=provider, slug=slug, title=title or slug, description=text)
        self.changes.programs.created.append(program)
        return program

    def provider_of(self, record: Record | None, program_slug: str) -> Provider:
        section: dict[str, Any] = record.extra.get("provider", {}) if record else {}
        slug = self.request.provider or section.get("slug", "")
        if slug:
            if found := self.providers.get(slug) or self.locked(slug=slug):
                return found
            if section.get("slug") == slug:
                return self.remember(_new_provider(section), is_new=True)
            raise DocumentError(f"There is no provider {slug!r}; {_choices()}.")
        if self.providers:
            return next(iter(self.providers.values()))
        offering = list(Provider.objects.filter(programs__slug=program_slug).order_by("pk")[:2])
        if not offering:
            offering = list(Provider.objects.order_by("pk")[:2])
        if len(offering) > 1:
            raise DocumentError(f"There are several providers; name one (--provider): {_choices()}.")
        if offering:
            return self.locked(pk=offering[0].pk) or offering[0]
        return self.remember(Provider(slug="default", name="Default"), is_new=True)

    def locked(self, **which: Any) -> Provider | None:
        """Hold the provider until the transaction ends, so that two imports for it run one after the other."""
        provider = Provider.objects.select_for_update(no_key=True).filter(**which).first()
        return self.remember(provider, is_new=False) if provider else None

    def remember(self, provider: Provider, *, is_new: bool) -> Provider:
        self.providers[provider.slug] = provider
        if is_new:
            self.changes.providers.created.append(provider)
        return provider


def _slug_in(record: Record | None) -> str:
    if record is None:
        return ""
    named = record.extra.get("slug", "")
    if named or not record.title:
        return str(named)
    return slugify(record.title)[:_SLUG_LIMIT].strip("-") or f"program-{short_digest(record.title)}"


def _new_provider(section: dict[str, Any]) -> Provider:
    return Provider(
        slug=section["slug"],
        name=section.get("name") or section["slug"],
        url=section.get("url", ""),
        description=clean_text(section.get("description", "")),
    )


def _check_slug(name: str, slug: str) -> None:
    try:
        if slug:
            validate_slug(slug)
    except ValidationError:
        raise DocumentError(f"--{name}: {slug!r} is not a slug (letters, digits, hyphens, underscores).") from None
    if len(slug) > _SLUG_LIMIT:
        raise DocumentError(f"--{name}: the slug has more than {_SLUG_LIMIT} characters.")


def _choices() -> str:
    slugs = list(Provider.objects.order_by("slug").values_list("slug", flat=True)[:20])
    return "there are " + ", ".join(slugs) if slugs else "there is none yet"
