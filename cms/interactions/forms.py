"""The comment form: what is typed, and the checks that tell a person from a machine."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_comments.forms import CommentSecurityForm

from cms.interactions import challenge
from cms.interactions.words import MAX_LENGTH


class CommentForm(CommentSecurityForm):
    """Length and content are the service's business: one place per rule, and nothing typed is lost.

    `homepage` is a trap: people never see it, machines like to fill it in.
    """

    comment = forms.CharField(
        label=_("评论"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_LENGTH}),
    )
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    # The answer to PersonalNumbers; anything else is no answer.
    numbers = forms.CharField(required=False, max_length=4)
    # The solution of cms.interactions.challenge, when one is asked for.
    solution = forms.CharField(required=False)
    homepage = forms.CharField(required=False)

    def clean_homepage(self):
        if self.cleaned_data["homepage"]:
            challenge.note_abuse()
            raise ValidationError(_("请让“主页”一栏空着。"))
        return ""

    def clean_solution(self):
        if challenge.is_asked() and not challenge.is_solved(self.cleaned_data["solution"]):
            raise ValidationError(
                _("现在发表的人太多，请过几秒再点一次发表，您写的内容还在。"), code="challenge"
            )
        return ""

    @property
    def sum_to_solve(self) -> str:
        """The next challenge as JSON; "" when none is asked for."""
        return json.dumps(challenge.make()) if challenge.is_asked() else ""

    def clean(self):
        cleaned = super().clean()
        if any(name in self.errors for name in ("timestamp", "security_hash")):
            raise ValidationError(_("页面打开得太久了，内容还在，请再点一次发表。"))
        return cleaned

    @property
    def fresh_security(self) -> dict:
        """Hidden values for the next try: those that came in may be the ones that were refused."""
        return self.generate_security_data()

    @property
    def message(self) -> str:
        """The first thing to tell the author; empty when there is nothing."""
        if own := self.non_field_errors():
            return own[0]
        return next((errors[0] for errors in self.errors.values()), "")
