"""Training: the same examples make the same model; what weighs more is believed."""

import pytest

from cms.topics.classifier import train


def test_the_order_of_the_examples_does_not_matter(examples):
    ways = [examples, examples[::-1], examples[7:] + examples[:7]]
    assert len({train(way).dump() for way in ways}) == 1


def test_weights_follow_their_examples_in_any_order(examples):
    weights = [1 + number % 3 for number in range(len(examples))]
    assert train(examples, weights).dump() == train(examples[::-1], weights[::-1]).dump()


def test_a_text_said_fifty_times_counts_once(examples):
    assert train(examples + examples[:1] * 50).dump() == train(examples).dump()


def test_width_and_traditional_characters_make_no_other_text(examples):
    again = ("廠裡拖欠三個月工資,老闆說沒錢", "欠薪与工资")
    assert train([*examples, again]).dump() == train(examples).dump()


def test_a_correction_changes_the_answer_for_what_was_corrected(examples):
    text = "食堂的手套工资表贴错了"
    before = train(examples).classify(text)[0][0]
    after = next(label for _text, label in examples if label != before)
    corrected = train([*examples, (text, after)], [1] * len(examples) + [5])
    assert corrected.classify(text)[0][0] == after


def test_a_correction_overrules_the_label_that_the_same_text_had(examples):
    text, weak = examples[0]
    corrected = train([*examples, (text, "安全与高温")], [1] * len(examples) + [5])
    ranked = [label for label, _score in corrected.classify(text)]
    assert ranked[0] == "安全与高温"
    assert ranked.index(weak) > 0


def test_a_correction_reaches_texts_with_the_same_words(examples):
    asked = "停车场的道闸坏了"
    labels = [label for _text, label in examples]
    corrected = train([*examples, ("停车场的道闸总是坏", labels[-1])], [1] * len(examples) + [5])
    assert corrected.decide(asked) == labels[-1]


def test_two_labels_of_one_weight_are_both_right(examples):
    text = "高温天连续加班，工资也拖欠"
    both = [(text, "安全与高温"), (text, "加班与休假")]
    scores = dict(train([*examples, *both]).classify(text))
    assert min(scores["安全与高温"], scores["加班与休假"]) > scores["欠薪与工资"]


def test_a_rare_label_is_still_found(examples):
    rare = ("女职工哺乳室一直锁着门", "女职工与生育")
    assert train([*examples, rare]).classify("哺乳室锁着")[0][0] == rare[1]


@pytest.mark.parametrize("weight", [0, -1, float("inf"), float("nan")])
def test_a_weight_that_is_not_positive_is_refused(examples, weight):
    with pytest.raises(ValueError, match="positive"):
        train(examples, [weight] * len(examples))


def test_as_many_weights_as_examples(examples):
    with pytest.raises(ValueError, match="weights"):
        train(examples, [1.0])


def test_an_example_without_a_label_is_refused(examples):
    with pytest.raises(ValueError, match="label"):
        train([*examples, ("没有标签", "")])


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="no examples"):
        train([])
