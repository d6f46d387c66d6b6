"""Progress, its explanation, mastery and the overview of a cohort: the same over both interfaces, by the table."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_prodev.graphql.types import global_id
from django_prodev.models import Enrollment
from django_prodev.reading.catalog import COHORT, CURRICULUM, ENROLLMENT
from django_prodev.services.permission_table import TABLE, Action, Who
from django_prodev.testing.factories import (
    make_cohort,
    make_enrollment,
    make_item,
    make_progress,
    make_project,
    make_unit_topic,
)
from tests.writing.asking import GRAPHQL, REST
from tests.writing.world import World

UNIT = "{ id kind slug title }"
TOPIC = "{ id kind slug name }"
EXPLANATION = f"""query Q($id: ID!) {{ progressExplanation(enrollment: $id) {{
  percent isComplete summary nextStep {UNIT} missing {UNIT} locked {{ unit {UNIT} topics {TOPIC} waitsFor {UNIT} }}
  choices {{ unit {UNIT} more of {UNIT} }} units {{ unit {UNIT} depth status share earned isRequired isDone }} }} }}"""
MASTERY = f"""query Q($id: ID!) {{ topicMastery(enrollment: $id) {{
  learnt {TOPIC} practised {TOPIC} demonstrated {TOPIC} }} }}"""
PLAN = """query Q($id: ID!) { publicationPlan(curriculum: $id) {
  curriculumId version summary enrollments pinned changes { before after enrollments } faults } }"""
OVERVIEW = f"""query Q($id: ID!) {{ cohortOverview(cohort: $id) {{
  people completed waiting idleDays idle idleEnrollments distribution {{ least most people }}
  stuckUnits {{ people unit {UNIT} }} unsolvedTopics {{ challenges topic {TOPIC} }} }} }}"""
SUMMARIES = """query Q($ids: [ID!]!) { progressSummaries(enrollments: $ids) {
  enrollmentId percent isComplete unitsDone units } }"""

READS: dict[str, tuple[Action, str, Any, str]] = {
    "progress-summary": (Action.VIEW_PROGRESS, "enrollments", ENROLLMENT, EXPLANATION),
    "topic-mastery": (Action.VIEW_PROGRESS, "enrollments", ENROLLMENT, MASTERY),
    "publication-plan": (Action.PUBLISH_CURRICULUM, "curricula", CURRICULUM, PLAN),
    "overview": (Action.VIEW_COHORT_OVERVIEW, "cohorts", COHORT, OVERVIEW),
}


def graphql(world: World, who: Who, text: str, **variables: Any) -> Any:
    body = json.dumps({"query": text, "variables": variables})
    return world.clients[who].post(GRAPHQL, body, content_type="application/json").json()


def target(world: World, prefix: str) -> Any:
    return {"enrollments": world.enrollment, "cohorts": world.cohort, "curricula": world.draft}[prefix]


@pytest.mark.parametrize("name", READS)
def test_the_table_decides_who_reads(name: str, world: World, db: None) -> None:
    action, prefix, entity, text = READS[name]
    row = target(world, prefix)
    rest_done, graphql_done = set(), set()
    for who in Who:
        answer = world.clients[who].get(f"{REST}{prefix}/{row.uuid}/{name}/")
        found = graphql(world, who, text, id=global_id(entity, row.uuid))
        if answer.status_code == 200:
            rest_done.add(who)
        else:
            assert answer.status_code in (403, 404)
            assert found["errors"][0]["extensions"]["code"] == answer.json()["code"].upper()
        if "errors" not in found:
            graphql_done.add(who)
    assert rest_done == graphql_done == set(TABLE[action].who)


@pytest.mark.parametrize("name", READS)
def test_a_hidden_row_is_as_if_absent(name: str, world: World, db: None) -> None:
    _, prefix, entity, text = READS[name]
    hidden = world.hidden[{"enrollments": "enrollment", "cohorts": "cohort", "curricula": "curriculum"}[prefix]]
    for who in (Who.ANONYMOUS, Who.THE_LEARNER, Who.OWNER):
        keys = (hidden.uuid, uuid.uuid4())
        answers = [world.clients[who].get(f"{REST}{prefix}/{key}/{name}/") for key in keys]
        assert answers[0].status_code == 404
        assert answers[0].content == answers[1].content
        found = [graphql(world, who, text, id=global_id(entity, key)) for key in keys]
        assert found[0] == found[1]


def test_both_interfaces_say_the_same(world: World, db: None) -> None:
    make_unit_topic(unit=world.unit, topic=world.topic)
    make_progress(enrollment=world.enrollment, unit=world.unit, status="completed")
    make_project(enrollment=world.enrollment, status="approved", topics=[world.topic])
    client = world.clients[Who.THE_LEARNER]
    at = f"{REST}enrollments/{world.enrollment.uuid}/"
    key = global_id(ENROLLMENT, world.enrollment.uuid)
    rest = client.get(f"{at}progress-summary/").json()
    found = graphql(world, Who.THE_LEARNER, EXPLANATION, id=key)["data"]["progressExplanation"]
    assert rest["percent"] == found["percent"] == 33
    assert rest["summary"] == found["summary"]
    assert rest["next_step"]["title"] == found["nextStep"]["title"] == world.items[1].unit.title
    assert [each["share"] for each in rest["units"]] == [each["share"] for each in found["units"]] == [33.33] * 3
    mastery = client.get(f"{at}topic-mastery/").json()
    found = graphql(world, Who.THE_LEARNER, MASTERY, id=key)["data"]["topicMastery"]
    assert [each["slug"] for each in mastery["learnt"]] == [each["slug"] for each in found["learnt"]]
    assert [each["slug"] for each in mastery["demonstrated"]] == [world.topic.slug]
    assert mastery["practised"] == found["practised"] == []


def test_a_publication_is_planned_the_same_over_both(world: World, db: None) -> None:
    for item in world.items:
        make_progress(enrollment=world.enrollment, unit=item.unit, status="completed")
        if item.unit != world.unit:
            make_item(curriculum=world.draft, unit=item.unit)
    make_item(curriculum=world.draft)
    make_enrollment(program=world.program, curriculum=world.curriculum)
    client = world.clients[Who.EDITOR]
    rest = client.get(f"{REST}curricula/{world.draft.uuid}/publication-plan/").json()
    key = global_id(CURRICULUM, world.draft.uuid)
    found = graphql(world, Who.EDITOR, PLAN, id=key)["data"]["publicationPlan"]
    assert rest == {name: found[name] for name in rest if name != "curriculum"} | {"curriculum": str(world.draft.uuid)}
    assert rest["changes"] == [{"before": 100, "after": 75, "enrollments": 1}]
    assert (rest["enrollments"], rest["pinned"], rest["faults"]) == (2, 1, [])
    assert rest["summary"] == "2 enrolments follow this version: 1 drops from 100 % to 75 %, 1 stays as it is."
    published = client.get(f"{REST}curricula/{world.curriculum.uuid}/publication-plan/")
    assert (published.status_code, published.json()["code"]) == (409, "already_published")


def test_those_who_may_not_see_individuals_see_no_small_group(world: World, db: None) -> None:
    Enrollment.objects.filter(pk=world.enrollment.pk).update(enrolled_at="2020-01-01T00:00:00Z")
    at = f"{REST}cohorts/{world.cohort.uuid}/overview/"
    mentor, observer = (world.clients[who].get(at).json() for who in (Who.MENTOR, Who.OBSERVER))
    assert (mentor["people"], mentor["idle"], mentor["idle_enrollments"]) == (1, 1, [str(world.enrollment.uuid)])
    assert (observer["people"], observer["idle"], observer["idle_enrollments"]) == (None, None, [])
    assert observer["distribution"] == []


def test_a_page_of_progress_takes_a_fixed_number_of_statements(world: World, db: None) -> None:
    cohorts = [world.cohort, *(make_cohort(program=world.program) for _ in range(9))]
    people = [make_enrollment(cohort=cohort) for cohort in cohorts for _ in range(2)]
    counts = []
    for some in (people[:2], people):
        keys = [str(row.uuid) for row in [*some, world.hidden["enrollment"]]]
        with CaptureQueriesContext(connection) as captured:
            answer = world.clients[Who.MENTOR].get(f"{REST}enrollments/progress-summaries/", {"id": ",".join(keys)})
        counts.append(len(captured))
        assert [row["enrollment"] for row in answer.json()["results"]] == keys[:-1]
        named = [global_id(ENROLLMENT, key) for key in keys]
        found = graphql(world, Who.MENTOR, SUMMARIES, ids=named)["data"]["progressSummaries"]
        assert [row["enrollmentId"] for row in found] == named[:-1]
    assert counts[0] == counts[1]
    assert world.clients[Who.ANONYMOUS].get(f"{REST}enrollments/progress-summaries/?id={keys[0]}").json() == {
        "results": []
    }


@pytest.mark.parametrize(
    "query", ["", "?id=", "?id=x", "?id=1,2", "?ids=1", "?id=%00", f"?id={uuid.UUID(int=1)},{uuid.UUID(int=1)}"]
)
def test_a_page_names_its_enrolments(world: World, db: None, query: str) -> None:
    assert world.clients[Who.MENTOR].get(f"{REST}enrollments/progress-summaries/{query}").status_code == 400


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999", "1.5", "%00", ""])
def test_idle_days_are_a_number_of_days(world: World, db: None, days: str) -> None:
    assert (
        world.clients[Who.MENTOR].get(f"{REST}cohorts/{world.cohort.uuid}/overview/?idle_days={days}").status_code
        == 400
    )
