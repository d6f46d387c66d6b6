"""What an overview's technology or concept becomes: the slug of its unit, and the topics that its title names."""

from django.utils.text import slugify

from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.documents.records import Record, RecordKind
from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.wording import short_digest
from django_prodev.enums import TopicKind
from django_prodev.models import Topic

_SLUG_LIMIT = 150


def taught_slug(program_slug: str, title: str, number: int = 1) -> str:
    """The slug of the unit; ``number`` counts titles of one document that are alike."""
    slug = f"{program_slug}-{slugify(title) or short_digest(title)}"[:_SLUG_LIMIT].strip("-")
    return slug if number == 1 else f"{slug[: _SLUG_LIMIT - 10]}-{number}"


def taught_topics(record: Record, topics: TopicIndex) -> list[Topic]:
    """The topic that the record's title names, or several; what is not known is made."""
    matcher = TopicMatcher.shipped()
    if known := topics.find(record.title):
        return [known]
    if seed := matcher.exact(record.title):
        return [topics.resolve(seed.name, kind=seed.kind)]
    if record.kind is RecordKind.CONCEPT:
        return [topics.resolve(record.title, fallback=TopicKind.CONCEPT)]
    named = matcher.find(record.title)
    if len(named) > 1 or (named and len(named[0].name) * 2 >= len(record.title)):
        return [topics.resolve(seed.name, kind=seed.kind) for seed in named]
    return [topics.resolve(record.title, fallback=TopicKind.TECHNOLOGY)]
