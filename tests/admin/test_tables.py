"""Tables in the admin: nothing before it was confirmed, exactly that then, for the person who uploaded it."""

import csv
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from django_prodev.admin.table_uploads import Upload
from django_prodev.models import Enrollment, Progress, Topic
from django_prodev.testing import make_enrollment, make_topic, make_user
from tests.admin.pages import address, client_of, make_staff, superuser_client, told
from tests.documents.tabling import lines, workbook
from tests.services.school import School
from tests.writing.in_admin import only_services_write

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]

HEAD = ("kind", "slug", "name")
GOOD, BAD = ("concept", "a", "A"), ("concept", "b", "B" * 201)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Any:
    with override_settings(DJANGO_PRODEV={"TABLE_UPLOAD_FOLDER": tmp_path / "uploads"}):
        yield tmp_path / "uploads"


@pytest.fixture
def client() -> Client:
    return superuser_client()


def upload(client: Client, model: Any, content: str | bytes, **fields: Any) -> Any:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("People & topics.csv", data)
    return client.post(address(model, "table"), {"file": file, **fields})


def confirm(client: Client, model: Any, page: Any, button: str = "all") -> Any:
    return client.post(address(model, "table"), {"ticket": page.context["ticket"], button: "yes"}, follow=True)


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_preview_writes_nothing_and_its_confirmation_all_of_it(client: Client, folder: Path) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD, ("concept", "b", "B")))
    assert "2 to create, 0 to update, 0 unchanged, 0 bad." in page.content.decode()
    assert "Import 2 rows" in page.content.decode()
    assert (Topic.objects.count(), len(kept(folder))) == (0, 1)
    assert told(confirm(client, Topic, page)) == ["2 created, 0 updated, 0 unchanged, 0 left out."]
    assert (Topic.objects.count(), kept(folder)) == (2, [])
    entry = LogEntry.objects.get()
    assert entry.get_change_message() == "imported a table: 2 created, 0 updated, 0 unchanged, 0 left out."


def test_only_services_write_the_rows(client: Client) -> None:
    school = School()
    name = make_user("ada").get_username()
    rows = lines(("program", "username"), (school.program.slug, name))
    with only_services_write() as passed_by:
        confirm(client, Enrollment, upload(client, Enrollment, rows))
    assert passed_by == []
    assert Enrollment.objects.count() == 2


def test_bad_rows_are_named_and_the_good_ones_are_written_on_request(client: Client) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD, BAD))
    shown = page.content.decode()
    assert "at most 200 characters" in shown
    assert 'name="all"' not in shown
    assert "Leave the bad rows out and import 1 row" in shown
    assert told(confirm(client, Topic, page, "good")) == ["1 created, 0 updated, 0 unchanged, 1 left out."]
    assert Topic.objects.count() == 1


def test_all_is_never_some(client: Client, folder: Path) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD, BAD))
    again = confirm(client, Topic, page, "all")
    assert "Nothing was written" in told(again)[0]
    assert not Topic.objects.exists()
    assert len(kept(folder)) == 1


def test_what_became_bad_since_the_preview_stops_it_and_is_shown(client: Client) -> None:
    school = School()
    page = upload(
        client, Enrollment, lines(("program", "username"), (school.program.slug, make_user("ada").get_username()))
    )
    school.become_draft()
    again = confirm(client, Enrollment, page)
    assert "Nobody can enrol in a program that is not published." in again.content.decode()
    assert Enrollment.objects.count() == 1


def test_a_workbook_is_read_by_its_sheet(client: Client) -> None:
    page = upload(client, Topic, workbook(HEAD, GOOD), sheet="rows")
    confirm(client, Topic, page)
    assert Topic.objects.get().name == "A"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"PK\x03\x04x", "The workbook is damaged and cannot be read"),
        (b"a,b\n1,2\n", "is no header row"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    ],
)
def test_what_cannot_be_read_is_told_at_the_field_and_not_kept(
    client: Client, folder: Path, content: bytes, words: str
) -> None:
    page = upload(client, Topic, content)
    assert words in str(page.context["form"].errors["file"])
    assert not folder.exists() or kept(folder) == []


