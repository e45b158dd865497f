from search.text.keywords import keywords


def test_keywords_name_the_matter_and_no_small_words():
    text = "公司拖欠工资三个月，大家去仲裁。工会法律援助律师帮助申请劳动仲裁，追回拖欠工资。" * 2
    found = keywords("工会法律援助帮农民工追回拖欠工资", text)
    words = [one.word for one in found]
    assert {"拖欠工资", "工会法律援助"} <= set(words[:3])
    assert not {"公司", "大家", "的", "工会"} & set(words)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_keywords_of_nothing_are_none():
    assert keywords("", "") == []
    assert keywords("🙂", "，。！\x00 123") == []
