"""Who may do what: the one table. It is data, without a model or a query, and the page of the docs is printed from it.

``python -m django_prodev.services.permission_table > docs/permissions.md`` writes that page.

Three rules stand above the table and are applied in ``permissions``: nobody acts on what they may not see (for them it
does not exist), an inactive user counts as not signed in, and a superuser may do everything in the table. Rules about
the *state* of things (a full cohort, a published curriculum) are no permissions: the services keep them for everyone.
"""

import sys
from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """What somebody is to a row. One person may be several of these at once."""

    ANONYMOUS = "anonymous"
    ANOTHER_LEARNER = "another learner"
    THE_LEARNER = "the learner"
    MENTOR = "mentor"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    OWNER = "owner"
    OBSERVER = "observer"
    SUPERUSER = "superuser"


class Action(StrEnum):
    """What can be done. The target of each stands in ``TABLE``."""

    CREATE_PROVIDER = "create a provider"
    EDIT_PROVIDER = "edit a provider"
    CREATE_TOPIC = "create a topic"
    EDIT_TOPIC = "edit a topic"
    CREATE_UNIT = "create a unit"
    EDIT_UNIT = "edit a unit"
    CREATE_PROGRAM = "create a program"
    EDIT_PROGRAM = "edit a program"
    PUBLISH_PROGRAM = "publish a program"
    RETIRE_PROGRAM = "retire a program"
    EDIT_CURRICULUM = "draft and edit a curriculum"
    PUBLISH_CURRICULUM = "publish a curriculum"
    EDIT_COHORT = "create, edit and open a cohort"
    JOIN = "ask for a place, or take one"
    ENROLL_OTHERS = "enrol, invite, accept or reject others"
    ANSWER_INVITATION = "accept or decline an invitation"
    PAUSE_ENROLLMENT = "pause, resume or leave"
    COMPLETE_ENROLLMENT = "complete an enrolment that has reached its end"
    OVERRIDE_COMPLETION = "complete an enrolment before its end"
    REOPEN_ENROLLMENT = "reopen a completed enrolment"
    MANAGE_ENROLLMENT = "pin a curriculum, set a due date, expire"
    MARK_UNIT = "start, submit, complete, skip or reopen a unit"
    GRADE_UNIT = "grade a submitted unit, or reopen a waived one"
    WAIVE_UNIT = "waive a unit"
    WRITE_ENTRY = "write an entry"
    EDIT_ENTRY = "edit, publish, share or delete an entry"
    CURATE = "write, edit and publish what is curated"
    HIDE_ENTRY = "take a published entry back to draft"
    ANSWER_CHALLENGE = "answer a challenge"
    ACCEPT_SOLUTION = "accept a solution to a challenge"
    CREATE_PROJECT = "create a project"
    EDIT_PROJECT = "edit, submit, share or withdraw a project"
    REVIEW_PROJECT = "review a project"
    MANAGE_ROLES = "grant and revoke roles"
    VIEW_PROGRESS = "see one person's progress"
    VIEW_COHORT_OVERVIEW = "see the overview of a cohort"
    EXPORT_LEARNER = "export everything about a person"
    ERASE_LEARNER = "erase a person"
    IMPORT = "import documents into programs"
    IMPORT_FOR_LEARNER = "import documents as a person's record"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do one action to which kind of row.

    ``never_to_oneself`` keeps staff from grading, waiving or reviewing what is their own.
    """

    target: str
    who: frozenset[Who]
    never_to_oneself: bool = False


def _rule(target: str, *who: Who, never_to_oneself: bool = False) -> Rule:
    return Rule(target, frozenset((*who, Who.SUPERUSER)), never_to_oneself)


_SIGNED_IN = (
    Who.ANOTHER_LEARNER,
    Who.THE_LEARNER,
    Who.MENTOR,
    Who.REVIEWER,
    Who.EDITOR,
    Who.OWNER,
    Who.OBSERVER,
)
_AUTHORS = (Who.EDITOR, Who.OWNER)
_MENTORS = (Who.MENTOR, Who.EDITOR, Who.OWNER)
_REVIEWERS = (Who.MENTOR, Who.REVIEWER, Who.OWNER)
_SEES_PEOPLE = (Who.MENTOR, Who.REVIEWER, Who.EDITOR, Who.OWNER)

TABLE: dict[Action, Rule] = {
    Action.CREATE_PROVIDER: _rule("site"),
    Action.EDIT_PROVIDER: _rule("provider", Who.OWNER),
    Action.CREATE_TOPIC: _rule("provider", *_AUTHORS),
    Action.EDIT_TOPIC: _rule("site"),
    Action.CREATE_UNIT: _rule("provider", *_AUTHORS),
    Action.EDIT_UNIT: _rule("unit", *_AUTHORS),
    Action.CREATE_PROGRAM: _rule("provider", *_AUTHORS),
    Action.EDIT_PROGRAM: _rule("program", *_AUTHORS),
    Action.PUBLISH_PROGRAM: _rule("program", *_AUTHORS),
    Action.RETIRE_PROGRAM: _rule("program", Who.OWNER),
    Action.EDIT_CURRICULUM: _rule("program", *_AUTHORS),
    Action.PUBLISH_CURRICULUM: _rule("program", *_AUTHORS),
    Action.EDIT_COHORT: _rule("program", *_AUTHORS),
    Action.JOIN: _rule("program", *_SIGNED_IN),
    Action.ENROLL_OTHERS: _rule("cohort", *_MENTORS),
    Action.ANSWER_INVITATION: _rule("enrollment", Who.THE_LEARNER),
    Action.PAUSE_ENROLLMENT: _rule("enrollment", Who.THE_LEARNER, *_MENTORS),
    Action.COMPLETE_ENROLLMENT: _rule("enrollment", Who.THE_LEARNER, *_MENTORS),
    Action.OVERRIDE_COMPLETION: _rule("enrollment", *_AUTHORS, never_to_oneself=True),
    Action.REOPEN_ENROLLMENT: _rule("enrollment", *_MENTORS),
    Action.MANAGE_ENROLLMENT: _rule("enrollment", *_AUTHORS),
    Action.MARK_UNIT: _rule("enrollment", Who.THE_LEARNER, *_MENTORS),
    Action.GRADE_UNIT: _rule("enrollment", *_SEES_PEOPLE, never_to_oneself=True),
    Action.WAIVE_UNIT: _rule("enrollment", *_MENTORS, never_to_oneself=True),
    Action.WRITE_ENTRY: _rule("program", *_SIGNED_IN),
    Action.EDIT_ENTRY: _rule("entry", Who.THE_LEARNER),
    Action.CURATE: _rule("program", *_AUTHORS),
    Action.HIDE_ENTRY: _rule("entry", Who.THE_LEARNER, *_AUTHORS),
    Action.ANSWER_CHALLENGE: _rule("entry", *_SIGNED_IN),
    Action.ACCEPT_SOLUTION: _rule("entry", Who.THE_LEARNER, *_MENTORS),
    Action.CREATE_PROJECT: _rule("program", *_SIGNED_IN),
    Action.EDIT_PROJECT: _rule("project", Who.THE_LEARNER),
    Action.REVIEW_PROJECT: _rule("project", *_REVIEWERS, never_to_oneself=True),
    Action.MANAGE_ROLES: _rule("provider, program or cohort", Who.OWNER),
    Action.VIEW_PROGRESS: _rule("enrollment", Who.THE_LEARNER, *_SEES_PEOPLE),
    Action.VIEW_COHORT_OVERVIEW: _rule("cohort", *_SEES_PEOPLE, Who.OBSERVER),
    Action.EXPORT_LEARNER: _rule("person", Who.THE_LEARNER),
    Action.ERASE_LEARNER: _rule("person", Who.THE_LEARNER),
    Action.IMPORT: _rule("provider", *_AUTHORS),
    Action.IMPORT_FOR_LEARNER: _rule("provider", Who.OWNER),
}

_PAGE = """\
# Who may do what

