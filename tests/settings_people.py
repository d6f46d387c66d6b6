"""The suite on a site with a user model of its own: ``pytest --ds=tests.settings_people``."""

from tests.settings import *  # noqa: F403  the same site, with another user model
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.people"]
AUTH_USER_MODEL = "people.Person"
