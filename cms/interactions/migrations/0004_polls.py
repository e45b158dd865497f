"""Ballots that name no option: turnout, one row of counts for each poll, receipts.

Polls so far promised 「投票只记数，不公开个人选择」: their ballots become turnout and counts, and the
links between people and options are dropped.
"""

import secrets
from collections import Counter

import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.conf import settings
from django.db import migrations, models
from django.utils.timezone import localdate

LEAST = 5


def count(apps, schema_editor):
    """Each poll's ballots as one row of counts. Receipts are of codes that nobody holds."""
    Tally = apps.get_model("interactions", "Tally")
    PollPage = apps.get_model("interactions", "PollPage")
    for poll in PollPage.objects.order_by("pk").values_list("pk", flat=True):
        Tally.objects.create(poll_id=poll, **_counted(apps, poll))
    # What waits to be checked forbids changes of the tables that follow.
    schema_editor.connection.check_constraints()


def _counted(apps, poll) -> dict:
    Ballot = apps.get_model("interactions", "Ballot")
    BallotChoice = apps.get_model("interactions", "BallotChoice")
    Turnout = apps.get_model("interactions", "Turnout")
    ballots = Ballot.objects.filter(poll=poll)
    voters = ballots.order_by("user_id").values_list("user_id", flat=True)
    Turnout.objects.bulk_create(Turnout(poll_id=poll, user_id=user) for user in voters)
    apps.get_model("interactions", "Receipt").objects.bulk_create(
        apps.get_model("interactions", "Receipt")(poll_id=poll, digest=secrets.token_hex(32))
        for _voter in voters
    )
    cells = Counter(
        str(option)
        for option in BallotChoice.objects.filter(ballot__poll=poll).values_list(
            "option_id", flat=True
        )
    )
    for cast_at, source in ballots.values_list("cast_at", "source"):
        cells[f"@{localdate(cast_at)}/{source}"] += 1
    view = {"ballots": len(voters), "cells": dict(cells)}
    # The first view is the next, and is shown when as many have voted as make a step.
    return {**view, "next": view if len(voters) >= LEAST else {}}


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0003_moderationitem_marks"),
        ("members", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Turnout",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "poll",
                        "user",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turnout",
                        to="interactions.pollpage",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "已投票", "verbose_name_plural": "已投票"},
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="interactions.pollpage",
                    ),
                ),
                ("ballots", models.PositiveIntegerField(default=0)),
                ("cells", models.JSONField(default=dict)),
                ("shown", models.JSONField(default=dict)),
                ("next", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=list)),
            ],
            options={"verbose_name": "计票", "verbose_name_plural": "计票"},
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="interactions.pollpage",
                    ),
                ),
            ],
            options={"verbose_name": "收据", "verbose_name_plural": "收据"},
        ),
        migrations.AddField(
            model_name="pollpage",
            name="answer",
            field=wagtail.fields.RichTextField(
                blank=True,
                help_text="投票以后怎么办了。和稿件一样要过三审；发布后显示在投票页，并通知投过票的人。",
                verbose_name="工会答复",
            ),
        ),
        migrations.AddField(
            model_name="pollpage",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="答复时间"),
        ),
        migrations.AddField(
            model_name="pollpage",
            name="min_choices",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="只对多选和排序有效。", verbose_name="最少选几项"
            ),
        ),
        migrations.AddField(
            model_name="pollpage",
            name="secrecy",
            field=models.CharField(
                choices=[("secret", "无记名"), ("named", "实名")],
                default="secret",
                help_text="无记名：谁也查不出某个人选了什么，包括管理员。实名：本工会能看到谁选了什么，投票前会告诉职工。",
                max_length=10,
                verbose_name="记名方式",
            ),
        ),
        migrations.AlterField(
            model_name="pollpage",
            name="choice",
            field=models.CharField(
                choices=[
                    ("single", "单选"),
                    ("multiple", "多选"),
                    ("ranked", "排序"),
                    ("rating", "打分"),
                    ("text", "写一句话"),
                ],
                default="single",
                help_text="打分：每个选项打 1 到 5 分。写一句话：不列选项，每人最多写 200 字。",
                max_length=10,
                verbose_name="回答方式",
            ),
        ),
        migrations.AlterField(
            model_name="pollpage",
            name="max_choices",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="只对多选和排序有效；排序时是排前几位。",
                verbose_name="最多选几项",
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.RemoveField(model_name="ballot", name="options"),
        migrations.DeleteModel(name="BallotChoice"),
        migrations.DeleteModel(name="Ballot"),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "poll",
                        "user",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("answers", models.JSONField()),
                ("source", models.CharField(default="site", max_length=20)),
                ("cast_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="interactions.pollpage",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "实名选票", "verbose_name_plural": "实名选票"},
        ),
    ]
