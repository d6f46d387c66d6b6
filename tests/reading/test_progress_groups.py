import itertools

from hypothesis import given
from hypothesis import strategies as st

from django_prodev.reading.progress_groups import BOUNDS, Bucket, distribution, shown


@given(st.lists(st.integers(0, 100), max_size=60), st.integers(1, 12))
def test_every_bucket_holds_enough_people_and_together_they_hold_all(percentages: list[int], minimum: int) -> None:
    buckets = distribution(percentages, minimum)
    if len(percentages) < minimum:
        assert buckets == []
        return
    assert sum(bucket.people for bucket in buckets) == len(percentages)
    assert [buckets[0].least, buckets[-1].most] == [0, 100]
    assert all(left.most + 1 == right.least for left, right in itertools.pairwise(buckets))
    for bucket in buckets:
        assert bucket.people == sum(bucket.least <= percent <= bucket.most for percent in percentages)
        assert minimum == 1 or bucket.people >= minimum


def test_without_a_least_size_every_bucket_is_shown() -> None:
    assert distribution([0, 10, 100], 1) == [
        Bucket(least, most, people) for (least, most), people in zip(BOUNDS, [1, 1, 0, 0, 0, 1], strict=True)
    ]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(2, 10))
def test_a_figure_is_shown_where_neither_side_is_small(people: int, others: int, minimum: int) -> None:
    figure = shown(people, people + others, minimum)
    assert figure == (people if min(people, others) >= minimum else None)
