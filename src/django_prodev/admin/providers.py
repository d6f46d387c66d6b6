"""The admin of who offers programs: providers and the people who work for them; and of the shared topics."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.base import username_lookup
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.preview import MarkdownPreview
from django_prodev.admin.tables import TableAdmin
from django_prodev.admin.writing import Fields, WrittenAdmin
from django_prodev.exceptions import Invalid
from django_prodev.models import Entry, Membership, Program, Provider, Topic, Unit, UnitTopic


@admin.register(Provider)
class ProviderAdmin(MarkdownPreview, WrittenAdmin):
    can_add = can_edit = True
    written = ("name", "slug", "url", "email", "description")
    markdown_fields = ("description",)
    prepopulated_fields = {"slug": ("name",)}
    list_display = (
        "name",
        "slug",
        CountColumn("program_count", Program, "provider", _("programs")),
        CountColumn("unit_count", Unit, "provider", _("units")),
        CountColumn("membership_count", Membership, "provider", _("people")),
    )
    search_fields = ("name", "slug")

    def may_edit(self, record: Provider, actor: Any) -> bool:
        return api.is_allowed(actor=actor, action=api.Action.EDIT_PROVIDER, target=record)

    def create(self, actor: Any, fields: Fields) -> Provider:
        return api.create_provider(actor=actor, **fields)

    def edit(self, record: Provider, actor: Any, version: str | None, changes: Fields) -> Provider:
        return api.edit_provider(provider=record, actor=actor, expected_version=version, **changes)


@admin.register(Membership)
class MembershipAdmin(WrittenAdmin):
    """Roles are granted and revoked, for the narrowest of provider, program and cohort that is chosen."""

    can_add = can_remove = True
    given = ("user", "role", "provider", "program", "cohort")
    user_fields = ("user",)
    autocomplete_fields = ("provider", "program", "cohort")
    list_display = ("user", "role", "provider", "program", "cohort")
    list_display_links = ("user", "role")
    list_filter = ("role", ("provider", VisibleRelatedFilter))
    list_select_related = ("user", "provider", "program", "cohort")
    search_fields = (username_lookup("user"), "provider__name", "program__title", "cohort__title")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "provider":
            field.required = False
        return field

    def create(self, actor: Any, fields: Fields) -> Membership:
        scope = fields["cohort"] or fields["program"] or fields["provider"]
        if scope is None:
            raise Invalid(fields={"provider": ["Choose a provider, a program or a cohort."]})
        return api.grant_role(user=fields["user"], role=fields["role"], scope=scope, actor=actor)

    def remove(self, record: Membership, actor: Any) -> None:
        api.revoke_role(membership=record, actor=actor)


@admin.register(Topic)
class TopicAdmin(TableAdmin, WrittenAdmin):
    can_add = can_edit = True
    table_name = "topics"
    written = ("kind", "name", "slug", "description", "parent", "uri", "aliases")
    lines_fields = ("aliases",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    list_display = (
        "name",
        "kind",
        "slug",
        "parent",
        CountColumn("unit_count", UnitTopic, "topic", _("units")),
        CountColumn("entry_count", Entry, "topics", _("entries")),
    )
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "slug")

    def may_edit(self, record: Topic, actor: Any) -> bool:
        return api.is_allowed(actor=actor, action=api.Action.EDIT_TOPIC, target=record)

    def create(self, actor: Any, fields: Fields) -> Topic:
        return api.create_topic(actor=actor, **fields)

    def edit(self, record: Topic, actor: Any, version: str | None, changes: Fields) -> Topic:
        return api.edit_topic(topic=record, actor=actor, expected_version=version, **changes)
