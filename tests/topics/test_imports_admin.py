"""The screens of imports: who comes in, the way of a file from upload to undoing, what is shown."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from cms.members.models import Role
from cms.topics import services
from cms.topics.models import ImportBatch, ImportLayout, Voice
from tests.factories import grant, make_union, make_user
from tests.factories.tables import HEADER, csv_of, messy_workbook, record, xlsx_of
from tests.looking import read

pytestmark = pytest.mark.django_db

LIST = "/admin/concerns/imports/"
TOLD = {"text": "诉求内容", "said_at": "受理时间", "person": "联系电话", "number": "工单编号"}


@pytest.fixture
def clerk(client, union):
    user = grant(make_user("文员"), Role.MODERATOR, union)
    client.force_login(user)
    return user


def upload(client, union, data, name="热线.xlsx", kind="hotline"):
    file = SimpleUploadedFile(name, data)
    return client.post(f"{LIST}new/", {"kind": kind, "union": union.pk, "file": file}, follow=True)


def confirmed(client, union, data) -> ImportBatch:
    upload(client, union, data)
    batch = ImportBatch.objects.filter(state=ImportBatch.State.WAITING).first()
    client.post(f"{LIST}{batch.pk}/columns/", TOLD)
    client.post(f"{LIST}{batch.pk}/confirm/")
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.MANAGER, Role.ADMIN])
def test_who_may_import_has_a_way_in(client, union, role):
    client.force_login(grant(make_user(), role, union))
    home = read(client, reverse("wagtailadmin_home"))
    start = home if role == Role.MODERATOR else read(client, "/admin/concerns/")
    assert LIST in start
    assert "还没有导入过" in read(client, LIST)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.FIRST_REVIEWER])
def test_others_do_not_get_in(client, union, role):
    client.force_login(grant(make_user(), role, union))
    assert client.get(LIST).status_code == 302
    assert LIST not in read(client, reverse("wagtailadmin_home"))


def test_the_way_of_a_file(client, clerk, union):
    data, bad = messy_workbook()
    page = upload(client, union, data)
    batch = ImportBatch.objects.get()
    assert page.redirect_chain[-1][0] == f"{LIST}{batch.pk}/columns/"
    assert "1000 行" in page.content.decode()
    page = client.post(f"{LIST}{batch.pk}/columns/", TOLD, follow=True).content.decode()
    assert "<strong>963</strong> 条可以导入，<strong>37</strong> 条有问题" in page
    assert str(min(bad)) in page
    page = client.post(f"{LIST}{batch.pk}/confirm/", follow=True).content.decode()
    assert "<dd>963</dd>" in page
    assert "<dd>37</dd>" in page
    assert "963" in read(client, LIST)
    page = read(client, f"{LIST}{batch.pk}/undo/")
    assert "导入的 963 条记录会全部删除" in page
    assert Voice.objects.count() == 963
    page = client.post(f"{LIST}{batch.pk}/undo/", follow=True).content.decode()
    assert "删除了 963 条" in page
    assert not Voice.objects.exists()


def test_the_next_file_goes_straight_to_the_check_and_an_old_one_says_so(client, clerk, union):
    data = xlsx_of(HEADER, record(1))
    first = confirmed(client, union, data)
    page = upload(client, union, xlsx_of(HEADER, record(1), record(2))).content.decode()
    assert "<strong>1</strong> 条可以导入" in page
    assert "<strong>1</strong> 条以前导入过" in page
    again = upload(client, union, data)
    assert f"{LIST}{first.pk}/" in again.content.decode()


def test_no_screen_shows_whose_words_they_are(client, clerk, union):
    data = xlsx_of(
        HEADER,
        record(1, 来电人="王小明", 诉求内容="我叫王小明，电话13812345678"),
        record(2, 来电人="李建国", 诉求内容="李建国拖欠工资", 受理时间="13812345678"),
    )
    pages = upload(client, union, data, name="某某.xlsx").content.decode()
    batch = ImportBatch.objects.get()
    pages += client.post(f"{LIST}{batch.pk}/columns/", TOLD, follow=True).content.decode()
    pages += client.post(f"{LIST}{batch.pk}/confirm/", follow=True).content.decode()
    assert "已导入" in pages
    for secret in ("王小明", "李建国", "13812345678"):
        assert secret not in pages
    assert not ImportLayout.objects.filter(header__icontains="王小明").exists()


def test_the_rows_that_stayed_out_can_be_taken_and_handed_in_again(client, clerk, union):
    batch = confirmed(client, union, xlsx_of(HEADER, record(1), record(2, 诉求内容="好")))
    response = client.get(f"{LIST}{batch.pk}/rejected/")
    assert "no-store" in response["Cache-Control"]
    page = upload(client, union, response.content, name="退回.xlsx").content.decode()
    assert "1 行" in page
    clean = confirmed(client, union, xlsx_of(HEADER, record(3)))
    assert client.get(f"{LIST}{clean.pk}/rejected/").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.xlsx", "这是一个空文件"),
        (b"\xd0\xcf\x11\xe0" * 9, "a.xls", "旧格式"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "打不开"),
        (b"a,b\n1,2", "a.pdf", "只能导入"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(client, clerk, union, data, name, said):
    page = upload(client, union, data, name=name).content.decode()
    assert said in page
    assert f'value="{union.pk}" selected' in page
    assert not ImportBatch.objects.exists()


def test_columns_are_asked_for_in_words_and_what_was_chosen_stays(client, clerk, union):
    upload(client, union, xlsx_of(HEADER, record(1)))
    batch = ImportBatch.objects.get()
    told = {"text": "诉求内容", "said_at": "", "title": "诉求内容", "union": "没有的列"}
    page = client.post(f"{LIST}{batch.pk}/columns/", told).content.decode()
    assert "请选择时间在哪一列" in page
    assert "“内容”已经用了这一列" in page
    assert "没有这一列，请重新选择" in page
    assert '<option value="诉求内容" selected>' in page
    assert not ImportLayout.objects.exists()


def test_a_heading_is_shown_as_text_and_never_run(client, clerk, union):
    bad = "<script>alert(1)</script>"
    page = upload(
        client, union, csv_of(["时间", "内容", bad], ["2026-01-05", "欠薪", bad]), "a.csv"
    )
    assert bad not in page.content.decode()
    assert escape(bad) in page.content.decode()


def test_files_of_other_unions_are_not_there(client, clerk, union):
    other = make_union()
    stranger = grant(make_user(), Role.MODERATOR, other)
    batch = services.import_receive(
        data=xlsx_of(HEADER, record(1)),
        name="别处.xlsx",
        kind="hotline",
        union=other,
        user=stranger,
    )
    assert "别处.xlsx" not in read(client, LIST)
    for step in ("", "columns/", "undo/", "rejected/"):
        assert client.get(f"{LIST}{batch.pk}/{step}").status_code == 404
    for step in ("confirm/", "drop/", "undo/", "columns/"):
        assert client.post(f"{LIST}{batch.pk}/{step}").status_code == 404
    page = upload(client, other, xlsx_of(HEADER, record(1))).content.decode()
    assert "您不能替这个工会导入" in page


def test_a_second_confirmation_brings_nothing_in_twice(client, clerk, union):
    batch = confirmed(client, union, xlsx_of(HEADER, record(1)))
    page = client.post(f"{LIST}{batch.pk}/confirm/", follow=True).content.decode()
    assert "已经处理过" in page
    assert Voice.objects.count() == 1


def test_nothing_is_changed_by_looking(client, clerk, union):
    batch = confirmed(client, union, xlsx_of(HEADER, record(1)))
    for step in ("confirm/", "drop/"):
        assert client.get(f"{LIST}{batch.pk}/{step}").status_code == 405
    read(client, f"{LIST}{batch.pk}/undo/")
    assert Voice.objects.count() == 1


def test_a_dropped_file_is_gone(client, clerk, union):
    upload(client, union, xlsx_of(HEADER, record(1)))
    batch = ImportBatch.objects.get()
    page = client.post(f"{LIST}{batch.pk}/drop/", follow=True).content.decode()
    assert "没有导入" in page
    assert not ImportBatch.objects.exists()


def test_an_import_that_goes_on_shows_how_far_it_is(client, clerk, union):
    upload(client, union, xlsx_of(HEADER, record(1)))
    batch = ImportBatch.objects.get()
    client.post(f"{LIST}{batch.pk}/columns/", TOLD)
    services.import_start(batch=batch, user=clerk)
    page = read(client, f"{LIST}{batch.pk}/")
    assert 'http-equiv="refresh"' in page
    assert "正在排队" in page


def test_the_list_takes_the_same_queries_however_many_files(client, clerk, union):
    def queries(*numbers):
        for number in numbers:
            services.import_receive(
                data=xlsx_of(HEADER, record(number)),
                name=f"{number}.xlsx",
                kind="hotline",
                union=union,
                user=clerk,
            )
        read(client, LIST)
        with CaptureQueriesContext(connection) as captured:
            assert f"{numbers[-1]}.xlsx" in read(client, LIST)
        return len(captured)

    assert queries(1) == queries(*range(2, 14))


def test_upload_of_a_large_file_is_refused_before_it_is_read(client, clerk, union):
    page = upload(client, union, io.BytesIO(b"x" * (20 * 1024 * 1024 + 1)).getvalue(), "a.csv")
    assert "超过 20 MB" in page.content.decode()
