"""The curriculum format as YAML: text of several lines stands as blocks, so that people can edit it."""

from typing import Any

import yaml

_WIDTH = 1_000_000
"""No folding of long lines: folded text reads badly in a diff."""

# YAML takes these for line breaks, so only between double quotes do they come back.
_BREAKS = frozenset("\x85\u2028\u2029")

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]
    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out: readers of the format follow no alias."""
        return True


def _text(dumper: Any, text: str) -> Any:
    style = '"' if not _BREAKS.isdisjoint(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write(curriculum: dict[str, Any]) -> str:
    """The YAML text of a curriculum."""
    return str(yaml.dump(curriculum, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH))
