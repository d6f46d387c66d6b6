"""Print the page of the settings, made from their declarations."""

from django_prodev.conf import NAME, Setting, declared
from django_prodev.management.generated import PageCommand

_HEAD = f"""\
# Settings

Printed by `manage.py prodev_settings_page`; a test compares this page with the declarations in the code.

All settings are keys of one dict, `{NAME}`. None is obligatory. They are read when they are used, and a system check
names a key that is no setting and a value that a setting does not take ([checks](checks.md)).

```python
{NAME} = {{
    "PAGE_SIZE": 50,
}}
```

"""


class Command(PageCommand):
    help = "Print the documentation of the settings."

    def page(self) -> str:
        return _HEAD + "\n".join(_section(setting) for setting in declared().values())


def _section(setting: Setting[object]) -> str:
    default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    return f"## `{setting.name}`\n\n{setting.help}\n\nIt takes {_taken(setting)}. Default: `{_python(default)}`.\n"


def _taken(setting: Setting[object]) -> str:
    """What the setting takes, in the words in which it refuses anything else."""
    return setting.accepts(object()).rpartition("it takes ")[2]


def _python(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:_}"
    return f'"{value}"' if isinstance(value, str) else repr(value)
