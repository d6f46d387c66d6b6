"""One request under one ``Idempotency-Key`` from several processes: ``python -m tests.writing.key_races`` prints JSON.

Like ``tests.services.races`` it makes the database that ``race_settings`` names, and drops it.
"""

import json
import os
import signal
import sys
from collections import Counter
from typing import Any

import django

from tests.services.races import RACERS

BODY = json.dumps({"kind": "skill", "slug": "once", "name": "Once"})


def send(client: Any, key: str) -> Any:
    from tests.writing.asking import REST

    return client.post(f"{REST}topics/", BODY, content_type="application/json", headers={"Idempotency-Key": key})


def eight_at_once(client: Any) -> dict[str, Any]:
    from django.db import connections

    from django_prodev.models import Event, Receipt, Topic

    connections.close_all()
    barrier, results = RACERS.Barrier(8), RACERS.Queue()

    def run() -> None:
        barrier.wait(timeout=60)
        answer = send(client, "eight")
        results.put((answer.status_code, answer.content.decode(), answer.headers.get("Idempotency-Replayed", "")))
        connections.close_all()

    processes = [RACERS.Process(target=run) for _ in range(8)]
    for process in processes:
        process.start()
    heard = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return {
        "statuses": dict(Counter(str(status) for status, _, _ in heard)),
        "answers": len({content for _, content, _ in heard}),
        "replayed": sum(replayed == "true" for _, _, replayed in heard),
        "rows": Topic.objects.count(),
        "receipts": Receipt.objects.count(),
        "events": Event.objects.count(),
    }


def killed_before_commit(client: Any) -> dict[str, Any]:
    """The process of a first attempt dies when all is written and nothing is committed."""
    from django.db import connections

    from django_prodev.models import Event, Receipt, Topic

    Topic.objects.all().delete()
    Receipt.objects.all().delete()
    Event.objects.all().delete()
    connections.close_all()

    def run() -> None:
        def die(**_: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        from django.db.models.signals import pre_save

        pre_save.connect(lambda instance, **_: die() if instance.answer else None, sender=Receipt, weak=False)
        send(client, "killed")

    process = RACERS.Process(target=run)
    process.start()
    process.join(timeout=60)
    left = [model.objects.count() for model in (Topic, Receipt, Event)]
    again = send(client, "killed")
    return {
        "exit": process.exitcode,
        "left": left,
        "again": again.status_code,
        "rows": [model.objects.count() for model in (Topic, Receipt, Event)],
    }


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test import Client

    from django_prodev.testing.factories import make_user

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        client = Client()
        client.force_login(make_user(is_superuser=True))
        json.dump({race.__name__: race(client) for race in (eight_at_once, killed_before_commit)}, sys.stdout)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
