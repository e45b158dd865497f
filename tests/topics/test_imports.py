"""Records from files: checked before anything is kept, all good rows or none, nothing twice, and
nobody's number or name on the way in."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.members.models import Role
from cms.topics import services
from cms.topics.importing.columns import column_names, columns_of, guessed
from cms.topics.models import ImportBatch, ImportLayout, Voice
from cms.topics.selectors import imports as selectors
from cms.topics.services.voices import person_key
from cms.topics.tables import TableError, read_table
from tests.factories import grant, make_union, make_user
from tests.factories.tables import HEADER, csv_of, messy_workbook, record, xlsx_of

pytestmark = pytest.mark.django_db

State = ImportBatch.State


@pytest.fixture
def union():
    return make_union("城东区总工会")


@pytest.fixture
def clerk(union):
    return grant(make_user(), Role.MODERATOR, union)


def received(clerk, union, *rows, header=HEADER, name="热线.xlsx", kind="hotline", told=None):
    """A file that waits for 确认导入, its columns told."""
    data = rows[0] if rows and isinstance(rows[0], bytes) else xlsx_of(header, *rows)
    batch = services.import_receive(data=data, name=name, kind=kind, union=union, user=clerk)
    table = services.import_table(batch)
    columns = told or {
        field: column
        for field, column in guessed(table).items()
        if field in ("text", "said_at", "title", "union", "person", "number")
    }
    services.import_layout_set(batch=batch, columns=columns, user=clerk)
    return batch


def brought_in(clerk, union, *rows, **options) -> ImportBatch:
    batch = received(clerk, union, *rows, **options)
    services.import_start(batch=batch, user=clerk)
    services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    batch.refresh_from_db()
    return batch


def reasons(clerk, union, *rows, **options) -> list[str]:
    checked = services.import_check(batch=received(clerk, union, *rows, **options), user=clerk)
    return [bad.reason for bad in checked.bad]


# --- A thousand rows of mess ---------------------------------------------------------------------


def test_of_a_messy_workbook_of_1000_rows_exactly_the_37_bad_ones_stay_out(clerk, union):
    data, bad = messy_workbook()
    checked = services.import_check(batch=received(clerk, union, data), user=clerk)
    assert {row.line for row in checked.bad} == bad
    assert (len(checked.records), len(bad)) == (963, 37)
    batch = brought_in(clerk, union, data)
    assert (batch.state, batch.good, batch.bad, batch.known) == (State.DONE, 963, 37, 0)
    assert Voice.objects.filter(batch=batch, source=Voice.Source.HOTLINE).count() == 963
    rejected = read_table(bytes(batch.rejected), "退回.xlsx")
    assert rejected.header == ["行号", "原因", *HEADER]
    assert {int(cells[0]) for _line, cells in rejected.rows} == bad
    assert all(cells[1] for _line, cells in rejected.rows)


def test_nothing_personal_of_the_file_is_left_in_the_database(clerk, union):
    batch = brought_in(clerk, union, messy_workbook()[0])
    ImportBatch.objects.filter(pk=batch.pk).update(rejected=None)
    said = " ".join(f"{voice.title}{voice.text}{voice.origin}" for voice in Voice.objects.all())
    for secret in ("13812345678", "13800001111", "王建国", "李志强", "RX2026", "139000"):
        assert secret not in said
    batch.refresh_from_db()
    assert batch.file is None
    assert "手机号已隐去" in said


def test_the_queries_grow_by_the_batch_and_not_by_the_row(clerk, union):
    def queries(start, rows):
        batch = received(clerk, union, *(record(start + n) for n in range(rows)))
        services.import_start(batch=batch, user=clerk)
        with CaptureQueriesContext(connection) as captured:
            services.import_run(batch_id=batch.pk, user_id=clerk.pk)
        return len(captured)

    queries(0, 1)
    # SQLite takes some 50 rows in one statement.
    assert queries(2000, 420) <= queries(1000, 20) + 400 // 50


# --- Bad rows say why ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"诉求内容": ""}, "没有内容"),
        ({"诉求内容": "好"}, "内容太短：“好”"),
        ({"诉求内容": "长" * 2001}, "内容太长：2001 字，最多 2000 字"),
        ({"受理时间": ""}, "没有时间"),
        ({"受理时间": "上个月"}, "时间看不懂：“上个月”"),
        ({"受理时间": "2099-01-01"}, "时间在将来：“2099-01-01”"),
        ({"受理时间": "1998-01-01"}, "时间早于 2000 年：“1998-01-01”"),
    ],
)
def test_a_bad_row_says_in_words_what_is_wrong(clerk, union, changed, reason):
    assert reasons(clerk, union, record(1), record(2, **changed)) == [reason]


def test_a_row_that_stands_above_already_names_it(clerk, union):
    rows = [record(1), record(2), record(1), record(2, 诉求内容="食堂的饭菜太贵了")]
    assert reasons(clerk, union, *rows) == ["与第 2 行重复", "编号与第 3 行相同，内容不同"]


def test_a_union_out_of_reach_is_refused_and_an_unknown_one_is_the_files(clerk, union):
    part = make_union("城东区电子厂工会", parent=union)
    make_union("城西区总工会")
    named = [
        record(1, 所属工会="城东区电子厂工会"),
        record(2, 所属工会="城东区电子厂"),
        record(3, 所属工会="没有登记的厂"),
        record(4, 所属工会="城西区总工会"),
        record(5, 所属工会="城西区"),
    ]
    assert reasons(clerk, union, *named) == [
        "工会不在您的范围：“城西区总工会”",
        "工会不在您的范围：“城西区”",
    ]
    brought_in(clerk, union, *named)
    unions = Voice.objects.order_by("said_at").values_list("union", flat=True)
    assert list(unions) == [part.pk, part.pk, union.pk]


def test_reasons_on_the_screen_show_no_names_and_numbers(clerk, union):
    batch = received(clerk, union, record(1, 受理时间="13812345678"), record(2, 诉求内容=""))
    checked = services.import_check(batch=batch, user=clerk)
    seen = selectors.outlook(checked, batch.layout)
    assert [row.reason for row in seen.first_bad] == ["时间看不懂：“138…”", "没有内容"]
    assert seen.reasons == [("时间看不懂", 1), ("没有内容", 1)]


# --- Nothing twice -------------------------------------------------------------------------------


def test_the_same_file_again_brings_nothing_in_and_says_so(clerk, union):
    data = xlsx_of(HEADER, *(record(number) for number in range(6)))
    first = brought_in(clerk, union, data)
    again = received(clerk, union, data)
    assert list(selectors.twins_of(again, None)) == [first]
    checked = services.import_check(batch=again, user=clerk)
    seen = selectors.outlook(checked, again.layout)
    assert (seen.fresh, seen.known) == (0, 6)
    again = brought_in(clerk, union, data)
    assert (again.good, again.known) == (0, 6)
    assert Voice.objects.count() == 6


def test_a_record_of_known_number_whose_words_changed_is_brought_up_to_date(clerk, union):
    first = brought_in(clerk, union, record(1), record(2))
    Voice.objects.update(read_with="x")
    later = brought_in(clerk, union, record(1, 诉求内容="工资发了，加班费还没有"), record(2))
    assert (later.good, later.known, selectors.outcome(later)["changed"]) == (0, 2, 1)
    changed, same = Voice.objects.order_by("said_at")
    assert (changed.text, changed.read_with) == ("工资发了，加班费还没有", "")
    assert (same.read_with, changed.batch) == ("x", first)


def test_a_running_number_names_another_record_in_the_next_file(clerk, union):
    brought_in(clerk, union, record(1, 工单编号=1), record(2, 工单编号="000002"))
    later = brought_in(clerk, union, record(3, 工单编号=1), record(4, 工单编号="000002"))
    assert (later.good, Voice.objects.count()) == (2, 4)


def test_a_number_is_one_of_those_who_keep_the_book(clerk, union):
    """Another union's file cannot change what this one brought in."""
    brought_in(clerk, union, record(1))
    other = make_union()
    stranger = grant(make_user(), Role.MODERATOR, other)
    later = brought_in(stranger, other, record(1, 诉求内容="别处的话，食堂太贵了"))
    assert later.good == 1
    assert Voice.objects.filter(union=union).get().text.startswith("厂里拖欠工资")


