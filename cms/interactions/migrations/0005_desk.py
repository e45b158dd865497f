import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [
        ("django_comments_xtd", "0008_auto_20200920_2037"),
        ("interactions", "0004_polls"),
        ("members", "0002_real_name_and_union"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RenameModel("ModerationDecision", "ModerationEvent"),
        migrations.RenameField("ModerationEvent", "state", "action"),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="申诉理由")),
                ("made_at", models.DateTimeField(verbose_name="申诉时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等待答复"),
                            ("upheld", "维持不通过"),
                            ("restored", "已恢复"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "申诉",
                "verbose_name_plural": "申诉",
                "ordering": ["made_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommentReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("illegal", "违法违规"),
                            ("insult", "辱骂攻击"),
                            ("rumour", "不实信息"),
                            ("privacy", "泄露我的信息"),
                            ("advert", "广告骗局"),
                            ("minor", "伤害未成年人"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("made_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "查看后保留"), ("removed", "已撤下")],
                        max_length=10,
                    ),
                ),
                ("handled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "举报",
                "verbose_name_plural": "举报",
                "ordering": ["made_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommentRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("open", "开放"), ("closed", "关闭")],
                        default="open",
                        max_length=6,
                        verbose_name="评论",
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="开放时间")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="关闭时间")),
                ("set_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "评论开关",
                "verbose_name_plural": "评论开关",
            },
        ),
        migrations.CreateModel(
            name="DeskSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "warn_hours",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="多久未审变黄（小时）",
                    ),
                ),
                (
                    "red_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="多久未审变红（小时）",
                    ),
                ),
                (
                    "hold_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="禁言几天",
                    ),
                ),
                (
                    "per_minute",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每人每分钟最多几条",
                    ),
                ),
                (
                    "per_day",
                    models.PositiveSmallIntegerField(
                        default=40,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(150),
                        ],
                        verbose_name="每人每天最多几条",
                    ),
                ),
                (
                    "keep_days",
                    models.PositiveIntegerField(
                        default=184,
                        help_text="网络安全法要求不少于六个月。",
                        validators=[django.core.validators.MinValueValidator(184)],
                        verbose_name="审核记录保存天数",
                    ),
                ),
                (
                    "challenge",
                    models.CharField(
                        choices=[
                            ("auto", "有人刷屏时自动打开"),
                            ("on", "一直打开"),
                            ("off", "关闭"),
                        ],
                        default="auto",
                        help_text="由手机自己算一道题，不用看图、不用拖动。",
                        max_length=4,
                        verbose_name="防刷验证",
                    ),
                ),
            ],
            options={
                "verbose_name": "评论与审核设置",
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_key", models.CharField(db_index=True, max_length=120)),
                ("author_name", models.CharField(blank=True, max_length=60, verbose_name="作者")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warning", "警示提醒"),
                            ("hold", "限期禁言"),
                            ("block", "停止互动"),
                            ("bar", "关闭账号，不得再注册"),
                        ],
                        max_length=10,
                        verbose_name="措施",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("illegal", "违反法律法规"),
                            ("rumour", "不实信息"),
                            ("insult", "侮辱诽谤他人"),
                            ("privacy", "泄露个人信息"),
                            ("obscene", "低俗内容"),
                            ("advert", "广告营销"),
                            ("flood", "重复刷屏"),
                            ("off_topic", "与稿件无关"),
                            ("other", "其他原因"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="给本人的说明")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("until", models.DateTimeField(null=True, verbose_name="到期")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
            ],
            options={
                "verbose_name": "处置措施",
                "verbose_name_plural": "处置措施",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=30, verbose_name="名称")),
                ("text", models.TextField(max_length=500, verbose_name="回复内容")),
            ],
            options={
                "verbose_name": "常用回复",
                "verbose_name_plural": "常用回复",
                "ordering": ["title", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="moderationitem",
            options={
                "ordering": ["waiting_since", "pk"],
                "verbose_name": "待审内容",
                "verbose_name_plural": "评论审核",
            },
        ),
        migrations.RemoveIndex(
            model_name="moderationitem",
            name="queue_order",
        ),
        migrations.AddField(
            model_name="moderationevent",
            name="number",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="moderationevent",
            name="seal",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="moderationevent",
            name="words",
            field=models.TextField(blank=True, verbose_name="内容"),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="appealed",
            field=models.BooleanField(default=False, editable=False, verbose_name="申诉中"),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办",
            ),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="level",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "未见异常"), (1, "提示"), (2, "存疑")],
                default=0,
                editable=False,
                verbose_name="机器检查",
            ),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="给作者的说明"),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="reports",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="举报"),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="unchecked",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="verdict",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="moderationitem",
            name="waiting_since",
            field=models.DateTimeField(
                default=timezone.now, editable=False, verbose_name="等待起点"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="answered",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="answers",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="interactions.unioncomment",
            ),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="edited_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="likes",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="listed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="official",
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="pinned_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="replies",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="shown",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="unioncomment",
            name="story",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("submitted", "提交"),
                    ("edited", "作者修改"),
                    ("approved", "通过"),
                    ("rejected", "不通过"),
                    ("withdrawn", "撤回"),
                    ("appealed", "申诉"),
                    ("upheld", "申诉后维持"),
                    ("restored", "申诉后恢复"),
                    ("reported", "被举报"),
                    ("kept", "举报后保留"),
                    ("answered", "工会回复"),
                    ("pinned", "置顶"),
                    ("unpinned", "取消置顶"),
                    ("assigned", "转交"),
                ],
                max_length=10,
                verbose_name="动作",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="at",
            field=models.DateTimeField(db_index=True, verbose_name="时间"),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经手人",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="interactions.moderationitem",
            ),
        ),
        migrations.AlterField(
            model_name="moderationitem",
            name="source",
            field=models.CharField(
                choices=[("site", "网站"), ("wechat", "微信"), ("weibo", "微博"), ("poll", "投票")],
                max_length=20,
                verbose_name="来源",
            ),
        ),
        migrations.AlterField(
            model_name="moderationitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "待审"),
                    ("approved", "已通过"),
                    ("rejected", "未通过"),
                    ("withdrawn", "已撤回"),
                ],
                default="pending",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddIndex(
            model_name="moderationitem",
            index=models.Index(fields=["state", "waiting_since"], name="queue_order"),
        ),
        migrations.AddIndex(
            model_name="moderationitem",
            index=models.Index(fields=["author_key", "said_at"], name="queue_person"),
        ),
        migrations.AddIndex(
            model_name="unioncomment",
            index=models.Index(
                fields=["story", "listed", "-pinned_at", "-likes", "-replies", "-xtdcomment_ptr"],
                name="comments_best_first",
            ),
        ),
        migrations.AddIndex(
            model_name="unioncomment",
            index=models.Index(fields=["story", "shown", "-xtdcomment_ptr"], name="comments_shown"),
        ),
        migrations.AddField(
            model_name="appeal",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="appeals",
                to="interactions.moderationitem",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="refusal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeal",
                to="interactions.moderationevent",
            ),
        ),
        migrations.AddField(
            model_name="commentreport",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="interactions.unioncomment",
            ),
        ),
        migrations.AddField(
            model_name="commentreport",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="commentrule",
            name="page",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
                verbose_name="稿件或栏目",
            ),
        ),
        migrations.AddField(
            model_name="commentrule",
            name="set_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经手人",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="interactions.moderationitem",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="lifted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedanswer",
            name="union",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="members.union",
                verbose_name="工会",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentreport",
            constraint=models.UniqueConstraint(fields=("comment", "user"), name="one_report_each"),
        ),
    ]
