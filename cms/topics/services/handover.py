"""A case is handed over to the hotline (12351), and the receipt that comes back is entered."""

import hashlib
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.members.models import Union, User
from cms.topics.handover_sheet import workbook
from cms.topics.models import Case, CaseExport
from cms.topics.selectors.handover import facts_of
from search.text.normalise import one_line

#: Two people may ask for a number at the same moment.
TRIES = 5
RECEIPT_LIMIT = CaseExport._meta.get_field("receipt").max_length


def case_export(
    *, case: Case, unions: QuerySet[Union] | None, user: User
) -> tuple[CaseExport, bytes]:
    """The case as a file for the hotline. The file is not kept; its digest is, so that it can be
    told from another. `unions`: whose voices may be told of, None for all."""
    facts = facts_of(case, unions=unions)
    for _try in range(TRIES):
        number = _next_number(timezone.localdate())
        content = workbook(facts=facts, number=number)
        try:
            with transaction.atomic():
                export = CaseExport.objects.create(
                    case=case,
                    number=number,
                    digest=hashlib.sha256(content).hexdigest(),
                    made_by=user,
                )
                data = {"number": number, "topic": case.topic.name, "digest": export.digest}
                log(case, "topics.case_export", user=user, data=data)
        except IntegrityError:
            continue
        return export, content
    raise ValidationError(_("同时移交的人太多，请稍后再试。"))


def _next_number(today: date) -> str:
    """RM-20261127-0007: the seventh of that day."""
    prefix = f"RM-{today:%Y%m%d}-"
    last = CaseExport.objects.filter(number__startswith=prefix).order_by("-pk").first()
    return f"{prefix}{int(last.number.removeprefix(prefix)) + 1 if last else 1:04d}"


@transaction.atomic
def export_receipt_set(
    *, export: CaseExport, receipt: str, receipt_on: date | None, user: User
) -> CaseExport:
    """Enter, or put right, what the hotline answered. Raises ValidationError by field."""
    receipt = one_line(receipt)
    wrong: dict[str, str] = {}
    if not receipt:
        wrong["receipt"] = _("请填写热线给的回执号。")
    elif len(receipt) > RECEIPT_LIMIT:
        wrong["receipt"] = _("回执号最多 %(max)d 字。") % {"max": RECEIPT_LIMIT}
    if receipt_on is None:
        wrong["receipt_on"] = _("请填写收到回执的日期。")
    elif receipt_on > timezone.localdate():
        wrong["receipt_on"] = _("回执日期还没到，请检查。")
    elif receipt_on < timezone.localdate(export.made_at):
        wrong["receipt_on"] = _("回执日期早于移交日期，请检查。")
    if wrong:
        raise ValidationError(wrong)
    before = export.receipt
    export.receipt, export.receipt_on, export.receipt_by = receipt, receipt_on, user
    export.save(update_fields=["receipt", "receipt_on", "receipt_by"])
    data = {"number": export.number, "before": before, "after": receipt}
    log(export.case, "topics.case_receipt", user=user, data=data)
    return export