Printed by `python -m django_prodev.services.permission_table`; a test compares this page with the table in the code.

A role is held for a provider (all its programs), for one program, or for one cohort, and reaches what lies inside that.
*The learner* is the person whom the row is about: whose enrolment, entry or project it is. *Another learner* is anyone
else who is signed in. An entry or a project without a person is curated, and belongs to the program's editors and
owners. Nobody acts on a row that they may not see: for them it does not exist. "not their own" keeps staff from
deciding about themselves. Writing an entry, answering a challenge and creating a project also need a place in the
program, or a role in it. Whoever may review a project sees it from when it is handed in until it is withdrawn.

"""


def markdown_page() -> str:
    """The page ``docs/permissions.md``: a line an action, a column for each ``Who``."""
    head = "| Action | On | " + " | ".join(who.value for who in Who) + " |\n"
    rule = "|---|---|" + ":-:|" * len(Who) + "\n"
    return _PAGE + head + rule + "".join(_line(action, TABLE[action]) for action in Action)


def _line(action: Action, rule: Rule) -> str:
    cells = []
    for who in Who:
        allowed = "✓" if who in rule.who else ""
        if allowed and rule.never_to_oneself and who is not Who.SUPERUSER:
            allowed = "not their own"
        cells.append(allowed)
    return f"| {action.value} | {rule.target} | " + " | ".join(cells) + " |\n"


if __name__ == "__main__":
    sys.stdout.write(markdown_page())
