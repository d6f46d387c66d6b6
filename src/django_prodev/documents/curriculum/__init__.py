"""The curriculum format: a program, its units, topics, entries and projects, written as JSON or YAML.

``docs/curriculum-format.md`` describes it for people, ``schemas/curriculum.schema.json`` for machines.
"""

from django_prodev.documents.curriculum.json_text import parse_json
from django_prodev.documents.curriculum.reader import read_curriculum
from django_prodev.documents.curriculum.yaml_text import parse_yaml

__all__ = ["parse_json", "parse_yaml", "read_curriculum"]
