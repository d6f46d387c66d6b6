"""People: who is shown, and as what."""

from django.contrib.auth import get_user_model

from django_prodev.reading.entities import Attribute, Entity, ValueType
from django_prodev.reading.people import display_name

User = get_user_model()

PERSON = Entity(
    "person",
    "people",
    User,
    "Someone, by the name they go by. Nothing else of a person is shown.",
    (Attribute("name", ValueType.STRING, "The name.", build=display_name),),
)
