"""What this room keeps of a person: the profile, ways of signing in, consents, notices."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.users.models import UserProfile

from cms.members.models import Consent, Notice, User
from cms.members.personal import Holding, register
from cms.members.services.leaving import sessions_end, user_empty


def profile_rows(user: User) -> list[dict]:
    return [
        {
            "昵称": user.nickname,
            "姓名": user.get_full_name(),
            "手机号": user.phone or "",
            "邮箱": user.email,
            "所在工会": user.union.name if user.union else "",
            "注册时间": user.date_joined,
        }
    ]


def access_rows(user: User) -> list[dict]:
    """How the person comes in, and when last; earlier visits are not kept by person."""
    rows = [
        {"方式": "手机号", "时间": user.phone_verified_at, "说明": "核实时间"},
        {"方式": "网站", "时间": user.last_login, "说明": "最近一次登录"},
    ]
    for account in SocialAccount.objects.filter(user=user):
        rows.append({"方式": account.provider, "时间": account.date_joined, "说明": account.uid})
    for address in EmailAddress.objects.filter(user=user):
        state = "已确认" if address.verified else "待确认"
        rows.append({"方式": "邮箱", "时间": None, "说明": f"{address.email}（{state}）"})
    return rows


def access_erase(user: User) -> None:
    SocialAccount.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    UserProfile.objects.filter(user=user).delete()
    sessions_end(user)
    user.groups.clear()
    user.user_permissions.clear()


def consent_rows(user: User) -> list[dict]:
    return [
        {
            "事项": consent.get_kind_display(),
            "规则版本": consent.version,
            "同意时间": consent.given_at,
            "撤回时间": consent.withdrawn_at,
        }
        for consent in Consent.objects.filter(user=user)
    ]


def consent_erase(user: User) -> None:
    """Ended, not deleted: the purge takes them when the proof is no longer needed."""
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now())


def notice_rows(user: User) -> list[dict]:
    return [
        {"时间": notice.made_at, "内容": notice.text, "已读时间": notice.read_at}
        for notice in Notice.objects.filter(user=user)
    ]


def notice_erase(user: User) -> None:
    Notice.objects.filter(user=user).delete()


def register_all() -> None:
    register(
        Holding(
            "profile", _("账号资料"), profile_rows, user_empty, _("全部清空，不能恢复。"), "", 0
        )
    )
    register(Holding("access", _("登录方式"), access_rows, access_erase, _("全部删除。"), "", 10))
    register(
        Holding(
            "consents",
            _("同意记录"),
            consent_rows,
            consent_erase,
            _("全部撤回；记录本身作为凭证保存六个月后删除。"),
            "",
            20,
        )
    )
    register(Holding("notices", _("消息"), notice_rows, notice_erase, _("全部删除。"), "", 30))
