"""What must hold of the people settings before a site goes public (`check --deploy`)."""

from django.conf import settings
from django.core.checks import Error, Warning, register

OUTBOX = "cms.members.sms.outbox"


@register(deploy=True)
def sms_is_really_sent(app_configs, **kwargs):
    if settings.SMS_BACKEND == OUTBOX or settings.SMS_OUTBOX_SHOWN:
        return [
            Error(
                "正式站点不能用短信演示箱：验证码没有发出，谁都能冒用别人的手机号。",
                hint="把 SMS_BACKEND 设为 cms.members.sms.gateway，并填写 SMS_GATEWAY_URL。",
                id="members.E001",
            )
        ]
    if not settings.SMS_GATEWAY_URL and settings.SMS_BACKEND == "cms.members.sms.gateway":
        return [
            Warning(
                "没有填写 SMS_GATEWAY_URL：验证码发不出去，职工不能注册。",
                id="members.W001",
            )
        ]
    return []


@register(deploy=True)
def somebody_is_responsible(app_configs, **kwargs):
    if settings.UNION_CONTACT:
        return []
    return [
        Warning(
            "没有填写 UNION_CONTACT：个人信息处理规则里必须有处理者的联系方式"
            "（个人信息保护法第十七条）。",
            id="members.W002",
        )
    ]