def test_a_file_over_the_cap_is_not_kept(client: Client, folder: Path) -> None:
    with override_settings(DJANGO_PRODEV={"TABLE_MAX_BYTES": 1_000, "TABLE_UPLOAD_FOLDER": folder}):
        page = upload(client, Topic, b"k" * 1_001)
    assert "1,001 bytes; at most 1,000" in str(page.context["form"].errors["file"])
    assert not folder.exists()


def test_more_rows_than_somebody_waits_for_are_sent_to_the_command(client: Client, folder: Path) -> None:
    with override_settings(DJANGO_PRODEV={"TABLE_UPLOAD_MAX_ROWS": 1, "TABLE_UPLOAD_FOLDER": folder}):
        page = upload(client, Topic, lines(HEAD, GOOD, ("concept", "b", "B")))
    said = "more than the 1 rows that are read here; prodev_import_table reads 200,000."
    assert said in str(page.context["form"].errors["file"])
    assert kept(folder) == []


def test_a_preview_is_confirmed_by_whoever_uploaded_it_alone(client: Client) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD))
    other = confirm(superuser_client(), Topic, page)
    assert "cannot be confirmed any more" in told(other)[0]
    assert not Topic.objects.exists()


@pytest.mark.parametrize("how", ["changed", "gone", "forged", "other table", "late"])
def test_a_ticket_is_for_one_file_as_it_was_for_a_while(
    client: Client, folder: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD))
    copy = next(folder.iterdir())
    model: Any = Topic
    if how == "changed":
        copy.write_text(lines(HEAD, ("concept", "z", "Z")), encoding="utf-8")
    elif how == "gone":
        copy.unlink()
    elif how == "forged":
        monkeypatch.setattr(page, "context", {"ticket": page.context["ticket"] + "x"})
    elif how == "other table":
        model = Enrollment
    else:
        now = time.time()
        monkeypatch.setattr("time.time", lambda: now + 3_601)
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + 3_601)
    assert "cannot be confirmed any more" in told(confirm(client, model, page))[0]
    assert not Topic.objects.exists()


def test_copies_are_for_the_site_alone_and_go_when_they_are_given_up_or_old(client: Client, folder: Path) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD))
    copy = next(folder.iterdir())
    assert (copy.stat().st_mode & 0o077, folder.stat().st_mode & 0o077) == (0, 0)
    confirm(client, Topic, page, "cancel")
    assert kept(folder) == []
    upload(client, Topic, lines(HEAD, GOOD))
    old = next(folder.iterdir())
    os.utime(old, (0, 0))
    upload(client, Topic, lines(HEAD, GOOD))
    assert old.name not in kept(folder)


def test_a_folder_that_is_somebody_elses_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    target = tmp_path / "elsewhere"
    target.mkdir()
    (tmp_path / f"django-prodev-{os.geteuid()}").symlink_to(target)
    with override_settings(DJANGO_PRODEV={}), pytest.raises(PermissionError, match="TABLE_UPLOAD_FOLDER"):
        Upload.keep([b"x"], user=make_user(), table="topics", name="x", sheet="")
    assert list(target.iterdir()) == []


