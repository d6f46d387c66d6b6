"""Serializers that describe answers about progress. They are for the schema."""

from typing import Any

from rest_framework import serializers


class InsightUnitSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The identifier of the unit.")
    kind = serializers.CharField(help_text="What it is.")
    slug = serializers.CharField(help_text="Its short name.")
    title = serializers.CharField(help_text="Its title.")


class InsightTopicSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The identifier of the topic.")
    kind = serializers.CharField(help_text="What it is.")
    slug = serializers.CharField(help_text="Its short name.")
    name = serializers.CharField(help_text="Its name.")


class ProgressSummarySerializer(serializers.Serializer[Any]):
    enrollment = serializers.UUIDField(help_text="The identifier of the enrolment.")
    percent = serializers.IntegerField(help_text="The part that is done, by weight, floored.")
    is_complete = serializers.BooleanField(help_text="Whether everything that is required is done.")
    units_done = serializers.IntegerField(help_text="How many units are done.")
    units = serializers.IntegerField(help_text="How many units there are.")


class ProgressSummaryPageSerializer(serializers.Serializer[Any]):
    results = ProgressSummarySerializer(many=True, help_text="One for each enrolment that may be seen.")


class LockedUnitSerializer(serializers.Serializer[Any]):
    unit = InsightUnitSerializer(help_text="The unit that is closed.")
    topics = InsightTopicSerializer(many=True, help_text="The topics it requires that are not learnt yet.")
    waits_for = InsightUnitSerializer(many=True, help_text="The units that come before it.")


class ChoiceSerializer(serializers.Serializer[Any]):
    unit = InsightUnitSerializer(help_text="The group.")
    more = serializers.IntegerField(help_text="How many more of it are enough.")
    of = InsightUnitSerializer(many=True, help_text="Those to choose from.")


class ExplainedUnitSerializer(serializers.Serializer[Any]):
    unit = InsightUnitSerializer(help_text="The unit.")
    depth = serializers.IntegerField(help_text="How deep it stands: 0 for the topmost.")
    status = serializers.CharField(allow_blank=True, help_text="The mark, empty where there is none.")
    share = serializers.FloatField(help_text="The part of the whole that it counts, in percent.")
    earned = serializers.FloatField(help_text="How much of that is reached, in percent.")
    is_required = serializers.BooleanField(help_text="Whether it must be done.")
    is_done = serializers.BooleanField(help_text="Whether it is done.")


class ExplanationSerializer(serializers.Serializer[Any]):
    enrollment = serializers.UUIDField(help_text="The identifier of the enrolment.")
    percent = serializers.IntegerField(help_text="The part that is done, by weight, floored.")
    is_complete = serializers.BooleanField(help_text="Whether everything that is required is done.")
    summary = serializers.CharField(help_text="Why, in a sentence or two.")
    next_step = InsightUnitSerializer(allow_null=True, help_text="The shortest next step.")
    missing = InsightUnitSerializer(many=True, help_text="What is not done and counts.")
    locked = LockedUnitSerializer(many=True, help_text="What is closed, and by what.")
    choices = ChoiceSerializer(many=True, help_text="Groups of which some parts are enough.")
    units = ExplainedUnitSerializer(many=True, help_text="Every unit, in order.")


class MasterySerializer(serializers.Serializer[Any]):
    enrollment = serializers.UUIDField(help_text="The identifier of the enrolment.")
    learnt = InsightTopicSerializer(many=True, help_text="The topics that finished units teach.")
    practised = InsightTopicSerializer(many=True, help_text="The topics that finished units practise.")
    demonstrated = InsightTopicSerializer(many=True, help_text="Those of assessments and approved projects.")


class BucketSerializer(serializers.Serializer[Any]):
    least = serializers.IntegerField(help_text="From this percentage")
    most = serializers.IntegerField(help_text="up to and with this one")
    people = serializers.IntegerField(help_text="there are so many people.")


class StuckUnitSerializer(serializers.Serializer[Any]):
    unit = InsightUnitSerializer(help_text="The unit.")
    people = serializers.IntegerField(help_text="How many have it unfinished for that long.")


class UnsolvedTopicSerializer(serializers.Serializer[Any]):
    topic = InsightTopicSerializer(help_text="The topic.")
    challenges = serializers.IntegerField(help_text="How many challenges with it have no accepted solution.")


class OverviewSerializer(serializers.Serializer[Any]):
    cohort = serializers.UUIDField(help_text="The identifier of the cohort.")
    people = serializers.IntegerField(allow_null=True, help_text="How many are in it; null where they are too few.")
    completed = serializers.IntegerField(allow_null=True, help_text="How many have completed.")
    waiting = serializers.IntegerField(allow_null=True, help_text="How many wait for a place.")
    distribution = BucketSerializer(many=True, help_text="How many are how far.")
    idle_days = serializers.IntegerField(help_text="After how many days somebody counts as idle.")
    idle = serializers.IntegerField(allow_null=True, help_text="How many have not moved for so long.")
    idle_enrollments = serializers.ListField(
        child=serializers.UUIDField(), help_text="Their enrolments, for those who may see individuals."
    )
    stuck_units = StuckUnitSerializer(many=True, help_text="Where most have come to a halt.")
    unsolved_topics = UnsolvedTopicSerializer(many=True, help_text="What has not been solved.")
