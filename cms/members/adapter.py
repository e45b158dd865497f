"""How allauth finds people by phone number, sends codes and takes a nickname from WeChat."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.members import ratelimit, sms
from cms.members.forms import MobileField
from cms.members.models import User
from cms.members.services import phone_settle
from search.text.normalise import one_line

SENT = "account/messages/phone_verification_sent.txt"
# So many messages in so many seconds. A whole factory may share one address.
PER_PHONE = ((5, 3600), (10, 86400))
PER_ADDRESS = ((60, 3600),)


class PhoneAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "phone_password_mismatch": gettext_lazy("手机号或密码不对，请检查后再试。"),
        "phone_taken": gettext_lazy("这个手机号已经注册，请直接登录。"),
        "too_many_login_attempts": gettext_lazy("尝试次数过多，请过几分钟再试。"),
        "incorrect_code": gettext_lazy("验证码不对，请看看短信再填。"),
        "incorrect_password": gettext_lazy("密码不对，请再试一次。"),
        "rate_limited": gettext_lazy("刚刚发过，请过半分钟再试。"),
        "same_as_current": gettext_lazy("和现在的一样，不用更换。"),
    }

    def phone_form_field(self, **kwargs):
        return MobileField(**{**kwargs, "label": gettext_lazy("手机号")})

    def get_user_by_phone(self, phone):
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user):
        return (user.phone, user.is_verified) if user.phone else None

    def set_phone(self, user, phone, verified):
        if verified:
            phone_settle(user=user, phone=phone)
            return
        user.phone, user.phone_verified_at = phone, None
        user.save(update_fields=["phone", "phone_verified_at"])

    def set_phone_verified(self, user, phone):
        phone_settle(user=user, phone=phone)
        if context.request.user.is_authenticated:
            context.request.session["members.phone_done"] = True  # cms/members/views/phone.py

    def get_login_stages(self):
        """Only a first visit waits for the code: see FirstVisitPhoneStage."""
        theirs = "allauth.account.stages.PhoneVerificationStage"
        ours = "cms.members.stages.FirstVisitPhoneStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app, **kwargs):
        """An account without a verified number has nothing yet that a password could guard."""
        user = context.request.user
        unproven = user.is_authenticated and not user.is_verified
        if app == "allauth.account" and unproven:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        text = _("【%(site)s】验证码 %(code)s，%(minutes)d 分钟内有效。请不要告诉别人。") % {
            "site": settings.WAGTAIL_SITE_NAME,
            "code": code,
            "minutes": settings.ACCOUNT_PHONE_VERIFICATION_TIMEOUT // 60,
        }
        self._send(phone, text, code)

    def send_account_already_exists_sms(self, phone):
        """Told to the owner of the number alone: the page says the same as to a newcomer."""
        text = _("【%(site)s】这个手机号已经注册过，请直接登录。忘了密码请联系所在工会。") % {
            "site": settings.WAGTAIL_SITE_NAME
        }
        self._send(phone, text, "")

    def send_unknown_account_sms(self, phone, **kwargs):
        """Nobody signs in by code here: there is nobody to tell."""

    def _send(self, phone, text, code):
        """A message that does not go out is told on the page; the sign-up stays where it is."""
        if not may_send(phone, ratelimit.address(context.request)):
            context.request.sms_trouble = _("今天发给这个号码的短信太多了，请过一会儿再试。")
            return
        try:
            sms.send(phone=phone, text=text, code=code)
        except sms.SmsFailed:
            context.request.sms_trouble = _("短信没有发出去，您填的内容都在。请过半分钟再发一次。")

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        trouble = getattr(request, "sms_trouble", "")
        if message_template == SENT and trouble:
            messages.error(request, trouble)
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def populate_username(self, request, user):
        """Workers sign in by phone; the user name is only there because Django wants one."""
        user.username = self.generate_unique_username(["worker"])


def may_send(phone: str, address: str) -> bool:
    """Count one message against its number and the address that asked for it."""
    limits = [(f"sms:{phone}", *limit) for limit in PER_PHONE]
    limits += [(f"sms-from:{address}", *limit) for limit in PER_ADDRESS]
    counted = [ratelimit.allow(*limit) for limit in limits]
    return all(counted)


class NicknameAdapter(DefaultSocialAccountAdapter):
    """What people are called on WeChat or Weibo is proposed as nickname; nothing else is taken."""

    def populate_user(self, request, sociallogin, data):
        user = sociallogin.user
        user.nickname = one_line(data.get("name") or data.get("username") or "")[:20]
        return user

    def get_signup_form_initial_data(self, sociallogin):
        return {"nickname": sociallogin.user.nickname}