def test_a_server_that_cannot_keep_the_file_says_so(client: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with override_settings(DJANGO_PRODEV={"TABLE_UPLOAD_FOLDER": tmp_path / "file" / "folder"}):
        page = upload(client, Topic, lines(HEAD, GOOD))
    assert "cannot be kept on the server" in str(page.context["form"].errors["file"])


def test_every_row_of_a_preview_as_csv(client: Client) -> None:
    page = upload(client, Topic, lines(HEAD, GOOD, BAD, ("concept", "=x", "X")))
    answer = confirm(client, Topic, page, "report")
    said = b"".join(answer.streaming_content).decode().splitlines()
    assert said[0] == "row,about,result,column,message"
    assert said[1] == '2,"concept, a, A",create,slug,a'
    assert [[row[0], *row[2:4]] for row in csv.reader(said[2:])] == [["3", "error", "name"], ["4", "error", "slug"]]
    assert not Topic.objects.exists()


# Who may


def test_the_services_decide_what_staff_may_import() -> None:
    school = School()
    stranger, mentor = make_staff(), school.mentor
    type(mentor).objects.filter(pk=mentor.pk).update(is_staff=True)
    mentor.user_permissions.set(stranger.user_permissions.all())
    mentor.refresh_from_db()
    rows = lines(("program", "cohort", "email"), (school.program.slug, school.cohort.slug, "new@example.org"))
    page = upload(client_of(stranger), Enrollment, rows)
    assert "You may not do this here: enrol, invite, accept or reject others." in page.content.decode()
    assert "There is nothing to import." in page.content.decode()
    confirm(client_of(mentor), Enrollment, upload(client_of(mentor), Enrollment, rows))
    assert Enrollment.objects.get(email="new@example.org").cohort == school.cohort


def test_who_may_not_add_and_change_rows_is_offered_nothing() -> None:
    user = make_staff()
    user.user_permissions.set(user.user_permissions.filter(codename__startswith="view_"))
    client = client_of(user)
    for model in (Enrollment, Progress, Topic):
        assert "Import a table" not in client.get(address(model, "changelist")).content.decode()
        assert client.get(address(model, "table")).status_code == 403
        assert upload(client, model, lines(HEAD, GOOD)).status_code == 403
        assert client.get(address(model, "table_example", "csv")).status_code == 403
    assert Client().get(address(Topic, "table")).status_code == 302


def test_a_ticket_without_csrf_is_refused() -> None:
    user = make_user(is_staff=True, is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert upload(client, Topic, lines(HEAD, GOOD)).status_code == 403


@pytest.mark.parametrize("model", [Enrollment, Progress, Topic])
def test_the_list_leads_to_the_page_which_names_the_columns(client: Client, model: Any) -> None:
    assert address(model, "table") in client.get(address(model, "changelist")).content.decode()
    shown = client.get(address(model, "table")).content.decode()
    assert "Columns" in shown
    for kind in ("csv", "xlsx"):
        assert client.get(address(model, "table_example", kind)).status_code == 200
    assert client.get(address(model, "table_example", "ods")).status_code == 404


# Export


def chosen(client: Client, rows: list[Any], kind: str) -> bytes:
    data = {"action": f"export_{kind}", "_selected_action": [row.pk for row in rows]}
    answer = client.post(address(type(rows[0]), "changelist"), data)
    assert answer.status_code == 200, answer.headers
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def test_chosen_rows_are_exported_and_come_back(client: Client) -> None:
    rows = [make_topic(kind="concept", slug="a", name="=1+1"), make_topic(kind="concept", slug="b", name="B")]
    make_topic(kind="concept", slug="c", name="C")
    data = chosen(client, rows, "csv")
    assert data.decode().splitlines()[1:] == ["concept,a,'=1+1,,,,", "concept,b,B,,,,"]
    for kind in ("csv", "xlsx"):
        page = upload(client, Topic, chosen(client, rows, kind))
        assert "0 to create, 0 to update, 2 unchanged, 0 bad." in page.content.decode()


def test_an_export_reaches_only_what_the_person_may_see() -> None:
    school = School()
    hidden = make_enrollment()
    mentor = school.mentor
    type(mentor).objects.filter(pk=mentor.pk).update(is_staff=True)
    mentor.user_permissions.set(make_staff().user_permissions.all())
    said = chosen(client_of(mentor), [school.enrollment, hidden], "csv").decode()
    assert school.learner.get_username() in said
    assert hidden.user.get_username() not in said


def test_what_a_workbook_has_no_room_for_is_a_message(client: Client) -> None:
    topic = make_topic(description="x" * 40_000)
    data = {"action": "export_xlsx", "_selected_action": [topic.pk]}
    answer = client.post(address(Topic, "changelist"), data, follow=True)
    assert "export to CSV instead" in told(answer)[0]


def test_an_export_takes_so_many_statements_whatever_is_chosen(client: Client) -> None:
    counted = set()
    for count in (1, 10, 100):
        while Topic.objects.count() < count:
            make_topic()
        with CaptureQueriesContext(connection) as statements:
            chosen(client, list(Topic.objects.all()[:count]), "csv")
        counted.add(len(statements) - 1)
    assert len(counted) == 1


def test_a_file_of_personal_data_leaves_no_trace_in_logs(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    school = School()
    with caplog.at_level("DEBUG", logger="django_prodev"):
        page = upload(
            client, Enrollment, lines(("program", "email", "status"), (school.program.slug, "secret@example.org", "x"))
        )
        confirm(client, Enrollment, page, "cancel")
    assert "secret@example.org" not in caplog.text
    assert "secret@example.org" not in "".join(LogEntry.objects.values_list("change_message", flat=True))
