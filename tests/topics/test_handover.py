"""A case goes out to the hotline: nobody is named, no figure is of a few; the receipt comes in."""

import hashlib
import io
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cms.members.models import Role, Union
from cms.news.models import HomePage
from cms.topics import services
from cms.topics.models import Brief, Case, CaseExport, Voice
from cms.topics.selectors.handover import MOST_QUOTES, facts_of
from tests.factories import grant, make_union, make_user
from tests.factories.topics import grouped, make_voice, make_voices

pytestmark = pytest.mark.django_db

Source = Voice.Source


@pytest.fixture
def manager(client, union):
    user = grant(make_user("主管", last_name="周", first_name="敏"), Role.MANAGER, union)
    client.force_login(user)
    return user


def make_case(**fields) -> Case:
    """A case of the topic that the voices made so far are about, of the only home page's union."""
    union = HomePage.objects.get().union
    return Case.objects.create(**{"topic": grouped(), "union": union, **fields})


def exported(case, user, unions=None) -> tuple[CaseExport, bytes]:
    return services.case_export(case=case, unions=unions, user=user)


def cells(content: bytes) -> dict[str, str]:
    """The sheet as {label: value}; formulas would show up as such."""
    sheet = load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    return {row[0].value: row[1].value for row in sheet if row[0].value}


def page_of(case, client) -> str:
    response = client.get(reverse("topics_case_exports", args=[case.pk]))
    assert response.status_code == 200
    return response.content.decode()


# --- What the file says --------------------------------------------------------------------------


def test_the_file_tells_of_the_case_in_figures_that_go_up_by_five(manager):
    make_voices(8)
    make_voices(7, source=Source.WEIBO)
    case = make_case(owner=manager, due_on=date(2027, 1, 15))
    export, content = exported(case, manager)
    told = cells(content)
    assert told["职工关切移交单"] == export.number
    assert told["话题"] == "欠薪与工资"
    assert told["负责人"] == manager.real_name
    assert told["办结期限"] == "2027-01-15"
    assert (told["人数"], told["声音"]) == ("15 人以上", "15 条以上")
    assert (told["其中网站评论"], told["其中微博"]) == ("5 条以上", "5 条以上")
    assert told["答复"] == "尚未答复"


def test_sources_of_fewer_than_five_people_stand_together(manager):
    make_voices(9)
    make_voices(2, source=Source.WEIBO)
    make_voices(1, source=Source.HOTLINE)
    told = cells(exported(make_case(), manager)[1])
    parts = [label for label in told if label.startswith("其中")]
    assert parts == ["其中网站评论、微博、12351 热线"]


def test_of_fewer_than_five_people_no_figure_and_no_word_is_told(manager):
    make_voices(4)
    make_voice(person="user:loud")
    Voice.objects.update(person_key="one")
    told = cells(exported(make_case(), manager)[1])
    assert told["人数"].startswith("不足 5 人")
    assert not [label for label in told if label.startswith(("其中", "原话", "声音"))]


def test_quotes_are_masked_few_and_one_of_each_person(manager):
    make_voice("老板王建国拖欠工资三个月，电话13812345678不接", person="user:a")
    make_voice("我又来说一遍，拖欠工资没有人管", person="user:a")
    for who in ("木工班", "保洁队", "后厨", "仓库夜班", "外卖站点"):
        for what in (
            "孩子开学等着用钱",
            "打给老板总说忙",
            "合同也没有签",
            "房租交不上了",
            "说要等年底",
        ):
            make_voice(f"{who}被拖欠工资，{what}")
    case = make_case()
    Voice.objects.update(copy_of="")
    told = cells(exported(case, manager)[1])
    quotes = [value for label, value in told.items() if label.startswith("原话")]
    assert len(quotes) == MOST_QUOTES
    assert len(set(quotes)) == MOST_QUOTES
    everything = " ".join(str(value) for value in told.values())
    for secret in ("王建国", "13812345678", "user:a"):
        assert secret not in everything
    keys = set(Voice.objects.values_list("person_key", flat=True))
    assert not any(key in everything for key in keys)


