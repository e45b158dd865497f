"""The demo content is complete, consistent and fit to print."""

import re
from collections import Counter
from datetime import date, time

import pytest

from cms.demo import content
from cms.demo.pictures import PICTURES

STORIES = content.stories()
COMMENTS = content.comments()
BLOCKS = {
    "heading": {"text"},
    "paragraph": {"html"},
    "image": {"picture", "caption", "alt"},
    "quote": {"text", "attribution"},
    "law_citation": {"law", "article", "text"},
    "qa": {"question", "answer_html"},
    "table": {"caption", "header_row", "rows"},
    "poll": {"poll"},
    "related": {"stories"},
    "attachment": {"title", "filename", "content"},
}
THEMES = {
    "欠薪": "欠薪|讨薪|工资",
    "加班": "加班",
    "社保断缴": "断缴|社保",
    "工伤": "工伤",
    "高温津贴": "高温津贴|津贴就停",
    "取暖": "取暖|冬季补贴",
    "年休假": "年假|年休假",
    "女职工": "产假|哺乳|孕",
    "劳务派遣": "派遣|外包",
    "平台罚款": "罚|扣五十|超时",
    "职业病": "职业病|烟尘|噪声|棉尘",
    "证书补贴": "证.*补贴|高级工证|证书",
    "食堂": "食堂|餐补",
    "通勤": "通勤",
    "宿舍": "宿舍|工棚",
    "公积金": "公积金",
    "帮扶": "救助|助学|困难",
    "托管": "托管",
    "退休": "退休|提前退",
    "心理": "失眠|睡不着|胸闷",
    "驿站": "驿站|充电|热水",
    "劳动合同": "没签合同|劳动合同|合同",
    "试用期": "试用",
    "裁员": "裁员|N怎么算|补偿",
}


def slugs(records, key="slug"):
    return {record[key] for record in records}


def blocks(kind):
    return [(s["slug"], b) for s in STORIES for b in s["body"] if b["type"] == kind]


def visible_text(story):
    return re.sub(
        r"<[^>]+>",
        "",
        "".join(str(v) for b in story["body"] for k, v in b.items() if k != "type"),
    )


def test_every_kind_has_enough_stories():
    kinds = Counter(s["kind"] for s in STORIES)
    assert kinds["policy"] >= 14
    assert kinds["legal"] >= 14
    assert kinds["activity"] >= 12
    assert len(slugs(STORIES)) == len(STORIES) >= 40


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["slug"])
def test_story_is_complete_and_fits_its_limits(story):
    assert re.fullmatch(r"[a-z0-9-]+", story["slug"])
    assert 0 < len(story["title"]) <= 32
    assert 20 <= len(story["summary"]) <= 110
    assert 0 <= story["days_ago"] <= 83
    assert 3 <= len(story["tags"]) <= 5
    assert story["source_name"]
    assert story["responsible_editor"]
    if story["is_reprint"]:
        assert story["original_author"]
        assert story["original_title"]
        assert ".example/" in story["source_url"]
    assert 500 <= len(re.findall(r"[\u4e00-\u9fff]", visible_text(story))) <= 1200
    for block in story["body"]:
        assert set(block) - {"type"} == BLOCKS[block["type"]]
        assert all(block.values())


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["slug"])
def test_story_has_no_exclamation_marks(story):
    assert not re.search("[!！]", story["title"] + story["summary"] + visible_text(story))


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["slug"])
def test_story_has_the_facts_of_its_kind(story):
    if story["kind"] == "policy":
        assert story["issuer"]
        assert re.fullmatch(r"\S+〔2026〕\d+号", story["document_number"])
        assert ("effective_on" in story) != ("effective_days_ago" in story)
    elif story["kind"] == "legal":
        assert story["law_name"]
        assert story["law_articles"]
        assert isinstance(story["valid_from"], date)
    else:
        moments = [story[k] for k in ("signup_opens", "signup_closes", "starts", "ends")]
        opens, closes, starts, ends = ((m["day"], time.fromisoformat(m["time"])) for m in moments)
        assert opens < closes
        assert opens < starts < ends
        assert story["place"]
        assert story["capacity"] > 0


def test_references_from_stories_resolve():
    polls, accounts = slugs(content.polls()), slugs(content.accounts(), "key")
    for story in STORIES:
        assert story["section"] in slugs(content.sections())
        assert story["union"] in slugs(content.unions())
        assert story["cover"] in PICTURES
        assert set(story["accounts"]) <= accounts
    assert all(b["picture"] in PICTURES for _, b in blocks("image"))
    assert all(b["poll"] in polls for _, b in blocks("poll"))
    for slug, block in blocks("related"):
        assert set(block["stories"]) <= slugs(STORIES) - {slug}


def test_rich_text_uses_only_allowed_markup():
    html = [b["html"] for _, b in blocks("paragraph")]
    html += [b["answer_html"] for _, b in blocks("qa")]
    found = {tag for text in html for tag in re.findall(r"</?(\w+)", text)}
    assert found <= {"b", "i", "a", "ul", "ol", "li", "br"}


def test_tables_are_rectangular():
    for slug, table in blocks("table"):
        assert all(len(row) == len(table["header_row"]) for row in table["rows"]), slug


