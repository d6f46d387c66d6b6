"""The door: what interfaces, and host sites, may call. Everything else in ``services`` and ``documents`` is inside.

Services take keywords only, run in one transaction, and raise the exceptions of ``django_prodev.exceptions``. ``actor``
is the user who acts; ``None`` is the system itself and is asked for no permission, so an interface always passes the
user of its request, signed in or not.
"""

from django_prodev.documents.curriculum.adapters import (
    Adapted,
    Node,
    ParsedSource,
    Recognition,
    Slugs,
    unit_value,
)
from django_prodev.documents.decisions.json_text import read_decision_file, with_decisions, write_decisions
from django_prodev.documents.decisions.planning import settle_source
from django_prodev.documents.decisions.readings import read_otherwise
from django_prodev.documents.decisions.rules import allowed_kinds, may_have_topics
from django_prodev.documents.decisions.settling import corrected as corrected_record
from django_prodev.documents.decisions.values import Decision as ImportDecision
from django_prodev.documents.decisions.values import Verdict as ImportVerdict
from django_prodev.documents.decoding import decode_document
from django_prodev.documents.execution import plan_import, run_import
from django_prodev.documents.export import FORMATS as EXPORT_FORMATS
from django_prodev.documents.export import embedded_linked_data, export_program, linked_data
from django_prodev.documents.plan import Action as ImportAction
from django_prodev.documents.plan import Plan as ImportPlan
from django_prodev.documents.plan import Request as ImportRequest
from django_prodev.documents.plan.outcome import SourceDocument as ImportSource
from django_prodev.documents.plan_report import plan_as_json, plan_as_lines, plan_digest
from django_prodev.documents.records import Choice as ImportChoice
from django_prodev.documents.records import Record as ImportRecord
from django_prodev.documents.records import RecordKind
from django_prodev.documents.sources import import_formats, read_bytes, read_file
from django_prodev.documents.tables.catalog import TABLES, table_named
from django_prodev.documents.tables.exports import example_table, export_table
from django_prodev.documents.tables.report import (
    TableReport,
    report_as_json,
    verdict_as_json,
    verdict_as_line,
    verdicts_as_csv,
)
from django_prodev.documents.tables.runs import TableRequest, plan_table, run_table
from django_prodev.documents.tables.sources import FORMATS as TABLE_FORMATS
from django_prodev.documents.tables.table import Table
from django_prodev.documents.uploads import (
    PlanChanged,
    decide_about,
    import_kept,
    keep_request,
    kept_request,
    read_section_otherwise,
)
from django_prodev.services.actors import Actor, User
from django_prodev.services.bulk_enrollment import BulkOutcome, BulkPerson, bulk_enroll, plan_bulk_enroll
from django_prodev.services.cohorts import (
    CohortFields,
    archive_cohort,
    cancel_cohort,
    create_cohort,
    edit_cohort,
    move_up_waiting,
    publish_cohort,
)
from django_prodev.services.curricula import discard_draft, draft_curriculum, edit_curriculum, publish_curriculum
from django_prodev.services.curriculum_items import ItemFields, add_item, add_unit, edit_item, remove_item
from django_prodev.services.curriculum_plan import Move, PublicationPlan, plan_publication
from django_prodev.services.edits import version_of
from django_prodev.services.enrollment_changes import (
    EnrollmentTerms,
    complete_enrollment,
    edit_enrollment,
    expire_enrollment,
    pause_enrollment,
    re_enroll,
    reopen_enrollment,
    resume_enrollment,
    withdraw_enrollment,
)
from django_prodev.services.enrollments import (
    accept_invitation,
    approve_request,
    decline_invitation,
    enroll,
    invite,
    reject_request,
    request_enrollment,
)
from django_prodev.services.entries import (
    EntryFields,
    delete_entry,
    edit_entry,
    publish_entry,
    share_entry,
    unpublish_entry,
    write_entry,
)
from django_prodev.services.erasure import ErasureReport, erase_learner
from django_prodev.services.import_uploads import UPLOAD as IMPORT_UPLOAD
from django_prodev.services.import_uploads import discard_upload, forget_uploads
from django_prodev.services.insights import cohort_overview, explain_progress, progress_page, topic_mastery
from django_prodev.services.invitation_claims import claim_invitation, invitation_token
from django_prodev.services.permission_table import Action, Who
from django_prodev.services.permissions import PermissionPolicy, authorize, is_allowed
from django_prodev.services.portfolio import export_learner, portfolio
from django_prodev.services.programs import ProgramFields, create_program, edit_program, publish_program, retire_program
from django_prodev.services.progress_marks import (
    complete_unit,
    reopen_unit,
    skip_unit,
    start_unit,
    submit_unit,
    waive_unit,
)
from django_prodev.services.project_reviews import approve_project, request_project_changes
from django_prodev.services.projects import (
    ProjectFields,
    create_project,
    edit_project,
    set_project_members,
    share_project,
    submit_project,
    withdraw_project,
)
from django_prodev.services.providers import (
    ProviderFields,
    TopicFields,
    create_provider,
    create_topic,
    edit_provider,
    edit_topic,
)
from django_prodev.services.receipts import forget_receipts, once
from django_prodev.services.roles import grant_role, revoke_role
from django_prodev.services.sight import is_visible
from django_prodev.services.solutions import accept_solution, answer_challenge, unaccept_solution
from django_prodev.services.transactions import one_transaction
from django_prodev.services.units import UnitFields, create_unit, edit_unit, set_unit_topics

