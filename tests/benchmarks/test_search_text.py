"""What the search benchmark asks is only worth something when its texts are like real ones."""

from itertools import islice

import pytest

from benchmarks import search_text
from search.lexicon import from_files


@pytest.fixture(scope="module")
def sample():
    return list(search_text.stories(1000, 1, from_files()))


def test_the_same_seed_writes_the_same_stories_and_a_longer_row_begins_with_the_shorter(sample):
    assert list(search_text.stories(20, 1, from_files())) == sample[:20]
    assert list(islice(search_text.stories(5000, 1, from_files()), 20)) == sample[:20]
    assert next(search_text.stories(1, 2, from_files())) != sample[0]


def test_stories_are_as_long_and_as_different_as_news(sample):
    assert all(250 <= len(story.text) <= 1200 for story in sample)
    assert len({story.title for story in sample}) > 990
    texts = "".join(text for story in sample for text in story.paragraphs)
    sentences = texts.strip("。").split("。")
    assert len(set(sentences)) > 0.98 * len(sentences)


def test_word_queries_stand_in_the_share_of_stories_that_their_band_says(sample):
    asked = search_text.queries(12, 1, from_files(), sample)
    assert asked == search_text.queries(12, 1, from_files(), sample)
    for word in asked.words:
        assert 0 < sum(word in story.text for story in sample) / len(sample) < 0.2
    assert all(len(text) in search_text.QUESTION_LENGTH for text in asked.sentences)
    assert all(len(prefix) in (1, 2, 3) for prefix in asked.prefixes)
