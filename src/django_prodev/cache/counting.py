"""How the cache is used: counted in this process, told by the signal ``cache_used``, and to OpenTelemetry.

Outcomes: ``hit``, ``miss`` (computed and kept), ``unchanged`` (a validator still held), ``bypass`` (not looked for).
"""

import logging
from collections import Counter
from functools import cache
from importlib.util import find_spec
from typing import Any

from django_prodev.signals import cache_used

logger = logging.getLogger("django_prodev.cache")

HIT, MISS, UNCHANGED, BYPASS = "hit", "miss", "unchanged", "bypass"

_counted: Counter[tuple[str, str]] = Counter()


def count(label: str, outcome: str, seconds: float) -> None:
    """Note one use of the cache; ``seconds`` is how long asking took, with what was done meanwhile."""
    _counted[label, outcome] += 1
    if cache_used.receivers:
        for receiver, answer in cache_used.send_robust(label, outcome=outcome, seconds=seconds):
            if isinstance(answer, Exception):
                logger.error("A receiver of cache_used failed: %r (%s)", receiver, type(answer).__name__)
    if (meter := _meter()) is not None:
        meter.add(1, {"prodev.cache.label": label, "prodev.cache.outcome": outcome})


def counted() -> dict[str, dict[str, int]]:
    """The uses in this process since it began, by label and outcome."""
    found: dict[str, dict[str, int]] = {}
    for (label, outcome), number in sorted(_counted.items()):
        found.setdefault(label, {})[outcome] = number
    return found


@cache
def _meter() -> Any:
    """The counter of OpenTelemetry, where a host has it. What it exports to is the host's to configure."""
    if find_spec("opentelemetry") is None:
        return None
    try:
        from opentelemetry import metrics
    except ImportError:
        return None
    return metrics.get_meter("django_prodev").create_counter(
        "prodev.cache.requests", unit="{request}", description="Uses of django-prodev's cache"
    )
