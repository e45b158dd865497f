"""Names: a phrase that people wrote, whole words, nothing that leads to a person."""

from cms.topics.detection import naming
from tests.topics.detection.voices import BUS, HEAT, WAGES, said


def named(texts, **titles):
    members = [said(0, f"n{at}", f"q{at}", text) for at, text in enumerate(texts)]
    return naming.name(members), members


def test_a_name_is_a_phrase_that_several_people_wrote():
    for texts, matter in ((WAGES, "工资"), (HEAT, "仓库"), (BUS, "班车")):
        name, _members = named(texts)
        assert matter in name.title
        assert sum(name.phrase in text for text in texts) >= 2
        assert naming.SHORTEST <= len(name.phrase) <= naming.LONGEST


def test_the_subtitle_is_a_sentence_that_a_member_wrote():
    name, members = named(WAGES)
    id, sentence = name.subtitle
    assert sentence in next(one.text for one in members if one.id == id)


def test_a_name_holds_no_person_number_or_way_to_reach_somebody():
    texts = [
        "班长王建国扣我加班费，电话13812345678，请管管",
        "班长王建国又扣加班费，有事打13812345678",
        "王建国这个班长专扣加班费，加微信wxid8899ab",
    ]
    name, _members = named(texts)
    everything = " ".join([name.title, name.subtitle[1], *name.related])
    assert "王建国" not in name.title
    assert "138" not in everything
    assert "8899" not in everything


def test_a_piece_of_a_longer_name_is_no_name():
    texts = ["丽江新城小区停水三天", "丽江新城小区又停水", "丽江新城小区何时来水"]
    name, _members = named(texts)
    assert not name.phrase.startswith(("江新", "新城"))


def test_the_order_of_members_does_not_matter():
    members = [said(0, f"n{at}", f"q{at}", text) for at, text in enumerate(HEAT)]
    assert naming.name(members[::-1]) == naming.name(members)


def test_related_words_are_those_many_use_and_none_is_in_the_name():
    name, _members = named(HEAT)
    assert name.related
    assert not any(word in name.phrase for word in name.related)


def test_what_has_no_words_has_an_empty_name():
    name, _members = named(["！！！", "……"])
    assert name.phrase == ""
    assert name.subtitle == ("", "")
