"""更正与学习: versions of the classifier, what each would change, and which one is in force."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.topics import services
from cms.topics.admin.board import ConcernsMixin
from cms.topics.models import LearnedModel
from cms.topics.selectors.learning import corrections, versions
from cms.topics.tasks import learn_model


class LearningView(ConcernsMixin, TemplateView):
    """Versions, newest first; POST asks for a new one."""

    permission = "topics.add_learnedmodel"
    page_title = _("更正与学习")
    template_name = "topics/admin/learning.html"

    def get_context_data(self, **kwargs):
        found = versions(unions=self.reach)
        return super().get_context_data(
            versions=found,
            is_learning=any(one.state == LearnedModel.State.LEARNING for one in found),
            corrections=corrections(),
            least=services.LEAST_CORRECTIONS,
            **kwargs,
        )

    def post(self, request):
        try:
            model = services.learning_start(user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            learn_model.delay_on_commit(model.pk)
            messages.success(request, _("开始学习了，几分钟后在这里看结果，采用之前什么都不会变。"))
        return redirect("topics_learning")


class LearnedActView(ConcernsMixin, View):
    """Adopt a version, or do without."""

    permission = "topics.add_learnedmodel"
    http_method_names = ["post"]

    def post(self, request, pk):
        model = get_object_or_404(LearnedModel, pk=pk)
        try:
            if request.POST.get("action") == "adopt":
                services.model_adopt(model=model, user=request.user)
                said = _("已采用这个版本，接下来几分钟里会把声音重新读一遍。")
            else:
                services.model_retire(model=model, user=request.user)
                said = _("已停用，之后只按词库归类。")
            messages.success(request, said)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("topics_learning")