def test_every_legal_story_quotes_the_law_with_its_article():
    citing = {slug for slug, _ in blocks("law_citation")}
    assert {s["slug"] for s in STORIES if s["kind"] == "legal"} <= citing
    for slug, block in blocks("law_citation"):
        assert re.match(r"第[一二三四五六七八九十百]+条", block["article"]), slug
        assert len(block["text"]) > 15, slug


def test_attachments_are_few_and_plain():
    files = blocks("attachment")
    assert len(files) <= 2
    assert all(b["filename"].endswith(".txt") for _, b in files)


def test_activities_are_past_running_and_coming():
    starts = [s["starts"]["day"] for s in STORIES if s["kind"] == "activity"]
    assert min(starts) < 0 < max(starts)


def test_union_tree_has_one_root_and_parents_first():
    seen = set()
    for union in content.unions():
        assert union["parent"] in seen or (not seen and union["parent"] == "")
        seen.add(union["slug"])
    assert all(s["union"] in seen for s in content.sections() + content.polls() + content.feeds())
    assert all(u["union"] in seen for u in content.workers() + content.accounts())


def test_feeds_and_polls_stand_in_known_sections():
    known = slugs(content.sections())
    assert all(r["section"] in known for r in content.feeds() + content.polls())


def test_polls_show_each_kind_and_one_that_was_answered():
    polls = content.polls()
    assert {poll["kind"] for poll in polls} == {"single", "multiple", "ranked", "rating", "text"}
    assert {poll.get("secrecy", "secret") for poll in polls} == {"secret", "named"}
    assert any("answer_html" in poll for poll in polls)


@pytest.mark.parametrize("poll", content.polls(), ids=lambda p: p["slug"])
def test_poll_can_be_voted_by_the_workers(poll):
    text = poll["kind"] == "text"
    assert len(poll["options"]) == len(poll["weights"]) >= (0 if text else 3)
    assert text == bool(poll.get("texts")) == (not poll["options"])
    assert 40 <= poll["votes"] <= min(180, len(content.workers()))
    assert text or 1 <= poll["max_choices"] < len(poll["options"])
    assert (poll["max_choices"] > 1) == (poll["kind"] in {"multiple", "ranked"})
    assert poll["results_visible"] in {"always", "after_vote", "after_close"}
    assert poll["opens"]["day"] == -poll["days_ago"]
    assert poll["opens"]["day"] < poll["closes"]["day"]


def test_workers_have_their_own_names():
    workers = content.workers()
    assert len(workers) >= 200
    assert len(slugs(workers, "id")) == len(slugs(workers, "nickname")) == len(workers)


def test_comments_belong_to_live_stories_and_real_workers():
    published = {s["slug"]: s["days_ago"] for s in STORIES}
    writers = slugs(content.workers(), "id")
    seen: dict[str, dict] = {}
    for comment in COMMENTS:
        assert comment["author"] in writers
        assert comment["days_ago"] <= published[comment["story"]], comment["text"]
        assert 0 <= comment["minute"] < 1440
        if "parent" in comment:
            parent = seen[comment["parent"]]
            assert parent["story"] == comment["story"]
            assert parent["author"] != comment["author"]
        seen[comment["id"]] = comment
    assert len(seen) == len(COMMENTS) >= 320


def test_comment_statuses_leave_the_moderator_some_work():
    statuses = Counter(c["status"] for c in COMMENTS)
    assert set(statuses) == {"approve", "pending", "reject"}
    assert 20 <= statuses["pending"] <= 30
    refused = [c for c in COMMENTS if "reason" in c]
    assert [c for c in COMMENTS if c["status"] == "reject"] == refused
    assert {c["reason"] for c in refused} == {"ad", "insult", "privacy", "irrelevant", "repeat"}


@pytest.mark.parametrize("theme", THEMES)
def test_comments_speak_of_every_theme(theme):
    assert sum(bool(re.search(THEMES[theme], c["text"])) for c in COMMENTS) >= 3


@pytest.mark.parametrize("theme", ["欠薪", "社保断缴", "平台罚款", "取暖"])
def test_four_themes_rise_in_the_last_two_weeks(theme):
    ages = [c["days_ago"] for c in COMMENTS if re.search(THEMES[theme], c["text"])]
    recent = sum(age < 14 for age in ages)
    assert recent >= 15
    assert recent > 2 * sum(14 <= age < 28 for age in ages)


def test_telephone_numbers_in_comments_are_plainly_fictional():
    numbers = [n for c in COMMENTS for n in re.findall(r"(?<!\d)1\d{10,}", c["text"])]
    assert len(numbers) >= 3
    assert all(n.startswith(("1380000000", "11010119900")) for n in numbers)


def test_fan_comments_stand_under_accounts_that_carry_the_story():
    carried = {s["slug"]: s for s in STORIES}
    fans = content.channel_comments()
    assert len(fans) >= 45
    for fan in fans:
        assert fan["account"] in carried[fan["story"]]["accounts"]
        assert fan["days_ago"] <= carried[fan["story"]]["days_ago"]


def test_searches_cover_the_period():
    searches = content.searches()
    assert len(searches) >= 160
    assert all(0 <= s["days_ago"] <= 83 and s["count"] > 0 and s["query"] for s in searches)