def test_a_second_click_starts_nothing(clerk, union):
    batch = received(clerk, union, record(1))
    services.import_start(batch=batch, user=clerk)
    for _click in range(2):
        with pytest.raises(ValidationError):
            services.import_start(batch=batch, user=clerk)
    services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.good, Voice.objects.count()) == (State.DONE, 1, 1)


def test_the_same_file_that_still_waits_is_not_kept_twice(clerk, union):
    data = xlsx_of(HEADER, record(1))
    assert received(clerk, union, data) == received(clerk, union, data)


# --- All or nothing ------------------------------------------------------------------------------


def test_a_crash_in_the_middle_leaves_nothing_and_may_be_tried_again(clerk, union):
    rows = [record(number) for number in range(700)]
    batch = received(clerk, union, *rows)
    services.import_start(batch=batch, user=clerk)
    with connection.cursor() as cursor:
        cursor.execute(refusing("厂里拖欠工资650天了%"))
    with pytest.raises(Exception, match="broken here"):
        services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    assert not Voice.objects.exists()
    batch.refresh_from_db()
    assert (batch.state, batch.file is not None) == (State.FAILED, True)
    assert "一条也没有导入" in batch.problem
    with connection.cursor() as cursor:
        cursor.execute(UNREFUSE[connection.vendor])
    services.import_start(batch=batch, user=clerk)
    services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    assert Voice.objects.count() == 700


