"""The form of an upload: which files, and whose they are. Its files are counted while they are read."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.conf import prodev_settings
from django_prodev.enums import Visibility
from django_prodev.exceptions import DocumentError
from django_prodev.models import Program, Provider

ENDINGS = (".md", ".markdown", ".json", ".yaml", ".yml", ".txt")


def most_bytes() -> int:
    """How much is uploaded at once."""
    return min(prodev_settings.UPLOAD_MAX_BYTES, prodev_settings.DOCUMENT_MAX_BYTES)


class Quota(FileUploadHandler):
    """Stops reading files once they have more bytes together than are taken; ``is_exceeded`` then says so."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.left = most_bytes()

    @property
    def is_exceeded(self) -> bool:
        return self.left < 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.is_exceeded:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, as a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data or [None] if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


def importable_providers(user: Any) -> list[Provider]:
    """The providers that somebody may import for."""
    visible = Provider.objects.visible_to(user).order_by("name", "pk")
    if user.is_superuser:
        return list(visible)
    held = visible.filter(Q(memberships__user=user, memberships__program=None, memberships__cohort=None)).distinct()
    return [one for one in held if api.is_allowed(actor=user, action=api.Action.IMPORT, target=one)]


class UploadForm(forms.Form):
    """What ``prodev_import`` asks on its command line. After validation ``request`` is what is to be imported."""

    documents = FilesField(
        label=_("Files"),
        help_text=_("Markdown, JSON, YAML or text; several at once are imported together."),
        widget=FilesInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    provider = forms.ModelChoiceField(label=_("Provider"), queryset=Provider.objects.none())
    program = forms.ModelChoiceField(
        label=_("Program"),
        queryset=Program.objects.none(),
        required=False,
        empty_label=_("the one that the document’s title names"),
        help_text=_("Made as a draft where it is not there yet."),
    )
    learner = forms.CharField(
        label=_("Learner"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("A user name, where the document is one person’s record. Otherwise it is the program’s own."),
    )
    visibility = forms.ChoiceField(
        label=_("Visible to"),
        required=False,
        choices=[("", _("as usual: everyone, or the learner alone")), *Visibility.choices],
        help_text=_("Who may see the entries and projects."),
    )
    publish = forms.BooleanField(label=_("Publish the program and its curriculum"), required=False)

    def __init__(self, *args: Any, user: Any, quota: Quota | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.quota = quota
        self.request: Any = None
        providers = importable_providers(user)
        provider: Any = self.fields["provider"]
        provider.queryset = Provider.objects.filter(pk__in=[one.pk for one in providers])
        provider.required = bool(providers)
        if len(providers) == 1:
            provider.initial = providers[0]
            provider.empty_label = None
        program: Any = self.fields["program"]
        program.queryset = (
            Program.objects.visible_to(user).filter(provider__in=providers).select_related("provider").order_by("title")
        )
        program.label_from_instance = lambda row: (
            f"{row.title} ({row.provider.name})" if len(providers) > 1 else row.title
        )
        self.fields["documents"].help_text += " " + gettext("At most %s together.") % _size(most_bytes())

    def clean_documents(self) -> list[Any]:
        read, names = [], set()
        for file in self.cleaned_data["documents"]:
            name = str(file.name)
            if PurePath(name).suffix.lower() not in ENDINGS:
                self.add_error("documents", gettext("%s: this takes %s.") % (name, ", ".join(ENDINGS)))
            elif name in names:
                self.add_error("documents", gettext("%s: two files have this name; rename one.") % name)
            elif (source := self._read(file, name)) is not None:
                read.append(source)
            names.add(name)
        return read

    def _read(self, file: "UploadedFile[Any]", name: str) -> Any:
        try:
            return api.read_bytes(file.read(most_bytes() + 1), name=name)
        except DocumentError as error:
            self.add_error("documents", str(error))
            return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self._is_too_much():
            # What was not read to its end looks as if it were missing or broken.
            self.errors.pop("documents", None)
            larger = gettext(
                "The files have more than %s together. Larger ones are imported with: manage.py prodev_import"
            )
            self.add_error("documents", larger % _size(most_bytes()))
        provider, program = given.get("provider"), given.get("program")
        if program and provider and program.provider_id != provider.pk:
            self.add_error("program", gettext("This program is another provider’s."))
        learner = self._learner(given.get("learner", ""), provider)
        if not self.errors:
            self.request = api.ImportRequest(
                documents=tuple(given["documents"]),
                program=program.slug if program else "",
                provider=provider.slug if provider else "",
                learner=learner,
                publish=given["publish"],
                visibility=Visibility(given["visibility"]) if given["visibility"] else None,
            )
        return given

    def _is_too_much(self) -> bool:
        """Counted again, since a site's own middleware may have read the request before anybody counted."""
        sizes = sum(file.size or 0 for file in self.files.getlist("documents"))
        return sizes > most_bytes() or (self.quota is not None and self.quota.is_exceeded)

    def _learner(self, username: str, provider: Provider | None) -> Any:
        if not username or (provider is None and not self.user.is_superuser):
            return None
        action = api.Action.IMPORT_FOR_LEARNER
        if provider and not api.is_allowed(actor=self.user, action=action, target=provider):
            self.add_error("learner", gettext("Only owners of the provider may import somebody’s record."))
            return None
        model = get_user_model()
        try:
            return model._default_manager.get_by_natural_key(username.replace("\0", ""))
        except model.DoesNotExist:
            self.add_error("learner", gettext("There is no user of this name."))
            return None


def _size(count: int) -> str:
    return ngettext("%s byte", "%s bytes", count) % f"{count:,}"
