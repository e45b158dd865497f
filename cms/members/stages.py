"""The steps of signing in that differ from allauth's."""

from allauth.account.stages import PhoneVerificationStage


class FirstVisitPhoneStage(PhoneVerificationStage):
    """Who signs up enters the code before coming in. Who was here before comes in and is led to
    it when they want to speak, and so is who has no number yet (by WeChat or Weibo): a gateway
    that is down must not shut anybody out."""

    def handle(self):
        user = self.login.user
        if user and (user.last_login or not user.phone):
            return None, True
        return super().handle()