def test_private_messages_are_counted_and_not_quoted(manager):
    make_voices(6, source=Source.WECHAT, is_public=False)
    make_voice("热线说的拖欠工资，我打过电话", source=Source.HOTLINE, is_public=False)
    told = cells(exported(make_case(), manager)[1])
    assert told["人数"] == "5 人以上"
    assert [value for label, value in told.items() if label.startswith("原话")] == [
        "热线说的拖欠工资，我打过电话"
    ]


def test_a_manager_hands_over_only_what_his_unions_said(manager, union):
    make_voices(5, union=union)
    make_voices(30, "别处的话，拖欠工资没人管", union=make_union())
    unions = Union.objects.filter(path__startswith=union.path)
    facts = facts_of(make_case(), unions=unions)
    assert facts.people == 5
    assert "别处" not in "".join(facts.quotes)


def test_laws_and_the_answer_stand_in_the_file(manager):
    make_voices(5)
    case = make_case(answer="本月底前补发。", answered_at=timezone.now(), state=Case.State.ANSWERED)
    laws = [{"law": "《工资支付暂行规定》", "articles": "第七条", "page": None}]
    Brief.objects.create(case=case, laws=laws)
    told = cells(exported(case, manager)[1])
    assert told["相关法规"] == "《工资支付暂行规定》第七条"
    assert told["答复"] == "本月底前补发。"


def test_what_somebody_wrote_is_never_a_formula(manager):
    for number in range(5):
        make_voice(f"=HYPERLINK({number}) 拖欠工资三个月没有人管")
    told = cells(exported(make_case(), manager)[1])
    assert told["原话 1"].startswith("'=")


def test_the_number_of_queries_does_not_depend_on_the_voices(manager, django_assert_num_queries):
    make_voices(5)
    case = make_case()
    make_voices(60)
    grouped()
    case = Case.objects.select_related("topic", "union").get(pk=case.pk)
    with django_assert_num_queries(3):
        facts_of(case, unions=None)


# --- Numbers and digests -------------------------------------------------------------------------


def test_numbers_run_by_the_day_and_the_digest_is_the_files(manager):
    make_voices(5)
    case = make_case()
    first, content = exported(case, manager)
    second, _content = exported(case, manager)
    day = f"{timezone.localdate():%Y%m%d}"
    assert (first.number, second.number) == (f"RM-{day}-0001", f"RM-{day}-0002")
    assert first.digest == hashlib.sha256(content).hexdigest()
    entries = ModelLogEntry.objects.for_instance(case).filter(action="topics.case_export")
    assert {entry.data["number"] for entry in entries} == {first.number, second.number}
    assert all(entry.user == manager for entry in entries)


# --- The receipt ---------------------------------------------------------------------------------


def test_a_receipt_is_entered_put_right_and_logged(manager):
    case = make_case()
    export, _content = exported(case, manager)
    today = timezone.localdate()
    for receipt in (" 12351-2026-77 ", "12351-2026-78"):
        services.export_receipt_set(export=export, receipt=receipt, receipt_on=today, user=manager)
    export.refresh_from_db()
    assert (export.receipt, export.receipt_on, export.receipt_by) == (
        "12351-2026-78",
        today,
        manager,
    )
    last = ModelLogEntry.objects.for_instance(case).order_by("pk").last()
    assert (last.data["before"], last.data["after"]) == ("12351-2026-77", "12351-2026-78")