__all__ = [
    "EXPORT_FORMATS",
    "IMPORT_UPLOAD",
    "TABLES",
    "TABLE_FORMATS",
    "Action",
    "Actor",
    "Adapted",
    "BulkOutcome",
    "BulkPerson",
    "CohortFields",
    "EnrollmentTerms",
    "EntryFields",
    "ErasureReport",
    "ImportAction",
    "ImportChoice",
    "ImportDecision",
    "ImportPlan",
    "ImportRecord",
    "ImportRequest",
    "ImportSource",
    "ImportVerdict",
    "ItemFields",
    "Move",
    "Node",
    "ParsedSource",
    "PermissionPolicy",
    "PlanChanged",
    "ProgramFields",
    "ProjectFields",
    "ProviderFields",
    "PublicationPlan",
    "Recognition",
    "RecordKind",
    "Slugs",
    "Table",
    "TableReport",
    "TableRequest",
    "TopicFields",
    "UnitFields",
    "User",
    "Who",
    "accept_invitation",
    "accept_solution",
    "add_item",
    "add_unit",
    "allowed_kinds",
    "answer_challenge",
    "approve_project",
    "approve_request",
    "archive_cohort",
    "authorize",
    "bulk_enroll",
    "cancel_cohort",
    "claim_invitation",
    "cohort_overview",
    "complete_enrollment",
    "complete_unit",
    "corrected_record",
    "create_cohort",
    "create_program",
    "create_project",
    "create_provider",
    "create_topic",
    "create_unit",
    "decide_about",
    "decline_invitation",
    "decode_document",
    "delete_entry",
    "discard_draft",
    "discard_upload",
    "draft_curriculum",
    "edit_cohort",
    "edit_curriculum",
    "edit_enrollment",
    "edit_entry",
    "edit_item",
    "edit_program",
    "edit_project",
    "edit_provider",
    "edit_topic",
    "edit_unit",
    "embedded_linked_data",
    "enroll",
    "erase_learner",
    "example_table",
    "expire_enrollment",
    "explain_progress",
    "export_learner",
    "export_program",
    "export_table",
    "forget_receipts",
    "forget_uploads",
    "grant_role",
    "import_formats",
    "import_kept",
    "invitation_token",
    "invite",
    "is_allowed",
    "is_visible",
    "keep_request",
    "kept_request",
    "linked_data",
    "may_have_topics",
    "move_up_waiting",
    "once",
    "one_transaction",
    "pause_enrollment",
    "plan_as_json",
    "plan_as_lines",
    "plan_bulk_enroll",
    "plan_digest",
    "plan_import",
    "plan_publication",
    "plan_table",
    "portfolio",
    "progress_page",
    "publish_cohort",
    "publish_curriculum",
    "publish_entry",
    "publish_program",
    "re_enroll",
    "read_bytes",
    "read_decision_file",
    "read_file",
    "read_otherwise",
    "read_section_otherwise",
    "reject_request",
    "remove_item",
    "reopen_enrollment",
    "reopen_unit",
    "report_as_json",
    "request_enrollment",
    "request_project_changes",
    "resume_enrollment",
    "retire_program",
    "revoke_role",
    "run_import",
    "run_table",
    "set_project_members",
    "set_unit_topics",
    "settle_source",
    "share_entry",
    "share_project",
    "skip_unit",
    "start_unit",
    "submit_project",
    "submit_unit",
    "table_named",
    "topic_mastery",
    "unaccept_solution",
    "unit_value",
    "unpublish_entry",
    "verdict_as_json",
    "verdict_as_line",
    "verdicts_as_csv",
    "version_of",
    "waive_unit",
    "with_decisions",
    "withdraw_enrollment",
    "withdraw_project",
    "write_decisions",
    "write_entry",
]
