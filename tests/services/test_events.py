import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from django_prodev.models import Event, Program
from django_prodev.services.events import record_event
from django_prodev.signals import event_recorded, program_changed
from django_prodev.testing.factories import make_program, make_user


def test_an_event_says_what_happened_to_what_by_whom_about_whom(db: None) -> None:
    program, actor, subject = make_program(), make_user(), make_user()
    event = record_event(
        name="published",
        instance=program,
        actor=actor,
        subject_id=subject.pk,
        program_id=program.pk,
        data={"from": "draft", "units": [uuid.UUID(int=1)], "count": 3, "gone": None},
    )
    event.refresh_from_db()
    assert (event.type, event.object_type, event.object_uuid) == (
        "prodev.program.published.v1",
        "program",
        program.uuid,
    )
    assert (event.actor, event.subject, event.program) == (actor, subject, program)
    assert event.data == {"from": "draft", "units": ["00000000-0000-0000-0000-000000000001"], "count": 3, "gone": None}
    assert event.dispatched_at is None


@pytest.mark.parametrize("value", ["a free text", "name@example.com", "x" * 65, {"nested": 1}, 1.5, object()])
def test_an_event_holds_no_free_text(db: None, value: object) -> None:
    with pytest.raises(ValueError, match="identifiers and states"):
        record_event(name="edited", instance=make_program(), actor=None, data={"value": value})


def test_the_same_key_is_the_same_event(db: None) -> None:
    program = make_program()
    first = record_event(name="edited", instance=program, actor=None, key="import-7")
    assert record_event(name="edited", instance=program, actor=None, key="import-7") == first
    assert Event.objects.count() == 1


def test_somebody_who_is_not_signed_in_is_not_stored_as_an_actor(db: None) -> None:
    assert record_event(name="edited", instance=make_program(), actor=AnonymousUser()).actor is None


@pytest.mark.django_db(transaction=True)
def test_signals_are_sent_after_the_commit_and_not_after_a_rollback() -> None:
    heard: list[tuple[str, object]] = []

    def hear(sender: type, event: Event, instance: Program, **rest: object) -> None:
        heard.append((event.type, instance))

    program_changed.connect(hear)
    event_recorded.connect(hear)
    try:
        with transaction.atomic():
            program = make_program()
            record_event(name="created", instance=program, actor=None)
            assert heard == []
        assert heard == [("prodev.program.created.v1", program)] * 2
        heard.clear()
        with transaction.atomic():
            record_event(name="edited", instance=program, actor=None)
            transaction.set_rollback(True)
        assert heard == []
        assert Event.objects.count() == 1
    finally:
        program_changed.disconnect(hear)
        event_recorded.disconnect(hear)


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_stops_neither_the_write_nor_the_other_receivers() -> None:
    heard: list[str] = []

    def fail(**rest: object) -> None:
        raise RuntimeError("a receiver of the host site")

    def hear(event: Event, **rest: object) -> None:
        heard.append(event.type)

    event_recorded.connect(fail)
    event_recorded.connect(hear)
    try:
        with transaction.atomic():
            record_event(name="created", instance=make_program(), actor=None)
    finally:
        event_recorded.disconnect(fail)
        event_recorded.disconnect(hear)
    assert heard == ["prodev.program.created.v1"]
