import pytest

from django_prodev.models import Topic
from django_prodev.testing import assert_same_statements, assert_sees, count_statements, make_program, make_topic
from django_prodev.testing.factories import make_published_program

pytestmark = pytest.mark.django_db


def _grow(size: int) -> None:
    for _ in range(size - Topic.objects.count()):
        make_topic()


def test_statements_are_counted() -> None:
    assert count_statements(lambda: (Topic.objects.count(), Topic.objects.first())) == 2


def test_the_same_statements_at_every_size_pass_and_are_returned() -> None:
    assert assert_same_statements(_grow, lambda: list(Topic.objects.all()), sizes=(1, 5)) == 1


def test_a_statement_a_row_is_caught() -> None:
    def work() -> None:
        for topic in Topic.objects.all():
            topic.refresh_from_db()

    with pytest.raises(AssertionError, match=r"\{1: 2, 5: 6\}"):
        assert_same_statements(_grow, work, sizes=(1, 5))


def test_what_a_viewer_sees_is_compared_both_ways() -> None:
    draft, shown = make_program(), make_published_program(units=0)
    assert_sees(None, type(shown), [shown])
    with pytest.raises(AssertionError, match="wrongly hidden"):
        assert_sees(None, type(shown), [shown, draft])
    with pytest.raises(AssertionError, match="must not see"):
        assert_sees(None, type(shown), [])
