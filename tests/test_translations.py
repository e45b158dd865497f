"""Editors see Chinese: our catalogues are whole, and with them nothing installed stays English."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext, trans_real

from deploy import missing_translations

ROOT = Path(__file__).resolve().parents[1]
DOMAINS = missing_translations.DOMAINS
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sdr]|\{\w+\}|</?\w[^>]*>")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Bare arrangements of placeholders, with no word in them.
WORDLESS = {
    "%(action)s at <b>%(at)s</b>",
    "%(action)s by <b>%(who)s</b>",
    "%(field_label)s:",
    "%(time_zone_option)s: %(localized_time_zone_label)s",
    "%(status_display)s %(task_name)s %(started_at)s",
    "%(time)s by %(user_display_name)s",
    "at %(time)s",
    "at %(time)s by %(user_display_name)s",
    "by %(user)s",
}

DAILY = {
    "Home": "首页",
    "Dashboard": "工作台",
    "Pages": "页面",
    "Images": "图片",
    "Documents": "附件",
    "Reports": "报告",
    "Redirects": "重定向",
    "Users": "用户",
    "Workflows": "工作流",
    "Workflow tasks": "审核环节",
    "Collections": "分类集",
    "Save draft": "保存草稿",
    "Publish": "发布",
    "Unpublish": "撤下",
    "Schedule to publish": "定时发布",
    "Submit for moderation": "送审",
    "Submit to %(workflow_name)s": "送审：%(workflow_name)s",
    "Resubmit to %(task_name)s": "重新送审：%(task_name)s",
    "Approve": "通过",
    "Approve with comment": "通过并附意见",
    "Request changes": "退回修改",
    "Needs changes": "待修改",
    "In progress": "进行中",
    "Live": "已发布",
    "Draft": "草稿",
    "Privacy": "访问权限",
    "slug": "网址别名",
    "Bulk actions": "批量操作",
    "History": "历史",
    "Checks": "检查",
    "Autosave is paused": "自动保存已暂停",
}


@pytest.fixture(autouse=True, scope="module")
def compiled():
    """Our catalogues as .mo files, read afresh."""
    subprocess.run([sys.executable, ROOT / "deploy" / "compile_messages.py"], check=True)
    trans_real._translations.clear()
    with translation.override("zh-hans"):
        yield


def entries(domain):
    return missing_translations.load_ours(domain)


def text_of(entry):
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


def marks(text):
    return Counter(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_of_ours_is_translated(domain):
    wanting = [
        entry.msgid
        for entry in entries(domain)
        if not missing_translations.is_translated(entry)
        or not (CHINESE.search(text_of(entry)) or entry.msgid in WORDLESS)
    ]
    assert wanting == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_message_is_translated_twice(domain):
    keys = Counter(missing_translations.key_of(entry) for entry in entries(domain))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_and_tags_survive_translation(domain):
    """Chinese has one form for all numbers: it follows the English singular or plural."""
    broken = [
        entry.msgid
        for entry in entries(domain)
        if marks(text_of(entry))
        not in (marks(entry.msgid), marks(entry.msgid_plural or entry.msgid))
    ]
    assert broken == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_edges_keep_their_spaces(domain):
    """A template that joins pieces counts on them."""
    broken = [
        entry.msgid
        for entry in entries(domain)
        if entry.msgid.endswith("\n") != text_of(entry).endswith("\n")
        or (text_of(entry) != text_of(entry).rstrip() and entry.msgid == entry.msgid.rstrip())
    ]
    assert broken == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_our_catalogues_compile(domain, tmp_path):
    target = tmp_path / f"{domain}.mo"
    entries(domain).save_as_mofile(str(target))
    assert len(polib.mofile(str(target))) == len(entries(domain))


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_of_the_installed_packages_stays_english(domain):
    """After an upgrade: `python deploy/missing_translations.py --write`, then translate."""
    assert list(missing_translations.lacking(domain)) == []


@pytest.mark.parametrize(("english", "chinese"), DAILY.items())
def test_daily_screens_speak_our_words(english, chinese):
    assert gettext(english) == chinese


def test_counted_messages_have_one_form():
    for count in (1, 2):
        one, many = "Referenced %(count)s time", "Referenced %(count)s times"
        assert ngettext(one, many, count) == "被引用 %(count)s 次"


@pytest.mark.django_db
def test_the_admins_scripts_get_our_catalogue(admin_client):
    page = admin_client.get("/admin/jsi18n/").content.decode()
    assert "\\u4fee\\u6539\\u5df2\\u81ea\\u52a8\\u4fdd\\u5b58" in page or "修改已自动保存" in page
