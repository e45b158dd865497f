"""The admin's menu, addresses and log entries for concerns."""

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.interactions import ids as ids  # <row:…>
from cms.topics.admin import (
    board,
    briefs,
    cases,
    decisions,
    files,
    formula,
    gap,
    handover,
    imports,
    looks,
    report_readers,
    reports,
    topic,
)
from cms.topics.admin import home as home  # Registers its own hook.
from cms.topics.admin.learning import LearnedActView, LearningView
from cms.topics.models import Topic


class ConcernsMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("topics.view_topic")


@hooks.register("register_admin_menu_item")
def register_menu_item():
    return ConcernsMenuItem(
        _("职工关切"), reverse_lazy("topics_board"), icon_name="list-ul", order=260
    )


class ImportsMenuItem(MenuItem):
    """For those who bring records in and do not see the board, where the others find it."""

    def is_shown(self, request):
        user = request.user
        return user.has_perm("topics.add_importbatch") and not user.has_perm("topics.view_topic")


@hooks.register("register_admin_menu_item")
def register_imports():
    return ImportsMenuItem(
        _("导入记录"), reverse_lazy("topics_imports"), icon_name="upload", order=261
    )


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("concerns/", board.BoardView.as_view(), name="topics_board"),
        path(
            "concerns/board.<str:ending>", files.BoardFileView.as_view(), name="topics_board_file"
        ),
        path("concerns/cloud/", looks.CloudView.as_view(), name="topics_cloud"),
        path("concerns/network/", looks.NetworkView.as_view(), name="topics_network"),
        path("concerns/formula/", formula.FormulaView.as_view(), name="topics_formula"),
        path("concerns/voices/", topic.WordsView.as_view(), name="topics_voices"),
        path("concerns/voices/<row:pk>/", decisions.VoiceView.as_view(), name="topics_voice"),
        path("concerns/learning/", LearningView.as_view(), name="topics_learning"),
        path("concerns/learning/<int:pk>/", LearnedActView.as_view(), name="topics_learned_act"),
        path(
            "concerns/cases/<row:pk>/export/",
            handover.ExportView.as_view(),
            name="topics_case_export",
        ),
        path(
            "concerns/cases/<row:pk>/exports/",
            handover.ExportsView.as_view(),
            name="topics_case_exports",
        ),
        path(
            "concerns/cases/<row:pk>/exports/<row:export>/receipt/",
            handover.ReceiptView.as_view(),
            name="topics_case_receipt",
        ),
        path("concerns/imports/", imports.ImportsView.as_view(), name="topics_imports"),
        path("concerns/imports/new/", imports.UploadView.as_view(), name="topics_import_new"),
        path("concerns/imports/<row:pk>/", imports.ImportView.as_view(), name="topics_import"),
        *(
            path(f"concerns/imports/<row:pk>/{verb}/", view.as_view(), name=f"topics_import_{verb}")
            for verb, view in imports.VERBS.items()
        ),
        path("concerns/gap/", gap.GapView.as_view(), name="topics_gap"),
        path("concerns/cases/", cases.CaseListView.as_view(), name="topics_cases"),
        path("concerns/cases/<row:pk>/", cases.CaseView.as_view(), name="topics_case"),
        path("concerns/<slug:slug>/case/", cases.CaseOpenView.as_view(), name="topics_case_open"),
        path("concerns/<slug:slug>/brief/", briefs.BriefView.as_view(), name="topics_brief"),
        path("concerns/reports/", reports.ReportsView.as_view(), name="topics_reports"),
        path(
            "concerns/reports/readers/",
            report_readers.ReadersView.as_view(),
            name="topics_report_readers",
        ),
        path("concerns/reports/<str:monday>/", reports.ReportView.as_view(), name="topics_report"),
        path(
            "concerns/reports/<str:monday>/make/",
            reports.ReportMakeView.as_view(),
            name="topics_report_make",
        ),
        path("concerns/<slug:slug>/", topic.TopicView.as_view(), name="topics_topic"),
        path("concerns/<slug:slug>/history/", topic.HistoryView.as_view(), name="topics_history"),
        path("concerns/<slug:slug>/act/", decisions.ActView.as_view(), name="topics_act"),
        path("concerns/<slug:slug>/merge/", decisions.MergeView.as_view(), name="topics_merge"),
        path("concerns/<slug:slug>/split/", decisions.SplitView.as_view(), name="topics_split"),
    ]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    labels = {
        f"topics.{Topic.State.SHOWN}": _("展示话题"),
        f"topics.{Topic.State.HIDDEN}": _("隐藏话题"),
        f"topics.{Topic.State.PROPOSED}": _("退回待采用"),
        "topics.pin": _("置顶话题"),
        "topics.unpin": _("取消置顶"),
        "topics.report_make": _("生成周报"),
        "topics.report_remake": _("重新生成周报"),
        "topics.report_send": _("发出周报"),
        "topics.report_try": _("试发周报"),
        "topics.report_reader_add": _("添加周报收件人"),
        "topics.report_reader_remove": _("移除周报收件人"),
        "topics.rename": _("话题改名"),
        "topics.merge": _("并入另一个话题"),
        "topics.merge_in": _("并入了一个话题"),
        "topics.unmerge": _("撤销合并"),
        "topics.split": _("拆分话题"),
        "topics.place": _("归入话题"),
        "topics.learn": _("要求重新学习"),
        "topics.adopt": _("采用分类模型"),
        "topics.retire": _("停用分类模型"),
        "topics.displace": _("移出话题"),
        "topics.case_export": _("移交热线"),
        "topics.case_receipt": _("登记热线回执"),
        "topics.formula": _("设定热度权重"),
        "topics.board_export": _("导出关切榜"),
        "topics.import": _("导入记录"),
        "topics.import_undo": _("撤销导入"),
        "topics.import_drop": _("删除没有导入的文件"),
        "topics.case_open": _("立为事项"),
        "topics.case_change": _("改负责人、期限或备注"),
        "topics.brief_make": _("派选题单"),
        "topics.case_answer": _("答复"),
        "topics.answer_change": _("改答复"),
        "topics.case_close": _("了结"),
        "topics.case_reopen": _("重新打开"),
    }
    for action, label in labels.items():
        actions.register_action(action, label, label)