@pytest.mark.parametrize(
    ("receipt", "days", "field"),
    [
        ("", 0, "receipt"),
        ("\u200b ", 0, "receipt"),
        ("9" * 61, 0, "receipt"),
        ("77", 1, "receipt_on"),
        ("77", -1, "receipt_on"),
        ("77", None, "receipt_on"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(manager, receipt, days, field):
    export, _content = exported(make_case(), manager)
    on = None if days is None else timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError) as refused:
        services.export_receipt_set(export=export, receipt=receipt, receipt_on=on, user=manager)
    assert list(refused.value.message_dict) == [field]
    export.refresh_from_db()
    assert export.receipt == ""


# --- The screens ---------------------------------------------------------------------------------


def test_the_way_of_a_case_to_the_hotline_and_back(client, manager, union):
    make_voices(6, union=union)
    case = make_case()
    assert "移交 12351 热线" in page_of(case, client)
    response = client.post(reverse("topics_case_export", args=[case.pk]))
    export = CaseExport.objects.get()
    assert hashlib.sha256(response.content).hexdigest() == export.digest
    assert export.number in response["Content-Disposition"]
    page = page_of(case, client)
    assert export.number in page
    assert "等回执" in page
    address = reverse("topics_case_receipt", args=[case.pk, export.pk])
    name = f"export-{export.pk}"
    page = client.post(
        address, {f"{name}-receipt": "热线 77", f"{name}-receipt_on": "2099-01-01"}
    ).content.decode()
    assert "回执日期还没到" in page
    assert 'value="热线 77"' in page
    assert f'name="back" value="{reverse("topics_case_exports", args=[case.pk])}"' in page
    page = client.post(
        address,
        {f"{name}-receipt": "热线 77", f"{name}-receipt_on": f"{timezone.localdate()}"},
        follow=True,
    ).content.decode()
    assert "回执已登记" in page
    assert "已有回执" in page


def test_a_receipt_goes_back_to_where_its_form_stood(client, manager):
    export, _content = exported(make_case(), manager)
    address = reverse("topics_case_receipt", args=[export.case_id, export.pk])
    name = f"export-{export.pk}"
    told = {f"{name}-receipt": "77", f"{name}-receipt_on": f"{timezone.localdate()}"}
    for back, expected in [
        ("/admin/concerns/", "/admin/concerns/"),
        ("https://evil.example/", reverse("topics_case_exports", args=[export.case_id])),
    ]:
        assert client.post(address, {**told, "back": back})["Location"] == expected


def test_a_receipt_that_is_late_is_told(client, manager):
    export, _content = exported(make_case(), manager)
    CaseExport.objects.update(made_at=timezone.now() - timedelta(days=8))
    assert "一周没有回执" in page_of(export.case, client)


def test_a_case_of_another_union_is_not_there(client, manager):
    case = make_case(union=make_union())
    for name in ("topics_case_exports", "topics_case_export"):
        assert client.post(reverse(name, args=[case.pk])).status_code in (404, 405)
    assert client.get(reverse("topics_case_exports", args=[case.pk])).status_code == 404
    assert not CaseExport.objects.exists()


def test_the_page_of_a_case_has_the_exports_on_it(client, manager):
    export, _content = exported(make_case(), manager)
    page = client.get(reverse("topics_case", args=[export.case_id])).content.decode()
    assert export.number in page
    assert f'value="{reverse("topics_case", args=[export.case_id])}"' in page


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR])
def test_others_hand_nothing_over(client, union, role):
    case = make_case()
    client.force_login(grant(make_user(), role, union))
    assert client.get(reverse("topics_case_exports", args=[case.pk])).status_code == 302
    assert client.post(reverse("topics_case_export", args=[case.pk])).status_code == 302
    assert not CaseExport.objects.exists()


def test_handing_over_takes_a_post_and_an_export_of_this_case(client, manager):
    case = make_case()
    assert client.get(reverse("topics_case_export", args=[case.pk])).status_code == 405
    export, _content = exported(case, manager)
    case.state = Case.State.CLOSED
    case.save()
    other = make_case()
    response = client.post(reverse("topics_case_receipt", args=[other.pk, export.pk]))
    assert response.status_code == 404


def test_no_page_shows_a_key(client, manager):
    make_voices(6)
    case = make_case()
    exported(case, manager)
    keys = set(Voice.objects.values_list("person_key", flat=True))
    assert not any(key in page_of(case, client) for key in keys)
    assert not re.search(
        r"1[3-9]\d{9}", page_of(case, client).replace(case.exports.get().digest, "")
    )