def refusing(pattern: str) -> str:
    """The database itself refuses a voice like this, in the second batch of many."""
    if connection.vendor == "sqlite":
        return (
            "CREATE TRIGGER broken BEFORE INSERT ON topics_voice"
            f" WHEN NEW.text LIKE '{pattern}' BEGIN SELECT RAISE(ABORT, 'broken here'); END"
        )
    return (
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.text LIKE '{pattern}' THEN RAISE EXCEPTION 'broken here'; END IF;"
        " RETURN NEW; END $$; CREATE TRIGGER broken BEFORE INSERT ON topics_voice"
        " FOR EACH ROW EXECUTE FUNCTION broken()"
    )


UNREFUSE = {
    "sqlite": "DROP TRIGGER broken",
    "postgresql": "DROP TRIGGER broken ON topics_voice; DROP FUNCTION broken()",
}


def test_a_run_that_died_may_be_started_again(clerk, union):
    batch = received(clerk, union, record(1))
    services.import_start(batch=batch, user=clerk)
    batch.refresh_from_db()
    assert not services.import_is_silent(batch)
    cache.clear()
    assert services.import_is_silent(batch)
    services.import_start(batch=batch, user=clerk)
    services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    assert Voice.objects.count() == 1


def test_what_the_clerk_may_no_longer_do_stays_out(clerk, union):
    batch = received(clerk, union, record(1))
    services.import_start(batch=batch, user=clerk)
    clerk.memberships.all().delete()
    services.import_run(batch_id=batch.pk, user_id=clerk.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.good, batch.bad) == (State.DONE, 0, 1)


# --- People --------------------------------------------------------------------------------------


def keys_of(clerk, union, *persons) -> list[str]:
    rows = [record(number, 联系电话=person) for number, person in enumerate(persons)]
    brought_in(clerk, union, *rows)
    return list(Voice.objects.order_by("said_at").values_list("person_key", flat=True))


def test_a_number_is_one_person_however_it_is_written(clerk, union):
    written = [
        "13800001111",
        "138 0000 1111",
        "+86 138-0000-1111",
        "８６１３８００００１１１１",
        13800001111,
    ]
    keys = keys_of(clerk, union, *written, "张三（13800001111）")
    assert set(keys) == {person_key("phone:13800001111")}


def test_a_name_is_one_person_within_a_union_and_nobody_is_each_another(clerk, union):
    keys = keys_of(
        clerk, union, "王 小明", "王小明", "李四", "匿名", "不详", "", "—", "0515-87654321"
    )
    assert keys[0] == keys[1]
    assert len(set(keys)) == 7
    assert all(keys)


