"""Neither one loud account nor a crowd of copies moves the hot list."""

import pytest

from benchmarks.topics_replay import Replay
from tests.topics.detection.voices import BUS, HEAT, said, weeks


def hot(extra=()):
    replay = Replay()
    rows = [
        {"id": one.id, "time": f"{one.day}", "user": one.person, "text": one.text}
        for one in [*weeks(), *extra]
    ]
    for _ in replay.days(rows):
        pass
    heats = {key: replay.heat(key) for key, ids in replay.members.items() if len(ids) > 1}
    return sorted(heats, key=lambda key: (-heats[key], key)), heats


@pytest.mark.parametrize("text", [BUS[0], "全是骗子，大家都来投诉保安队长，态度恶劣"])
def test_two_hundred_posts_of_one_account_leave_the_order_as_it_was(text):
    flood = [said(20, f"x{at:03}", "loud", f"{text}{'又' * (at % 7)}{at}") for at in range(200)]
    before, _heats = hot()
    after, _heats = hot(flood)
    assert [key for key in after if key in before] == before
    assert after[:3] == before[:3]


def test_two_hundred_copies_from_twenty_accounts_leave_every_heat_as_it_was():
    flood = [
        said(20, f"x{at:03}", f"bot{at % 20}", f"{HEAT[0]}{'！' * (at % 5)}{at}")
        for at in range(200)
    ]
    before, heats = hot()
    after, flooded = hot(flood)
    assert after == before
    assert flooded == heats


def test_one_account_with_ever_new_words_is_no_hot_topic():
    words = ("保安", "门口", "骂人", "检查", "罚款", "夜里", "态度", "登记")
    flood = [
        said(
            at % 20,
            f"x{at}",
            "loud",
            f"保安队长{words[at % 8]}{words[at // 8 % 8]}，{words[at % 5]}",
        )
        for at in range(200)
    ]
    before, _heats = hot()
    after, _heats = hot(flood)
    assert after[: len(before)] == before
