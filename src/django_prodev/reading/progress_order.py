"""Which topics the units of a curriculum require and teach, read in one statement for ``progress_locks``."""

from collections import defaultdict
from collections.abc import Collection

from django_prodev.enums import TopicRole
from django_prodev.models import UnitTopic
from django_prodev.reading.progress_locks import Order


def order_of(unit_ids: Collection[int], *, is_enforced: bool) -> Order:
    """What opens what among these units."""
    requires: dict[int, list[int]] = defaultdict(list)
    teaches: dict[int, list[int]] = defaultdict(list)
    rows = UnitTopic.objects.filter(unit_id__in=unit_ids, role__in=(TopicRole.REQUIRES, TopicRole.TEACHES))
    for unit_id, topic_id, role in rows.order_by("pk").values_list("unit_id", "topic_id", "role"):
        (requires if role == TopicRole.REQUIRES else teaches)[unit_id].append(topic_id)
    return Order(is_enforced, requires, teaches)
