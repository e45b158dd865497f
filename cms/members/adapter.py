"""How allauth finds people by phone number, and where a text message would be sent."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _

from cms.members.forms import MobileField
from cms.members.models import User

log = logging.getLogger(__name__)


class PhoneAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "phone_password_mismatch": _("手机号或密码不对，请检查后再试。"),
        "phone_taken": _("这个手机号已经注册，请直接登录。"),
        "too_many_login_attempts": _("尝试次数过多，请过几分钟再试。"),
    }

    def phone_form_field(self, **kwargs):
        return MobileField(**{**kwargs, "label": _("手机号")})

    def get_user_by_phone(self, phone):
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user):
        return (user.phone, True) if user.phone else None

    def set_phone(self, user, phone, verified):
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user, phone):
        self.set_phone(user, phone, True)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        """No gateway is connected: ACCOUNT_PHONE_VERIFICATION_ENABLED is off until one is."""
        log.warning("SMS gateway missing: no verification code sent to ***%s", phone[-4:])

    def populate_username(self, request, user):
        """Workers sign in by phone; the user name is only there because Django wants one."""
        user.username = self.generate_unique_username(["worker"])
