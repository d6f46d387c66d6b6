from django_prodev import api
from django_prodev.enums import Role
from django_prodev.exceptions import Invalid, NotFound, PermissionDenied, Refused
from django_prodev.models import Event, Membership
from django_prodev.testing.factories import make_membership, make_user
from tests.services.refusals import refused
from tests.services.school import School


def test_an_owner_grants_a_role_for_what_they_own(school: School) -> None:
    user = make_user()
    for scope in (school.provider, school.program, school.cohort):
        first = api.grant_role(user=user, role=Role.MENTOR, scope=scope, actor=school.owner)
        assert api.grant_role(user=user, role=Role.MENTOR, scope=scope, actor=school.owner) == first
    rows = Membership.objects.filter(user=user).order_by("pk").values_list("provider", "program", "cohort")
    assert list(rows) == [
        (school.provider.pk, None, None),
        (school.provider.pk, school.program.pk, None),
        (school.provider.pk, school.program.pk, school.cohort.pk),
    ]
    assert Event.objects.filter(type="prodev.membership.granted.v1", subject=user).count() == 3


def test_nobody_else_grants_and_nobody_reaches_beyond_their_own_scope(school: School) -> None:
    for actor in (school.editor, school.mentor, school.learner, school.stranger):
        with refused(PermissionDenied):
            api.grant_role(user=actor, role=Role.OWNER, scope=school.program, actor=actor)
    local = make_membership(program=school.program, role=Role.OWNER).user
    assert api.grant_role(user=make_user(), role=Role.EDITOR, scope=school.cohort, actor=local)
    with refused(PermissionDenied):
        api.grant_role(user=local, role=Role.OWNER, scope=school.provider, actor=local)


def test_a_role_is_one_of_the_five(school: School) -> None:
    with refused(Invalid) as caught:
        api.grant_role(user=make_user(), role="god", scope=school.program, actor=school.owner)
    assert set(caught.value.fields) == {"role"}


def test_a_role_is_revoked_by_owners_and_laid_down_by_whoever_holds_it(school: School) -> None:
    mentor, editor = (Membership.objects.get(user=user) for user in (school.mentor, school.editor))
    with refused(NotFound):
        api.revoke_role(membership=mentor, actor=school.learner)
    api.revoke_role(membership=editor, actor=school.owner)
    api.revoke_role(membership=mentor, actor=school.mentor)
    assert not Membership.objects.filter(pk__in=[mentor.pk, editor.pk]).exists()
    with refused(NotFound):
        api.revoke_role(membership=mentor, actor=school.owner)


def test_a_provider_keeps_its_last_owner(school: School) -> None:
    last = Membership.objects.get(user=school.owner)
    with refused(Refused, "last_owner"):
        api.revoke_role(membership=last, actor=school.owner)
    api.grant_role(user=make_user(), role=Role.OWNER, scope=school.provider, actor=school.owner)
    api.revoke_role(membership=last, actor=school.owner)
    assert not Membership.objects.filter(pk=last.pk).exists()
