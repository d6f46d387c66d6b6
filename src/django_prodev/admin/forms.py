"""The forms of the admin: they check what can be read from the input, and leave the rules to the services."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.exceptions import ProdevError

if TYPE_CHECKING:
    BaseModelForm = forms.ModelForm[Any]
else:
    BaseModelForm = forms.ModelForm


class LinesField(forms.CharField):
    """A list of texts, written one to a line."""

    widget = forms.Textarea(attrs={"class": "vLargeTextField", "rows": 5})

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = _("One to a line.")
        super().__init__(**{"required": False} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class VersionField(forms.CharField):
    """The state of the record that the form was made from, against lost updates. It is nobody's change."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class InputForm(BaseModelForm):
    """A form that judges its own input only: the service says what is wrong with the record, in words and locked."""

    def _post_clean(self) -> None:
        options = self._meta
        self.instance = construct_instance(self, self.instance, options.fields, options.exclude)


class ServiceForm(InputForm):
    """A form whose values go to a service. What a service refused stands in ``refusal`` and is shown at its fields."""

    refusal: ProdevError | None = None
    version = VersionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = api.version_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        return cleaned


class CuratedForm(ServiceForm):
    """Of what may belong to the program or to the person at the screen; which of them is said once."""

    curated = forms.BooleanField(
        label=_("curated"),
        required=False,
        initial=True,
        help_text=_("Belongs to the program. Otherwise it is yours, in your own enrolment."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["curated"]


def add_refusal(form: forms.BaseForm, refusal: ProdevError) -> None:
    """Say at the fields of ``form`` what a service refused, each error with the refusal's code."""
    for name, texts in refused_fields(refusal, form.fields).items():
        form.add_error(name, [ValidationError(text, code=refusal.code) for text in texts])


def refused_fields(refusal: ProdevError, known: Collection[str]) -> dict[str | None, list[str]]:
    """The sentences of a refusal by the field of the form that they are about; ``None`` is the form as a whole."""
    told: dict[str | None, list[str]] = {}
    for name, texts in refusal.fields.items():
        told.setdefault(name if name in known else None, []).extend(texts)
    return told or {None: [refusal.message]}
