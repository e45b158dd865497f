"""Reads: who may do what, and where; who may speak; what a person agreed to and was told."""

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.members import rules
from cms.members.models import BarredPhone, Consent, Membership, Notice, Role, Union, User

UNSUBSCRIBE = "members.unsubscribe"


def unions_for(user: User, *roles: Role) -> QuerySet[Union]:
    """The unions in which `user` holds one of `roles`, with all unions below them.

    A superuser holds every role everywhere; an inactive or anonymous user none.
    """
    if not user.is_active or user.is_anonymous:
        return Union.objects.none()
    if user.is_superuser:
        return Union.objects.all()
    paths = Membership.objects.filter(user=user, role__in=roles).values_list(
        "union__path", flat=True
    )
    found = Union.objects.none()
    for path in set(paths):
        found = found | Union.objects.filter(path__startswith=path)
    return found


def user_has_role(user: User, role: Role, union: Union | None) -> bool:
    """Whether `user` holds `role` in `union` or in a union above it."""
    if not user.is_active or user.is_anonymous:
        return False
    if user.is_superuser:
        return True
    memberships = Membership.objects.filter(user=user, role=role)
    if union is None:
        return memberships.exists()
    return memberships.filter(union__path__in=_paths_upwards(union)).exists()


def users_with_role(role: Role, union: Union) -> QuerySet[User]:
    """Active people who hold `role` in `union` or in a union above it."""
    return User.objects.filter(
        is_active=True,
        memberships__role=role,
        memberships__union__path__in=_paths_upwards(union),
    ).distinct()


def _paths_upwards(union: Union) -> list[str]:
    return [union.path[: Union.steplen * depth] for depth in range(1, union.depth + 1)]


# --- Speaking ------------------------------------------------------------------------------------


def why_not_speak(user: User) -> str:
    """Why `user` may not comment or vote now, in words that say what to do; "" when they may.

    后台实名 (《跟帖评论服务管理规定》 art. 4) and consent (个人信息保护法 art. 13). One query.
    """
    reason, _place = _hindrance(user)
    return str(reason)


def way_to_speak(user: User, next_url: str = "") -> str:
    """Where `user` can put right what why_not_speak names, and come back; "" for nowhere."""
    _reason, place = _hindrance(user)
    if not place:
        return ""
    return reverse(place, query={"next": next_url} if next_url else None)


def _hindrance(user) -> tuple[str, str]:
    if not user.is_authenticated:
        return _("请先登录。"), "account_login"
    if not user.is_active:
        return _("您的账号已停用。有疑问请联系所在工会，或拨打 12351。"), ""
    if not user.phone:
        return _("请先绑定手机号，只用来核实身份，不会公开。"), "members:phone"
    if not user.is_verified:
        return _("请先核实手机号，我们会发一条验证码短信。"), "members:phone"
    if not has_consent(user, Consent.Kind.RULES):
        return _("请先阅读并同意个人信息处理规则。"), "members:consent"
    return "", ""


# --- Consents ------------------------------------------------------------------------------------


def consents(user: User) -> dict[str, Consent]:
    """The consents of `user` in force, by kind. The rules count in today's version only."""
    standing = Consent.objects.filter(user=user, withdrawn_at=None)
    return {consent.kind: consent for consent in standing if _counts(consent.kind, consent.version)}


def has_consent(user: User, kind: str) -> bool:
    # Asked before every comment and vote. Written out: Django takes ten times as long to compose it
    # as the database to answer.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version FROM members_consent"
            " WHERE user_id = %s AND kind = %s AND withdrawn_at IS NULL",
            [user.pk, kind],
        )
        return any(_counts(kind, version) for (version,) in cursor)


def _counts(kind: str, version: str) -> bool:
    return kind != Consent.Kind.RULES or version == rules.VERSION


# --- Numbers that may not be registered ----------------------------------------------------------


def bars_in_force(phone: str) -> QuerySet[BarredPhone]:
    bars = BarredPhone.objects.filter(digest=BarredPhone.digest_of(phone))
    return bars.filter(Q(until=None) | Q(until__gt=timezone.now()))


def is_barred(phone: str) -> bool:
    return bars_in_force(phone).exists()


# --- Notices -------------------------------------------------------------------------------------


def unread_number(user: User) -> int:
    return Notice.objects.filter(user=user, read_at=None).count()


def digest_address(user: User) -> str:
    """The confirmed address of somebody who wants e-mail; "" otherwise."""
    if not user.is_active or not has_consent(user, Consent.Kind.EMAIL):
        return ""
    address = EmailAddress.objects.filter(user=user, verified=True, primary=True).first()
    return address.email if address else ""


def waiting_for_digest(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user, read_at=None, mailed_at=None)


def digest_readers() -> QuerySet[User]:
    """Who may get a digest today: something waits, and they agreed to be mailed."""
    return User.objects.filter(
        Exists(Notice.objects.filter(user=OuterRef("pk"), read_at=None, mailed_at=None)),
        Exists(
            Consent.objects.filter(user=OuterRef("pk"), kind=Consent.Kind.EMAIL, withdrawn_at=None)
        ),
        is_active=True,
    )


def unsubscribe_path(user: User) -> str:
    """The way out of the e-mails, which works without signing in."""
    token = signing.dumps(user.pk, salt=UNSUBSCRIBE)
    return reverse("members:unsubscribe", args=[token])


def unsubscriber(token: str) -> User | None:
    """Whose link it is; None for a token that is not ours. Links in old mails keep working."""
    try:
        pk = signing.loads(token, salt=UNSUBSCRIBE)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


# --- Leaving -------------------------------------------------------------------------------------


def why_not_leave(user: User) -> str:
    """Why the account cannot be given up yet, in words; "" when it can."""
    if user.is_superuser or user.is_staff or user.groups.exists() or user.memberships.exists():
        return _("您还担任工会的工作角色。请先请管理员解除任职，再来注销。")
    return ""
