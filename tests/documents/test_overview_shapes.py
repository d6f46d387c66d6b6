"""Every way of marking challenges and solutions up is read, paired, and loses no word."""

import pytest

from django_prodev.documents.measure import count_challenges, lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.records import RecordKind
from tests.documents.overview_shapes import SHAPES, Shape

pytestmark = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)


def test_counts_of_challenges_and_of_solved_ones_are_exact(shape: Shape) -> None:
    assert count_challenges(read_overview(shape.text)) == (shape.challenges, shape.solved)


def test_each_solution_belongs_to_its_own_challenge(shape: Shape) -> None:
    document = read_overview(shape.text)
    solutions = {record.parent: record for record in document.of(RecordKind.SOLUTION)}
    for about, done in shape.pairs:
        paired = [
            record
            for record in document.of(RecordKind.CHALLENGE)
            if about in f"{record.title} {record.text}".lower()
            and record.key in solutions
            and done in solutions[record.key].text.lower()
        ]
        assert len(paired) == 1, (about, done)


def test_every_word_is_in_a_record_or_reported_as_left_out(shape: Shape) -> None:
    assert lost_words(shape.text, read_overview(shape.text)) == {}


def test_the_sections_after_the_challenges_are_not_taken_for_challenges(shape: Shape) -> None:
    practices = {record.title for record in read_overview(shape.text).of(RecordKind.PRACTICE)}
    assert {"Name things for what they are", "Keep functions short"} <= practices


def test_reader_and_confidence_are_told(shape: Shape) -> None:
    for record in read_overview(shape.text).of(RecordKind.CHALLENGE, RecordKind.SOLUTION):
        assert record.reader
        assert 0 < record.confidence <= 1