# --- Taking back and keeping ---------------------------------------------------------------------


def test_undoing_forgets_what_this_file_brought_in_and_nothing_else(clerk, union):
    brought_in(clerk, union, record(1))
    second = brought_in(clerk, union, record(1), record(2), record(3, 诉求内容=""))
    assert services.import_undo(batch=second, user=clerk) == 1
    second.refresh_from_db()
    assert (second.state, second.rejected) == (State.UNDONE, None)
    assert Voice.objects.count() == 1
    with pytest.raises(ValidationError):
        services.import_undo(batch=second, user=clerk)
    entry = selectors.history_of(second).last()
    assert (entry.action, entry.user, entry.data["gone"]) == ("topics.import_undo", clerk, 1)


def test_a_file_that_is_in_cannot_be_dropped_and_one_that_waits_can(clerk, union):
    done = brought_in(clerk, union, record(1))
    with pytest.raises(ValidationError):
        services.import_drop(batch=done, user=clerk)
    waiting = received(clerk, union, record(2))
    services.import_drop(batch=waiting, user=clerk)
    assert list(ImportBatch.objects.all()) == [done]


def test_files_go_after_a_day_and_rejected_rows_after_a_week(clerk, union):
    waiting = received(clerk, union, record(1))
    done = brought_in(clerk, union, record(2), record(3, 诉求内容=""))
    services.imports_purge()
    waiting.refresh_from_db()
    assert waiting.file
    ImportBatch.objects.update(made_at=timezone.now() - timedelta(days=1, minutes=1))
    services.imports_purge()
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.file, waiting.state, done.state) == (None, State.FAILED, State.DONE)
    assert "重新上传" in waiting.problem
    assert done.rejected
    ImportBatch.objects.update(made_at=timezone.now() - timedelta(days=8))
    services.imports_purge()
    done.refresh_from_db()
    assert done.rejected is None


# --- Columns -------------------------------------------------------------------------------------


def test_the_next_file_with_the_same_header_needs_no_asking(clerk, union):
    received(clerk, union, record(1))
    data = xlsx_of(HEADER, record(2))
    batch = services.import_receive(
        data=data, name="下周.xlsx", kind="hotline", union=union, user=clerk
    )
    assert batch.layout == ImportLayout.objects.get()
    other = services.import_receive(
        data=csv_of(["时间", "内容"], ["2026-01-05", "拖欠工资"]),
        name="a.csv",
        kind="survey",
        union=union,
        user=clerk,
    )
    assert other.layout is None


def test_columns_have_names_that_differ_and_name_nobody():
    table = read_table(
        xlsx_of(["时间", "内容", "内容", None, "王建国13812345678"], list("abcde")), "a.xlsx"
    )
    names = column_names(table)
    assert names[:4] == ["时间", "内容", "内容（第 3 列）", "第 4 列"]
    assert not re.search("王建国|138", names[4])


def test_samples_of_columns_are_masked():
    rows = [record(n, 来电人="王小明", 诉求内容="我叫王小明，13812345678") for n in range(5)]
    columns = {
        column.name: column for column in columns_of(read_table(xlsx_of(HEADER, *rows), "a.xlsx"))
    }
    assert columns["来电人"].is_personal
    assert columns["联系电话"].samples == []
    assert columns["工单编号"].samples == ["RX2026000000", "RX2026000001", "RX2026000002"]
    assert not re.search("王小明|138", "".join(columns["诉求内容"].samples))


def test_a_file_that_cannot_be_read_is_not_kept(clerk, union):
    with pytest.raises(TableError):
        services.import_receive(
            data=b"\xd0\xcf\x11\xe0" * 9, name="a.xls", kind="survey", union=union, user=clerk
        )
    assert not ImportBatch.objects.exists()


def test_imported_words_are_not_public(clerk, union):
    brought_in(clerk, union, record(1), kind="survey")
    voice = Voice.objects.get()
    assert (voice.source, voice.is_public, voice.title) == ("survey", False, "拖欠工资")
