"""``python -m benchmarks.pages``: explain every list at 500,000 entries."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.pages.settings")
django.setup()

from benchmarks.pages.explain import main  # noqa: E402  the models must be there first

sys.exit(main())
