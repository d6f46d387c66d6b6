"""Importing documents in the admin: upload them, look at their plan, correct it, and write exactly what was shown.

Between the requests the upload waits as its person's job. Every page that is posted keeps what was decided on it; only
the last button writes, and only where the plan is still the one that the page had shown.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from django_prodev import api
from django_prodev.admin.import_forms import Quota, UploadForm, importable_providers, most_bytes
from django_prodev.admin.import_review import Review, told
from django_prodev.admin.import_rows import EVERYTHING, decided_by, offer_challenges, pages_of, shown_as, with_proposals
from django_prodev.exceptions import Conflict, DocumentError, NotFound, ProdevError
from django_prodev.models import Program

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object


class ImportPages(Base):
    """Mixed into the admin of programs."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        # What is uploaded is counted before anything else looks at the request: the token's check reads it whole.
        upload = csrf_exempt(view(csrf_exempt(self.upload_view)))
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [
            path("import/", upload, name=name),
            path("import/<uuid:upload>/", view(self.review_view), name=f"{name}_review"),
            *super().get_urls(),
        ]

    def may_import(self, request: HttpRequest) -> bool:
        """Whether somebody is offered the pages: Django's permission, and a role for a provider."""
        user: Any = request.user
        return self.has_add_permission(request) and (user.is_superuser or bool(importable_providers(user)))

    # The upload

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for files (``GET``), read them and keep them for their review (``POST``)."""
        if not self.may_import(request):
            raise PermissionDenied
        quota = Quota(request)
        request.upload_handlers.insert(0, quota)
        return csrf_protect(self._upload)(request, quota)

    def _upload(self, request: HttpRequest, quota: Quota) -> HttpResponse:
        if request.method != "POST":
            program = request.GET.get("program", "")
            initial = {"program": program} if program.isdecimal() and len(program) < 19 else {}
            return self._ask(request, UploadForm(user=request.user, initial=initial))
        form = UploadForm(request.POST, request.FILES, user=request.user, quota=quota)
        if form.is_valid():
            try:
                api.plan_import(form.request, actor=cast("Any", request.user))
                upload = api.keep_request(request=form.request, actor=cast("Any", request.user))
                return HttpResponseRedirect(self._review_address(upload))
            except ProdevError as refusal:
                form.add_error(None, told(refusal))
        return self._ask(request, form)

    def _ask(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        adminform = AdminForm(cast("Any", form), [(None, {"fields": list(form.fields)})], {})
        context = {"title": gettext("Import documents"), "form": form, "adminform": adminform, "most": most_bytes()}
        return self._page(request, "import_upload", context)

    # The review

    def review_view(self, request: HttpRequest, upload: UUID) -> HttpResponse:
        """Show what was read and what would be written (``GET``); keep what was decided, or import it (``POST``)."""
        if not self.may_import(request):
            raise PermissionDenied
        try:
            asked, revision = api.kept_request(upload=upload, actor=cast("Any", request.user), learner_of=_user)
            review = Review(asked, revision)
            if request.method != "POST":
                review.make_plan(request.user)
                return self._show(request, upload, review)
            return self._posted(request, upload, review)
        except NotFound:
            text = gettext("This upload is not here any more: it was imported, discarded, or older than a day.")
            messages.warning(request, text)
            return HttpResponseRedirect(self._address("import"))

    def _posted(self, request: HttpRequest, upload: UUID, review: Review) -> HttpResponse:
        actor: Any = request.user
        go, _, what = request.POST.get("go", "check").partition(":")
        if go == "discard":
            api.discard_upload(actor=actor, upload=upload)
            messages.success(request, gettext("The upload was discarded. Nothing was written."))
            return HttpResponseRedirect(self._address("import"))
        if request.POST.get("revision") != str(review.revision):
            text = gettext(
                "Nothing was kept of this page, since another tab has changed the same upload. This is how it is now."
            )
            messages.warning(request, text)
            return HttpResponseRedirect(self._review_address(upload, request.POST))
        decided = decided_by(request.POST, review.sources, review.rows)
        if go == "accept":
            decided = with_proposals(decided, review.sources)
        changed = decided != tuple(source.decisions for source in review.sources)
        rival = review.rival_named(what) if go == "read" else None
        try:
            if rival:
                at, section, reader = rival
                self._read_otherwise(request, upload, review, decided=decided, at=at, section=section, reader=reader)
            elif changed:
                api.decide_about(upload=upload, actor=actor, revision=review.revision, decided=decided)
            elif go == "import":
                return self._import(request, upload, review)
        except Conflict:
            messages.warning(request, gettext("Another tab was faster. This is how it is now."))
            return HttpResponseRedirect(self._review_address(upload, request.POST))
        if changed and go == "import":
            text = gettext("You changed something just now. This is what would be written: import it if it is right.")
            messages.info(request, text)
        moves = {"page": {"page": what}, "show": {"show": what, "page": "1"}}
        return HttpResponseRedirect(self._review_address(upload, request.POST.dict() | moves.get(go, {})))

    def _read_otherwise(self, request: HttpRequest, upload: UUID, review: Review, **what: Any) -> None:
        """Have a section read by another reader, and say what came of it. Raises ``Conflict``."""
        actor: Any = request.user
        try:
            api.read_section_otherwise(upload=upload, actor=actor, revision=review.revision, **what)
        except DocumentError as refusal:
            messages.error(request, told(refusal))
            return
        text = gettext("Read otherwise. What you had decided about records that are still there is kept.")
        messages.success(request, text)

    def _import(self, request: HttpRequest, upload: UUID, review: Review) -> HttpResponse:
        actor: Any = request.user
        try:
            plan = api.import_kept(
                upload=upload,
                actor=actor,
                revision=review.revision,
                digest=request.POST.get("digest", ""),
                learner_of=_user,
            )
        except api.PlanChanged:
            text = gettext(
                "Nothing was written: the data has changed since this page was made. This is the plan as it is now."
            )
            messages.warning(request, text)
            return HttpResponseRedirect(self._review_address(upload, request.POST))
        except Conflict as refusal:
            if refusal.code == "upload_changed":
                raise
            messages.error(request, refusal.message)
            return HttpResponseRedirect(self._review_address(upload, request.POST))
        except NotFound:
            raise
        except ProdevError as refusal:
            messages.error(request, told(refusal))
            return HttpResponseRedirect(self._review_address(upload, request.POST))
        counts = plan.counts()
        text = gettext("Imported: %(create)d created, %(update)d updated, %(unchanged)d unchanged.") % counts
        messages.success(request, text)
        return HttpResponseRedirect(self._after(request, plan))

    def _after(self, request: HttpRequest, plan: api.ImportPlan) -> str:
        """Where to go on: the program's page where it is one and may be seen. Every program's history tells of it."""
        named = [(program.provider, program.slug) for program in plan.programs]
        visible = Program.objects.visible_to(request.user).filter(slug__in=[slug for _, slug in named])
        rows = [row for row in visible.select_related("provider") if (row.provider.slug, row.slug) in named]
        files = ", ".join(source.name for source in plan.request.documents)
        LogEntry.objects.log_actions(
            user_id=cast("Any", request.user.pk),
            queryset=cast("Any", rows),
            action_flag=CHANGE,
            change_message=gettext("Imported %s.") % files[:500],
        )
        return self._address("change", rows[0].pk) if len(rows) == 1 else self._address("changelist")

    def _show(self, request: HttpRequest, upload: UUID, review: Review) -> HttpResponse:
        shown = shown_as(review.rows)
        names = [name for name, _, _ in shown]
        show = request.GET.get("show", EVERYTHING)
        show = show if show in names else EVERYTHING
        pages = pages_of(review.rows, show)
        number = request.GET.get("page", "1")
        at = min(max(int(number), 1), len(pages)) if number.isdecimal() and len(number) < 9 else 1
        page = pages[at - 1]
        offer_challenges(page, review.rows)
        context = {
            "title": gettext("Look at what would be imported"),
            "review": review,
            "upload": upload,
            "shown": shown,
            "show": show,
            "at": at,
            "pages": len(pages),
            "page": page,
            "numbers": ",".join(str(row.number) for row in page),
            "several": len(review.sources) > 1,
        }
        return self._page(request, "import_review", context)

    # Both

    def _page(self, request: HttpRequest, name: str, more: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        sheets = ["django_prodev/admin/preview.css", "django_prodev/admin/importing.css"]
        media = self.media + Media(css={"all": sheets})
        context = {**self.admin_site.each_context(request), "opts": self.opts, "media": media, **more}
        answer = TemplateResponse(request, f"admin/django_prodev/{name}.html", context)
        answer["Cache-Control"] = "no-store, private"
        return answer

    def _address(self, page: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _review_address(self, upload: UUID, where: Mapping[str, Any] | None = None) -> str:
        address = self._address("import_review", upload)
        kept = {name: where[name] for name in ("show", "page") if where.get(name)} if where else {}
        return f"{address}?{urlencode(kept)}" if kept else address


def _user(key: str) -> Any:
    user = get_user_model()._default_manager.filter(pk=key).first()
    if user is None:
        raise NotFound
    return user
