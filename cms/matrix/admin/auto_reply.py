"""关键词回复: what an account answers by itself, kept by the managers of its union."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.matrix.admin.menu import ITEM_HOOK
from cms.matrix.channels import registry
from cms.matrix.channels.base import Capability
from cms.matrix.models import AutoReply, ChannelAccount
from cms.matrix.services import auto_reply
from cms.members.models import Membership, Role, User
from cms.members.selectors import unions_for

KEEPERS = (Role.MANAGER, Role.ADMIN)


def is_keeper(user) -> bool:
    """Whether a person keeps what accounts say by themselves, in any union."""
    keeps = Membership.objects.filter(user=user, role__in=KEEPERS)
    return user.is_active and (user.is_superuser or keeps.exists())


def accounts_kept_by(user):
    """The accounts of the unions a person is manager or administrator of."""
    return ChannelAccount.objects.filter(union__in=unions_for(user, *KEEPERS))


def accounts_with_messages(user):
    """Those of them that readers can write messages to."""
    able = [
        slug for slug, kind in registry.CHANNELS.items() if Capability.MESSAGES in kind.capabilities
    ]
    return accounts_kept_by(user).filter(channel__in=able)


class ByUnion(BasePermissionPolicy):
    """Keepers see, write and delete the rules of their own unions' accounts."""

    def user_has_permission(self, user, action):
        return is_keeper(user)

    def user_has_permission_for_instance(self, user, action, instance):
        return accounts_kept_by(user).filter(pk=instance.account_id).exists()

    def instances_user_has_any_permission_for(self, user, actions):
        return self.model.objects.filter(account__in=accounts_kept_by(user))

    def users_with_any_permission(self, actions):
        return User.objects.filter(is_active=True, memberships__role__in=KEEPERS).distinct()


register_permission_policy(AutoReply, ByUnion(AutoReply))


class AutoReplyForm(WagtailAdminModelForm):
    class Meta:
        model = AutoReply
        fields = ("account", "words", "match", "answer", "active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget.attrs["rows"] = 5
        field = self.fields["account"]
        field.queryset = accounts_with_messages(self.for_user)
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]

    def clean_words(self):
        words = self.cleaned_data["words"]
        if not auto_reply.words_of(words):
            raise ValidationError(_("请写至少一个词，只有标点不行。"))
        return words

    def clean_answer(self):
        answer = self.cleaned_data["answer"]
        if auto_reply.fitted(answer) != answer.strip():
            raise ValidationError(_("内容太长，微信放不下。请写短一些，表情少用几个。"))
        return answer


class OwnMixin:
    """Wagtail's views ask whether somebody may change rules at all; these also ask whose it is."""

    def get_object(self, *args, **kwargs):
        rule = super().get_object(*args, **kwargs)
        if not accounts_kept_by(self.request.user).filter(pk=rule.account_id).exists():
            raise Http404
        return rule


class AutoReplyEditView(OwnMixin, EditView):
    pass


class AutoReplyDeleteView(OwnMixin, DeleteView):
    pass


class AutoReplyHistoryView(OwnMixin, HistoryView):
    pass


class AutoReplyUsageView(OwnMixin, UsageView):
    pass


class AutoReplyIndexView(IndexView):
    def get_base_queryset(self):
        mine = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ("change",)
        )
        return mine.select_related("account")


class AutoReplyViewSet(ModelViewSet):
    model = AutoReply
    icon = "comment-add"
    menu_label = _("关键词回复")
    menu_order = 130
    menu_hook = ITEM_HOOK
    add_to_admin_menu = True
    url_prefix = "matrix/auto-reply"
    list_display = ["words", "match", "account", "answer", "active"]
    search_fields = ["words", "answer"]
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = AutoReplyIndexView
    edit_view_class = AutoReplyEditView
    delete_view_class = AutoReplyDeleteView
    history_view_class = AutoReplyHistoryView
    usage_view_class = AutoReplyUsageView

    def get_form_class(self, for_update=False):
        return AutoReplyForm


@hooks.register("register_admin_viewset")
def register_auto_replies():
    return AutoReplyViewSet("matrix_auto_replies")
